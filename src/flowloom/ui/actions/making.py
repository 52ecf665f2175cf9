"""The form of a connection: where it leads, how one signs in there, and the key, which is kept encrypted."""

from collections.abc import Callable, Mapping
from typing import Any

import streamlit as st
from pydantic import ValidationError

from flowloom.errors import FlowloomError
from flowloom.services.connections.settings import Connection, Kind
from flowloom.ui.acting import is_admin
from flowloom.ui.actions.signing_in import redirect_address
from flowloom.ui.messages import show_problem
from flowloom.ui.session import t
from flowloom.workspace import workspace

KINDS: dict[Kind, str] = {
    "bearer": "A key (token)",
    "header": "A key in a header",
    "query": "A key in the address",
    "basic": "A name and a password",
    "code": "Sign in on the service’s page (OAuth 2)",
    "client": "An app’s id and password (OAuth 2)",
    "none": "No key",
}
SECRETS: dict[Kind, str] = {
    "bearer": "Key",
    "header": "Key",
    "query": "Key",
    "basic": "Password",
    "code": "The app’s password (leave empty if it has none)",
    "client": "The app’s password",
}


def draw_making(given: Mapping[str, Any], key: str, made: Callable[[Connection], None]) -> None:
    """A new connection, filled in as far as one knows."""
    kinds = list(KINDS)
    kind: Kind = st.selectbox(
        t("How do you sign in?"),
        kinds,
        index=kinds.index(given.get("kind", "bearer")),
        format_func=lambda each: t(KINDS[each]),
        key=f"{key}:kind",
    )
    names = _draw_fields(kind, given, key)
    st.button(
        t("Save account"),
        type="primary",
        key=f"{key}:keep",
        on_click=lambda: _keep(kind, {name: st.session_state.get(at, "") for name, at in names.items()}, key, made),
    )
    problem = st.session_state.get(f"{key}:wrong")
    if problem:
        st.error(problem) if isinstance(problem, str) else show_problem(problem)


def _draw_fields(kind: Kind, given: Mapping[str, Any], key: str) -> dict[str, str]:
    """The fields a way to sign in needs; where each keeps what was typed, by name."""
    names: dict[str, str] = {}

    def text(name: str, label: str, example: str = "", value: str = "", **more: Any) -> None:
        names[name] = f"{key}:{kind}:{name}"
        st.text_input(t(label), value or given.get(name, ""), placeholder=example, key=names[name], **more)

    text("name", "Name", "Weather")
    text(
        "server",
        "Address of the service",
        "https://api.example.com",
        help=t("The key is only sent to this server."),
    )
    if kind in ("header", "query"):
        text("field", "Name of the header or parameter", "X-Api-Key" if kind == "header" else "api_key")
    if kind == "basic":
        text("user", "User name")
    if kind in ("code", "client"):
        _draw_oauth(kind, text)
    if kind in SECRETS:
        text("secret", SECRETS[kind], type="password", autocomplete="off")
    if is_admin():
        names["private"] = f"{key}:private"
        draw_private(names["private"])
    return names


def draw_private(key: str, value: bool = False, on_change: Callable[[], None] | None = None) -> None:
    """The switch without which a connection reaches no server of one's own; in a team it is for admins."""
    if not is_admin():
        return
    st.toggle(
        t("This server is on my computer or local network"),
        value,
        key=key,
        on_change=on_change,
        help=t("Without this, blocks can only reach servers on the public internet."),
    )


def _draw_oauth(kind: Kind, text: Callable[..., None]) -> None:
    if kind == "code":
        st.caption(t("First register an app with the service, using this redirect address:"))
        st.code(redirect_address(), language=None)
    text("user", "The app’s id (client id)")
    if kind == "code":
        text("authorize_url", "Sign-in address", "https://example.com/oauth/authorize")
    text("token_url", "Token address", "https://example.com/oauth/token")
    text("scope", "Permissions (scopes, separated by spaces)")


def _keep(kind: Kind, typed: dict[str, Any], key: str, made: Callable[[Connection], None]) -> None:
    secret = str(typed.pop("secret", ""))
    wrong = f"{key}:wrong"
    st.session_state.pop(wrong, None)
    needed = {"code": ("user", "authorize_url", "token_url"), "client": ("user", "token_url"), "basic": ("user",)}
    if any(not str(typed.get(name, "")).strip() for name in ("server", *needed.get(kind, ()))):
        st.session_state[wrong] = (
            t("Fill in the addresses and names first.")
            if kind in needed
            else t("Fill in the address of the service first.")
        )
        return
    if not secret.strip() and kind not in ("none", "code"):
        st.session_state[wrong] = t("Paste the key first.")
        return
    try:
        stripped = {name: each.strip() if isinstance(each, str) else bool(each) for name, each in typed.items()}
        stripped["private"] = bool(stripped.get("private")) and is_admin()
        connection = workspace().connections.keep(Connection(kind=kind, **stripped), secret)
        workspace().team.owners.begun("connection", connection.id)
    except ValidationError:
        st.session_state[wrong] = t("Something isn’t right. Addresses start with https:// and a host name.")
    except FlowloomError as error:
        st.session_state[wrong] = error.problem
    else:
        made(connection)
