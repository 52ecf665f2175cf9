"""The connection of a block: one that fits its server, or a new one made on the spot."""

from collections.abc import Callable, Mapping
from typing import Any

import streamlit as st

from flowloom.services.connections.settings import Connection, server_of
from flowloom.services.openapi.specification import Specification
from flowloom.ui.acting import my_connections
from flowloom.ui.actions.making import draw_making
from flowloom.ui.actions.reading import SPECIFICATION
from flowloom.ui.actions.signing_in import draw_sign_in
from flowloom.ui.dialogs import close_dialog, draw_dialog, open_dialog
from flowloom.ui.session import t
from flowloom.workspace import workspace


def draw_connection(
    label: str,
    value: str,
    beside: Mapping[str, Any],
    *,
    key: str,
    on_change: Callable[..., None],
    help: str | None,
) -> None:
    """A choice among the connections to the block's server; it speaks through `st.session_state[key]`."""
    operation = _operation(beside)
    server = _server(operation)
    found, is_mine = workspace().connections.settings.connections, my_connections()
    known = {each.id: each for each in found if each.server == server and is_mine(each.id)}
    # The value is part of the key: a widget that stays would send the choice of before over a new connection.
    name = f"{key}:choice:{value}"

    def keep(id: str) -> None:
        st.session_state[key] = id
        on_change()

    def choose() -> None:
        # Streamlit also calls back for a widget that was gone for a moment, its value as it was: keeping that
        # would take back a connection made just now.
        if st.session_state[name] != value:
            keep(st.session_state[name])

    options: list[str] = list(dict.fromkeys(["", *known, value]))
    st.selectbox(
        label,
        options,
        index=options.index(value),
        format_func=lambda id: known[id].label if id in known else t("A deleted account") if id else _none(),
        key=name,
        on_change=choose,
        help=help,
    )
    chosen = known.get(value)
    if chosen and not workspace().connections.is_ready(chosen):
        st.caption(":orange[:material/warning: " + t("It has no key yet.") + "]")
    if chosen and chosen.kind == "code":
        draw_sign_in(chosen, key)
    if not operation:
        return
    dialog = f"connection:{key}"
    st.button(
        t("New account"),
        icon=":material/add_link:",
        type="tertiary",
        key=f"{key}:new",
        on_click=lambda: open_dialog(dialog),
    )

    def made(connection: Connection) -> None:
        close_dialog()
        keep(connection.id)

    draw_dialog(dialog, t("New account"), lambda: draw_making(suggestion(server, operation), key, made))


def _none() -> str:
    return t("None: the service needs no key")


def _operation(beside: Mapping[str, Any]) -> Mapping[str, Any]:
    """The operation of the form, the first where it has many."""
    many = beside.get("operations")
    found = beside.get("operation") or (many[0] if many else None)
    return found if isinstance(found, Mapping) else {}


def _server(operation: Mapping[str, Any]) -> str:
    try:
        return server_of(str(operation.get("server", "")))
    except ValueError:
        return ""


def suggestion(server: str, operation: Mapping[str, Any]) -> dict[str, Any]:
    """What the specification says of signing in there, as far as it is still at hand."""
    specification: Specification | None = st.session_state.get(SPECIFICATION)
    wanted = operation.get("security") or ()
    schemes = specification.schemes if specification else {}
    scheme = next((schemes[name] for name in wanted if name in schemes), None)
    if scheme is None:
        return {"server": server}
    return {
        "server": server,
        "kind": scheme.kind,
        "field": scheme.field,
        "authorize_url": scheme.authorize_url,
        "token_url": scheme.token_url,
        "scope": " ".join(scheme.scopes),
    }
