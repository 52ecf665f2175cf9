"""Runs that stand still: those that wait for a person, and those whose process ended before they did."""

import streamlit as st

from flowloom.editor import Document
from flowloom.errors import FlowloomError
from flowloom.ui.chat.answer_text import draw_answer_text
from flowloom.ui.chat.conversations import current_conversation
from flowloom.ui.chat.questions import draw_question
from flowloom.ui.messages import avatar_of, label_of, plain, show_problem
from flowloom.ui.session import t
from flowloom.workspace import workspace

LOOK_FOR_ANSWER = 2.0
"""Seconds between looks whether somebody has answered."""


def draw_interrupted(flow_id: str) -> None:
    """A run that was under way when Flowloom ended: go on, or leave it."""
    runner = workspace().runner
    run_id = runner.interrupted(current_conversation(flow_id))
    if run_id is None:
        return
    with st.container(border=True):
        _why_interrupted(run_id)
        for node in runner.risky(run_id):
            said = t("“{block}” may already have run. Continuing runs it again.", block=label_of(node))
            st.caption(f":material/warning: {plain(said)}")
        with st.container(horizontal=True):
            st.button(
                t("Continue"),
                type="primary",
                key=f"resume:{run_id}",
                on_click=lambda: _resume(flow_id, run_id),
            )
            st.button(t("Don’t continue"), key=f"give_up:{run_id}", on_click=lambda: runner.give_up(run_id))


def _why_interrupted(run_id: str) -> None:
    view = workspace().runner.view(run_id)
    if view and view.problem:
        show_problem(view.problem)
    else:
        st.markdown(f":material/pause_circle: {t('Flowloom was closed while working on this answer.')}")


def draw_waiting(document: Document, run_id: str) -> None:
    """A run that waits for a person: what it said so far, and what it asks."""
    view = workspace().runner.view(run_id)
    with st.chat_message("assistant", avatar=avatar_of(document.flow)):
        if view and view.text:
            draw_answer_text(view.text, f"waiting:{run_id}")
        for asked in workspace().questions.open_of(current_conversation(document.flow.id)):
            draw_question(asked, "chat")
    _look_for_answer(run_id)


@st.fragment(run_every=LOOK_FOR_ANSWER)
def _look_for_answer(run_id: str) -> None:
    """Draw the page anew once the run goes on, as somebody may answer elsewhere."""
    view = workspace().runner.view(run_id)
    if view is None or view.state != "paused":
        st.rerun()


def _resume(flow_id: str, run_id: str) -> None:
    try:
        workspace().runner.resume(run_id)
    except FlowloomError as error:
        st.session_state[f"refused:{flow_id}"] = [error.problem]
