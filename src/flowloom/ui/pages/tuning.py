"""Fine-tuning: a model of one's own for the GPT that is open."""

import streamlit as st

from flowloom.errors import FlowloomError
from flowloom.flow.model import Flow
from flowloom.ui.gpt.nothing_open import draw_nothing_open
from flowloom.ui.gpt.opening import open_gpt
from flowloom.ui.messages import icon_of, name_of, plain, show_problem
from flowloom.ui.session import current_gpt, go, t
from flowloom.ui.tuning.overview import draw_tunings
from flowloom.workspace import workspace


def show() -> None:
    try:
        flow_id = current_gpt()
        if not flow_id:
            draw_nothing_open()
            return
        flow = workspace().flows.load(flow_id)
        _header(flow)
        draw_tunings(flow)
    except FlowloomError as error:
        show_problem(error.problem)
        st.button(t("My GPTs"), icon=":material/apps:", key="tuning_home", on_click=lambda: go("home"))


def _header(flow: Flow) -> None:
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        st.markdown(f"### {icon_of(flow.icon)} {plain(name_of(flow.name))}", width="content")
        with st.container(horizontal=True, width="content"):
            st.button(
                t("Evaluate"), icon=":material/science:", key="tuning_to_evaluate", on_click=lambda: go("evaluate")
            )
            st.button(
                t("Open in Build"),
                icon=":material/account_tree:",
                key="tuning_to_build",
                on_click=lambda: open_gpt(flow.id),
            )
