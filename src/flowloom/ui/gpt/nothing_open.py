"""A page about one GPT while none is open: the ones used last to go on with, or a new one."""

import streamlit as st

from flowloom.ui.acting import my_gpts
from flowloom.ui.gpt.finding import in_order
from flowloom.ui.gpt.opening import create_empty, make_current, open_gpt
from flowloom.ui.messages import icon_of, name_of, plain
from flowloom.ui.session import go, language, t
from flowloom.workspace import workspace

OFFERED = 3


def draw_nothing_open() -> None:
    """Whoever chooses one stays on the page they came to; a new one is built first."""
    st.info(t("No GPT is open. Open one, or create a new one."))
    with st.container(horizontal=True):
        for entry in in_order(my_gpts(), workspace().shelf.all())[:OFFERED]:
            st.button(
                f"{icon_of(entry.icon)} {plain(name_of(entry.name))}",
                key=f"choose:{entry.id}",
                on_click=make_current,
                args=(entry.id,),
            )
    with st.container(horizontal=True):
        st.button(t("New GPT"), icon=":material/add:", type="primary", key="choose_new", on_click=_create)
        st.button(t("My GPTs"), icon=":material/apps:", key="choose_home", on_click=lambda: go("home"))


def _create() -> None:
    open_gpt(create_empty(language()).id)
