"""Choosing an operation of a web service, or many: read a specification, search it, pick."""

from collections.abc import Callable, Sequence
from dataclasses import asdict, replace
from typing import Any

import streamlit as st

from flowloom.kinds.operations import Finder, Operation
from flowloom.services.openapi.specification import Specification
from flowloom.ui.actions.reading import SPECIFICATION, draw_reading
from flowloom.ui.dialogs import close_dialog, draw_dialog, open_dialog
from flowloom.ui.session import t
from flowloom.ui.speech import plain, show_problem

SHOWN = 40
"""Operations listed at a time; the others are found by words."""


def draw_operation(
    label: str, value: Any, *, many: bool, key: str, on_change: Callable[[], object], help: str | None
) -> None:
    """What is chosen, and the way to choose; it speaks through `st.session_state[key]`."""
    st.markdown(f"**{plain(label)}**", help=help)
    chosen: list[dict[str, Any]] = list(value or []) if many else [value] if value else []
    if not chosen:
        st.caption(t("Nothing is chosen yet. Any service with an OpenAPI description will do."))
    for operation in chosen[:5]:
        _draw_chosen(operation)
    if len(chosen) > 5:
        st.caption(t("and {count} more", count=len(chosen) - 5))
    title = t("Choose operations") if many else t("Choose an operation")
    name = f"operation:{key}"
    st.button(
        title if not chosen else t("Choose others") if many else t("Choose another"),
        icon=":material/bolt:",
        type="secondary" if chosen else "primary",
        key=f"{key}:choose",
        on_click=lambda: open_dialog(name),
    )

    def keep(found: Sequence[Operation]) -> None:
        kept = [asdict(operation) for operation in found]
        st.session_state[key] = kept if many else kept[0]
        close_dialog()
        on_change()

    draw_dialog(name, title, lambda: _draw_choosing(many, key, keep), width="large")


def _draw_chosen(operation: dict[str, Any]) -> None:
    title = operation.get("summary") or operation.get("id", "")
    with st.container(border=True, gap=None):
        st.markdown(f"**{plain(title)}**")
        # Without its scheme, as markdown would make a link of it.
        address = (operation.get("server", "") + operation.get("path", "")).partition("://")[2]
        st.caption(f"{operation.get('method')} {plain(address or operation.get('path', ''))}")


Keep = Callable[[Sequence[Operation]], None]


def _draw_choosing(many: bool, key: str, keep: Keep) -> None:
    # One place for each, emptied at once: else what was read from stays below what was read.
    reading, found = st.empty(), st.empty()
    if SPECIFICATION not in st.session_state:
        with reading.container():
            draw_reading(key)
    specification: Specification | None = st.session_state.get(SPECIFICATION)
    if specification is not None:
        reading.empty()
        with found.container():
            _draw_found(specification, many, key, keep)


def _draw_found(specification: Specification, many: bool, key: str, keep: Keep) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        count = len(specification.operations)
        st.markdown(f"**{plain(specification.title)}** · {t('{count} operations', count=count)}", width="stretch")
        st.button(
            t("Read another description"),
            icon=":material/restart_alt:",
            type="tertiary",
            key=f"{key}:again",
            on_click=lambda: st.session_state.pop(SPECIFICATION, None),
        )
    _draw_warnings(specification)
    server = _draw_server(specification, key)
    found = _draw_search(specification, key)
    moved = [_at(specification, operation, server) for operation in found]
    if many:
        _draw_many(moved, key, keep)
        return
    for operation in moved[:SHOWN]:
        _draw_row(operation, key, keep)
    if len(found) > SHOWN:
        st.caption(t("The first {count} are shown. Type some words to find the others.", count=SHOWN))


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
    st.caption(t("The description does not say where the service lives. Its maker’s manual does."))
    return st.text_input(
        t("Address of the service"), placeholder="https://api.example.com", key=f"{key}:address"
    ).strip()


def _at(specification: Specification, operation: Operation, server: str) -> Operation:
    """The operation at the server a person chose, unless it has one of its own."""
    usual = specification.servers[0] if specification.servers else ""
    return replace(operation, server=server) if operation.server == usual else operation


def _draw_search(specification: Specification, key: str) -> Sequence[Operation]:
    tags = list(dict.fromkeys(operation.tag for operation in specification.operations))
    words, group = st.columns([1.4, 1], vertical_alignment="bottom")
    query = words.text_input(t("Find by words"), placeholder=t("What should it do?"), key=f"{key}:query").strip()
    tag = None
    if len(tags) > 1:
        tag = group.selectbox(
            t("Group"),
            tags,
            index=None,
            placeholder=t("All groups"),
            format_func=lambda name: name or t("Without a group"),
            key=f"{key}:tag",
        )
    inside = [operation for operation in specification.operations if tag is None or operation.tag == tag]
    if not query:
        return inside
    found = Finder(inside).find(query, 200)
    if not found:
        st.info(t("No operation has these words. Try others, or look through the groups."))
    return found


def _draw_row(operation: Operation, key: str, keep: Keep) -> None:
    with st.container(border=True, horizontal=True, vertical_alignment="center"):
        with st.container(gap=None, width="stretch"):
            st.markdown(f"**{plain(operation.title)}**")
            st.caption(f"{operation.method} {plain(operation.path)}")
        st.button(
            t("Choose"),
            key=f"{key}:take:{operation.id}",
            disabled=operation.body == "files",
            help=t("It takes files, which cannot be sent yet.") if operation.body == "files" else None,
            on_click=lambda: keep([operation]),
        )


def _draw_many(found: Sequence[Operation], key: str, keep: Keep) -> None:
    by_id = {operation.id: operation for operation in found}
    picked = st.multiselect(
        t("Operations"),
        list(by_id),
        format_func=lambda id: f"{by_id[id].title} ({by_id[id].method} {by_id[id].path})",
        placeholder=t("Choose some, or take all"),
        key=f"{key}:picked:{hash(tuple(by_id))}",
    )
    with st.container(horizontal=True):
        st.button(
            t("Take these {count}", count=len(picked)),
            type="primary",
            disabled=not picked,
            key=f"{key}:take_some",
            on_click=lambda: keep([by_id[id] for id in picked]),
        )
        st.button(
            t("Take all {count}", count=len(found)),
            disabled=not found,
            key=f"{key}:take_all",
            on_click=lambda: keep(found),
        )
