"""Prompt studio: prompts of the GPT that is open, asked many times and read token by token."""

import streamlit as st

from flowloom.errors import FlowloomError
from flowloom.flow.model import Flow
from flowloom.ui.acting import require_mine
from flowloom.ui.gpt.nothing_open import draw_nothing_open
from flowloom.ui.gpt.opening import open_gpt
from flowloom.ui.messages import icon_of, name_of, plain, show_problem
from flowloom.ui.session import current_gpt, go, t
from flowloom.ui.studio.overview import draw_studio
from flowloom.workspace import workspace


def show() -> None:
    try:
        flow_id = _of_address() or current_gpt()
        if not flow_id:
            draw_nothing_open()
            return
        flow = workspace().flows.load(flow_id)
        _header(flow)
        draw_studio(flow)
    except FlowloomError as error:
        show_problem(error.problem)
        st.button(t("My GPTs"), icon=":material/apps:", key="studio_home", on_click=_leave)


def _leave() -> None:
    st.query_params.pop("prompt", None)
    go("home")


def _of_address() -> str:
    """The GPT of the prompt in the address. Raises StoreError where that is another’s, or gone."""
    prompt = st.query_params.get("prompt")
    return require_mine(workspace().studio.store.get(prompt).flow) if prompt else ""


def _header(flow: Flow) -> None:
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        st.markdown(f"### {icon_of(flow.icon)} {plain(name_of(flow.name))}", width="content")
        with st.container(horizontal=True, width="content"):
            st.button(
                t("Evaluate"), icon=":material/science:", key="studio_to_evaluate", on_click=lambda: go("evaluate")
            )
            st.button(
                t("Open in Build"),
                icon=":material/account_tree:",
                key="studio_to_build",
                on_click=lambda: open_gpt(flow.id),
            )
