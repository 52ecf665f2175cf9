"""Settings: the MCP servers of this computer; to add, test, change and remove."""

import asyncio

import streamlit as st

from flowloom.errors import FlowloomError, Problem
from flowloom.kinds.mcp import PRACTICE
from flowloom.services.mcp.clients import Offered
from flowloom.services.mcp.settings import McpServer
from flowloom.ui.mcp.making import draw_adding, draw_changing
from flowloom.ui.messages import plain, show_problem
from flowloom.ui.session import t
from flowloom.ui.settings.program_confirmation import confirm_button
from flowloom.workspace import workspace

SHOWN = 30
"""Tools listed after a test."""


def draw_mcp_servers() -> None:
    servers = workspace().mcp.servers
    st.caption(
        t(
            "An MCP server offers ready-made tools, such as searching files or reading a calendar, "
            "for MCP tools blocks. It is a program on this computer, with the same rights as you, or "
            "a web address. Only add servers you trust."
        )
    )
    try:
        known = servers.all
    except FlowloomError as error:
        show_problem(error.problem)
        return
    for server in known:
        icon = ":material/terminal:" if server.kind == "program" else ":material/language:"
        with st.expander(f"**{plain(server.alias)}**", icon=icon, key=f"mcp:{server.alias}"):
            _draw_one(server)
    with st.expander(t("Add MCP server"), icon=":material/add:", key=f"add_mcp:{len(known)}"):
        draw_adding(f"mcp_new:{len(known)}")


def _draw_one(server: McpServer) -> None:
    if server.alias == PRACTICE:
        st.caption(t("Built in, for trying things out: three small tools that send nothing anywhere."))
    else:
        said = "Program on this computer" if server.kind == "program" else "Web address"
        st.caption(f"{t(said)} · {plain(server.shown)}")
        _draw_missing(server)
    _draw_unconfirmed(server)
    with st.container(horizontal=True):
        _draw_test_button(server)
        if server.alias != PRACTICE:
            with st.popover(t("Edit"), icon=":material/edit:", key=f"mcp_change:{server.alias}"):
                draw_changing(server)
            st.button(
                t("Remove server"),
                icon=":material/delete:",
                type="tertiary",
                key=f"mcp_remove:{server.alias}",
                on_click=lambda: workspace().mcp.servers.forget(server.alias),
            )
    _draw_tested(server)


def _draw_unconfirmed(server: McpServer) -> None:
    """A program starts only once a person has confirmed just this one."""
    servers = workspace().mcp.servers
    if servers.may_start(server):
        return
    program = servers.program(server)
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(
            f":orange[:material/warning: {t('Not confirmed yet, so it won’t be started.')}]", width="stretch"
        )
        confirm_button(
            t("Confirm program"),
            t(
                "**{name}** wants to start this program on your computer, with the same rights as you:",
                name=plain(server.alias),
            ),
            program,
            program.line,
            key=f"mcp:{server.alias}",
        )


def _draw_missing(server: McpServer) -> None:
    has = {name: workspace().mcp.servers.has_value(server, name) for name in server.names}
    kept = [name for name, found in has.items() if found]
    missing = [name for name, found in has.items() if not found]
    if kept:
        said = t("Saved, encrypted: {names}", names=plain(", ".join(kept)))
        st.caption(f":green[:material/check_circle: {said}]")
    if missing:
        said = t("Values missing: {names}", names=plain(", ".join(missing)))
        st.caption(f":orange[:material/warning: {said}]")


def _draw_test_button(server: McpServer) -> None:
    st.button(
        t("Test"),
        icon=":material/network_check:",
        key=f"mcp_test:{server.alias}",
        help=t("Contacts the server and lists its tools."),
        on_click=lambda: st.session_state.update({f"mcp_testing:{server.alias}": True}),
    )


def _draw_tested(server: McpServer) -> None:
    wish, result = f"mcp_testing:{server.alias}", f"mcp_tested:{server.alias}"
    if st.session_state.get(wish):
        with st.spinner(t("Contacting the server…")):
            st.session_state[result] = (server, ask(server.alias))
            del st.session_state[wish]
    tested, found = st.session_state.get(result, (None, None))
    if tested == server and found is not None:
        draw_outcome(found)


def ask(alias: str) -> Offered | Problem:
    """What a server offers, or why it does not say."""
    try:
        return asyncio.run(workspace().mcp.offered(alias))
    except FlowloomError as error:
        return error.problem


def draw_outcome(found: Offered | Problem) -> None:
    if isinstance(found, Problem):
        show_problem(found)
        return
    st.success(t("It works and has {count} tools.", count=len(found.tools)))
    for tool in found.tools[:SHOWN]:
        st.markdown(f"**{plain(tool.label)}** {plain(tool.about[:200])}")
    if len(found.tools) > SHOWN:
        st.caption(t("and {count} more", count=len(found.tools) - SHOWN))
    if found.left_out:
        st.caption(t("Too large to use: {names}", names=plain(", ".join(found.left_out))))
    if found.said:
        st.caption(t("Its message:"))
        st.code(found.said[-1_500:], language=None)
