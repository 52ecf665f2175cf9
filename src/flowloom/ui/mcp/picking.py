"""Choosing a server and its tools for a block; the server is contacted when the person asks for its tools."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from typing import Any

import streamlit as st

from flowloom.kinds.mcp import MOST_TOOLS, PRACTICE, McpTool
from flowloom.services.mcp.clients import Offered
from flowloom.ui.dialogs import close_dialog, draw_dialog, open_dialog
from flowloom.ui.mcp.servers import ask
from flowloom.ui.messages import plain, show_problem
from flowloom.ui.session import t
from flowloom.workspace import workspace

SHOWN = 60
"""Tools listed at a time; the others are found by words."""


def draw_server(label: str, value: str, *, key: str, on_change: Callable[..., None], help: str | None) -> None:
    """A choice among the servers of this computer; it speaks through `st.session_state[key]`."""
    known = workspace().mcp.servers.aliases
    options: list[str] = list(dict.fromkeys([*known, *([value] if value else [])]))
    st.selectbox(
        label,
        options,
        index=options.index(value) if value else None,
        format_func=lambda name: _name(name, known),
        placeholder=t("Choose a server"),
        key=key,
        on_change=on_change,
        help=help,
    )


def _name(alias: str, known: Sequence[str]) -> str:
    if alias == PRACTICE:
        return t("practice (built in)")
    return alias if alias in known else t("{name} (not connected)", name=alias)


def draw_tools(
    label: str,
    value: Any,
    beside: Mapping[str, Any],
    *,
    key: str,
    on_change: Callable[..., None],
    help: str | None,
) -> None:
    """What is ticked, and the way to tick; it speaks through `st.session_state[key]`."""
    st.markdown(f"**{plain(label)}**", help=help)
    chosen: list[dict[str, Any]] = list(value or [])
    with st.container(gap=None):
        for tool in chosen[:8]:
            st.markdown(f":material/check: {plain(tool.get('title') or tool.get('name', ''))}")
    if len(chosen) > 8:
        st.caption(t("and {count} more", count=len(chosen) - 8))
    alias, dialog, picking = str(beside.get("server", "")), f"mcp:{key}", _Picking(key)
    st.button(
        t("Choose other operations") if chosen else t("Show tools"),
        icon=":material/extension:",
        type="secondary" if chosen else "primary",
        disabled=alias not in workspace().mcp.servers.aliases,
        key=f"{key}:choose",
        on_click=lambda: picking.begin([str(tool.get("name")) for tool in chosen], dialog),
    )

    def keep(found: Sequence[McpTool]) -> None:
        st.session_state[key] = [asdict(tool) for tool in found]
        close_dialog()
        on_change()

    draw_dialog(dialog, t("Tools of {name}", name=alias), lambda: picking.draw(alias, keep))


class _Picking:
    """The window in which tools are ticked; what is ticked outlives a search among them."""

    def __init__(self, key: str) -> None:
        self._found, self._ticked, self._key = f"{key}:found", f"{key}:ticked", key

    def begin(self, ticked: Sequence[str], dialog: str) -> None:
        st.session_state.pop(self._found, None)
        st.session_state[self._ticked] = list(ticked)
        open_dialog(dialog)

    def draw(self, alias: str, keep: Callable[[Sequence[McpTool]], None]) -> None:
        if self._found not in st.session_state:
            with st.spinner(t("Contacting the server…")):
                st.session_state[self._found] = ask(alias)
        found = st.session_state[self._found]
        if not isinstance(found, Offered):
            show_problem(found)
            return
        self._draw_tools(found)
        ticked = [tool for tool in found.tools if tool.name in st.session_state[self._ticked]][:MOST_TOOLS]
        st.button(
            t("Use these {count}", count=len(ticked)),
            type="primary",
            disabled=not ticked,
            key=f"{self._key}:take",
            on_click=lambda: keep(ticked),
        )

    def _draw_tools(self, found: Offered) -> None:
        query = ""
        if len(found.tools) > 8:
            query = st.text_input(t("Search operations"), key=f"{self._key}:query").strip().lower()
        fitting = [tool for tool in found.tools if query in f"{tool.name} {tool.label} {tool.about}".lower()]
        for tool in fitting[:SHOWN]:
            self._draw_tick(tool)
        if len(fitting) > SHOWN:
            st.caption(t("Showing the first {count}. Search to find the others.", count=SHOWN))
        if found.left_out:
            st.caption(t("Too large to use: {names}", names=plain(", ".join(found.left_out))))

    def _draw_tick(self, tool: McpTool) -> None:
        ticked: list[str] = st.session_state[self._ticked]
        key = f"{self._key}:tick:{tool.name}"
        with st.container(gap=None):
            st.checkbox(
                f"**{plain(tool.label)}**",
                tool.name in ticked,
                key=key,
                on_change=lambda: self._tick(tool.name, st.session_state[key]),
            )
            if tool.about:
                st.caption(plain(tool.about[:300]))

    def _tick(self, name: str, wanted: bool) -> None:
        others = [other for other in st.session_state[self._ticked] if other != name]
        st.session_state[self._ticked] = [*others, name] if wanted else others
