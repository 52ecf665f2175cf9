"""The actions of a GPT: operations of web services, and tools of MCP servers."""

import streamlit as st

from flowloom.configuration.choices import AddAction
from flowloom.configuration.reading import Configuration
from flowloom.editor import Document
from flowloom.flow.edit import Remove
from flowloom.ui.actions.operation import draw_operation
from flowloom.ui.configure.choosing import choose, draw_way, refusal
from flowloom.ui.edits import change
from flowloom.ui.mcp.picking import draw_server, draw_tools
from flowloom.ui.session import t


def draw_actions(document: Document, shown: Configuration) -> None:
    st.markdown("**" + t("Actions") + "**", help=t("What this GPT can do in other services."))
    for id in shown.actions:
        _row(document, id)
    if shown.shape not in ("agent", "bare"):
        if not shown.actions:
            st.caption(t("Actions need an Agent block that answers."))
        return
    with st.expander(t("Add an action"), icon=":material/add:", key=f"configure:adding_action:{document.flow.id}"):
        _add_operations(document, len(shown.actions))
        _add_mcp(document, len(shown.actions))


def _row(document: Document, id: str) -> None:
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        draw_way(document, id, f"action:{id}")
        st.button(
            t("Remove"),
            icon=":material/delete:",
            type="tertiary",
            key=f"configure:no_action:{document.flow.id}:{id}",
            on_click=lambda: change(document, Remove(nodes=(id,))),
        )


def _add_operations(document: Document, count: int) -> None:
    """`count` makes a new key once the ones that were chosen are on the canvas."""
    key = f"configure:operations:{document.flow.id}:{count}"

    def keep() -> None:
        _add(document, "action.set", {"operations": st.session_state[key]})

    draw_operation(t("Web service (OpenAPI)"), [], many=True, key=key, on_change=keep, help=None)


def _add_mcp(document: Document, count: int) -> None:
    key = f"configure:mcp:{document.flow.id}:{count}"
    st.markdown("**" + t("MCP server") + "**")
    alias = str(st.session_state.get(f"{key}:server") or "")
    draw_server(t("Server"), alias, key=f"{key}:server", on_change=lambda: None, help=None)

    def keep() -> None:
        _add(document, "mcp.tools", {"server": alias, "tools": st.session_state[f"{key}:tools"]})

    draw_tools(t("Tools"), [], {"server": alias}, key=f"{key}:tools", on_change=keep, help=None)


def _add(document: Document, kind: str, config: dict[str, object]) -> None:
    choice = AddAction(kind, config)
    if not refusal(document, choice):
        choose(document, choice)
