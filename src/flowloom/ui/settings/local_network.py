"""The computers of one's own network that flows may reach: a list, and a line to add one."""

import streamlit as st

from flowloom.errors import FlowloomError
from flowloom.ui.messages import plain, show_problem
from flowloom.ui.session import t
from flowloom.workspace import workspace

FIELD, PROBLEM = "own_host", "own_host_problem"


def draw_own_hosts() -> None:
    hosts = workspace().own_hosts
    st.caption(
        t(
            "Blocks can reach the internet, but not this computer or your local network. Add the "
            "computers you trust them with."
        )
    )
    for name in hosts.names:
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(f":material/dns: {plain(name)}", width="stretch")
            st.button(
                t("Remove"),
                icon=":material/delete:",
                type="tertiary",
                key=f"own_host:{name}",
                on_click=lambda name=name: hosts.forget(name),
            )
    if problem := st.session_state.get(PROBLEM):
        show_problem(problem)
    st.text_input(t("Allow a computer"), placeholder="nas.local:5000", key=FIELD, on_change=_allow)


def _allow() -> None:
    st.session_state.pop(PROBLEM, None)
    given = st.session_state[FIELD].strip()
    if not given:
        return
    try:
        workspace().own_hosts.allow(given)
        st.session_state[FIELD] = ""
    except FlowloomError as error:
        st.session_state[PROBLEM] = error.problem
