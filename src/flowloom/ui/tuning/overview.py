"""The fine-tunings of a GPT, and beginning one."""

import streamlit as st

from flowloom.flow.model import Flow
from flowloom.ui.dialogs import draw_dialog, open_dialog
from flowloom.ui.messages import show_problem
from flowloom.ui.session import t
from flowloom.ui.tuning.new import draw_new
from flowloom.ui.tuning.one import draw_tuning
from flowloom.workspace import workspace


def draw_tunings(flow: Flow) -> None:
    tunings = workspace().tunings.store.of(flow.id)
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        st.title(t("Fine-tuning"), anchor=False)
        st.button(
            t("New fine-tuning"),
            icon=":material/model_training:",
            key="open_new_tuning",
            type="secondary" if tunings else "primary",
            on_click=lambda: open_dialog("new_tuning"),
        )
    st.caption(
        t("A provider trains a model on your examples, so that it answers as they do without being told to.")
    )
    st.caption(t("Training on this computer (LoRA) isn’t offered: it takes a strong graphics card."))
    if problem := st.session_state.pop("tuning_problem", None):
        show_problem(problem)
    draw_dialog("new_tuning", t("New fine-tuning"), lambda: draw_new(flow), width="large")
    for tuning in tunings:
        draw_tuning(flow, tuning)
