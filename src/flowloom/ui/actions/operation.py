"""Choosing an operation of a web service, or many: read a specification, search it, pick."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import asdict, replace
from typing import Any

import streamlit as st

from flowloom.kinds.operations import Operation
from flowloom.services.openapi.specification import Specification
from flowloom.ui.actions.reading import SPECIFICATION, draw_reading
from flowloom.ui.actions.tree import Groups, Tree, can_be_taken, forget_ticks
from flowloom.ui.dialogs import close_dialog, draw_dialog, open_dialog
from flowloom.ui.messages import plain, show_problem
from flowloom.ui.session import t


def draw_operation(
    label: str, value: Any, *, many: bool, key: str, on_change: Callable[[], object], help: str | None
) -> None:
    """What is chosen, and the way to choose; it speaks through `st.session_state[key]`."""
    st.markdown(f"**{plain(label)}**", help=help)
    chosen: list[dict[str, Any]] = list(value or []) if many else [value] if value else []
    if not chosen:
        st.caption(t("Nothing chosen yet. You can use any service that has an OpenAPI description."))
    for operation in chosen[:5]:
        _draw_chosen(operation)
    if len(chosen) > 5:
        st.caption(t("and {count} more", count=len(chosen) - 5))
    known = {(str(each.get("id")), str(each.get("method")), str(each.get("path"))) for each in chosen}
    title = t("Choose operations") if many else t("Choose an operation")
    name = f"operation:{key}"
    st.button(
        title if not chosen else t("Choose other operations") if many else t("Choose another operation"),
        icon=":material/bolt:",
        type="secondary" if chosen else "primary",
        key=f"{key}:choose",
        on_click=lambda: _begin(key, name),
    )

    def keep(found: Sequence[Operation]) -> None:
        kept = [asdict(operation) for operation in found]
        st.session_state[key] = kept if many else kept[0]
        close_dialog()
        on_change()

    draw_dialog(name, title, lambda: _draw_choosing(many, key, known, keep), width="large")


def _begin(key: str, dialog: str) -> None:
    forget_ticks(key)
    open_dialog(dialog)


def _read_another(key: str) -> None:
    forget_ticks(key)
    st.session_state.pop(SPECIFICATION, None)


def _draw_chosen(operation: dict[str, Any]) -> None:
    title = operation.get("summary") or operation.get("id", "")
    with st.container(border=True, gap=None):
        st.markdown(f"**{plain(title)}**")
        # Without its scheme, as markdown would make a link of it.
        address = (operation.get("server", "") + operation.get("path", "")).partition("://")[2]
        st.caption(f"{operation.get('method')} {plain(address or operation.get('path', ''))}")


Known = Collection[tuple[str, str, str]]
"""What is chosen already: id, method and path of each."""
Keep = Callable[[Sequence[Operation]], None]


def _draw_choosing(many: bool, key: str, chosen: Known, keep: Keep) -> None:
    # One place for each, emptied at once: else what was read from stays below what was read.
    reading, found = st.empty(), st.empty()
    if SPECIFICATION not in st.session_state:
        with reading.container():
            draw_reading(key)
    specification: Specification | None = st.session_state.get(SPECIFICATION)
    if specification is not None:
        reading.empty()
        with found.container():
            _draw_found(specification, many, key, chosen, keep)


def _draw_found(specification: Specification, many: bool, key: str, chosen: Known, keep: Keep) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        count = len(specification.operations)
        st.markdown(f"**{plain(specification.title)}** · {t('{count} operations', count=count)}", width="stretch")
        st.button(
            t("Read another description"),
            icon=":material/restart_alt:",
            type="tertiary",
            key=f"{key}:again",
            on_click=lambda: _read_another(key),
        )
    _draw_warnings(specification)
    server = _draw_server(specification, key)
    tree = Tree(specification.operations, key, chosen)
    groups = tree.search()

    def take(operations: Sequence[Operation]) -> None:
        keep([_at(specification, operation, server) for operation in operations])

    if many:
        _draw_many(tree, groups, lambda: take(tree.ticked), key)
    else:
        tree.draw(groups, lambda operation: take([operation]))


def _draw_warnings(specification: Specification) -> None:
    if specification.problems:
        with st.expander(t("Parts that were left out ({count})", count=len(specification.problems))):
            for problem in specification.problems:
                show_problem(problem)


def _draw_server(specification: Specification, key: str) -> str:
    if len(specification.servers) > 1:
        chosen: str = st.selectbox(t("Address of the service"), specification.servers, key=f"{key}:server")
        return chosen
    if specification.servers:
        return specification.servers[0]
    st.caption(t("The description doesn’t give the service’s address. Look in its documentation."))
    return st.text_input(
        t("Address of the service"), placeholder="https://api.example.com", key=f"{key}:address"
    ).strip()


def _at(specification: Specification, operation: Operation, server: str) -> Operation:
    """The operation at the server a person chose, unless it has one of its own."""
    usual = specification.servers[0] if specification.servers else ""
    return replace(operation, server=server) if operation.server == usual else operation


def _draw_many(tree: Tree, groups: Groups, keep: Callable[[], None], key: str) -> None:
    fitting = [each for inside in groups.values() for each in inside if can_be_taken(each)]
    ticked = {operation.id for operation in tree.ticked}
    left = [operation for operation in fitting if operation.id not in ticked]
    with st.container(horizontal=True):
        st.button(
            t("Use these {count}", count=len(ticked)),
            type="primary",
            disabled=not ticked,
            key=f"{key}:take_some",
            on_click=keep,
        )
        st.button(
            t("Select all {count}", count=len(fitting)) if left else t("Clear all {count}", count=len(fitting)),
            type="tertiary",
            disabled=not fitting,
            key=f"{key}:tick_all",
            on_click=lambda: tree.tick(fitting, bool(left), groups),
        )
    tree.draw(groups)
