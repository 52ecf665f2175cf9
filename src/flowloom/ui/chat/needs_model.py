"""Beside an answer of the practice model: why it may be only the shape of one, and the way to a real model."""

import streamlit as st

from flowloom.run.execution.thoughts import NEEDS_MODEL
from flowloom.run.reading.view import RunView
from flowloom.services.models.practice_rules import is_signed
from flowloom.ui.messages import plain
from flowloom.ui.session import go, language, t


def draw_needs_model(view: RunView) -> None:
    """A button that leads to where models are added, with a line why one is needed; nothing where none is."""
    needed = next((problem for problem in view.warnings if problem.code == NEEDS_MODEL), None)
    if needed is None and not is_signed(view.text):
        return
    with st.container(horizontal=True, vertical_alignment="center", key=f"needs_model:{view.run_id}"):
        if needed:
            st.caption(":material/auto_awesome: " + plain(needed.describe(language()).message), width="content")
        st.button(
            t("Add a model"),
            icon=":material/add:",
            key=f"add_model:{view.run_id}",
            on_click=lambda: go("settings"),
        )
