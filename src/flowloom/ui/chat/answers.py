"""One answer in the chat: its text and files, what went wrong, and what the person thinks of it."""

import streamlit as st

from flowloom.flow.model import Flow
from flowloom.run.execution.thoughts import NEEDS_MODEL
from flowloom.run.reading.view import RunView
from flowloom.store.runs import ChatTurn
from flowloom.ui.block.fixes import show_problem_with_way
from flowloom.ui.chat.answer_files import draw_answer_files
from flowloom.ui.chat.answer_text import draw_answer_text
from flowloom.ui.chat.code_results import draw_worked_out
from flowloom.ui.chat.needs_model import draw_needs_model
from flowloom.ui.chat.remote_images import draw_far_pictures
from flowloom.ui.chat.saved_answer import draw_saved_notice
from flowloom.ui.chat.thoughts import draw_thoughts
from flowloom.ui.messages import plain
from flowloom.ui.session import language, t
from flowloom.workspace import workspace

DOWN, UP = 0, 1
"""What `st.feedback` says for its two thumbs."""


def draw_answer(flow: Flow, turn: ChatTurn) -> None:
    view = ended_view(turn.run_id)
    if view:
        draw_thoughts(flow, view)
        draw_saved_notice(view)
    if turn.text:
        draw_answer_text(turn.text, f"turn:{turn.number}")
        draw_far_pictures(flow, turn)
    draw_answer_files(flow.id, turn.attachments, f"files:{turn.number}")
    if turn.problem:
        show_problem_with_way(turn.problem, flow, f"turn:{turn.number}")
    if view:
        _below(flow, view, turn)


def ended_view(run_id: str | None) -> RunView | None:
    """The run of a turn; an ended one never changes, so it is folded once a visit."""
    if not run_id:
        return None
    kept: dict[str, RunView | None] = st.session_state.setdefault("ended_runs", {})
    if run_id not in kept:
        kept[run_id] = workspace().runner.view(run_id)
    return kept[run_id]


def _below(flow: Flow, view: RunView, turn: ChatTurn) -> None:
    draw_needs_model(view)
    for problem in (warning for warning in view.warnings if warning.code != NEEDS_MODEL):
        st.caption(":material/warning: " + plain(str(problem.describe(language()))))
    if view.state == "cancelled":
        st.caption(":material/stop_circle: " + t("Stopped"))
    elif not turn.text and not turn.problem:
        st.caption(t("No answer was produced."))
    draw_worked_out(flow, view)


def draw_rating(run_id: str) -> None:
    """Two thumbs."""
    rated = workspace().runs.rating(run_id)
    key = f"rating:{run_id}"
    default = None if rated is None else UP if rated[0] else DOWN
    st.feedback("thumbs", key=key, default=default, on_change=lambda: _rate(run_id, st.session_state[key]))


def draw_reason(run_id: str) -> None:
    """A line for what was wrong, below an answer whose thumb is down."""
    rated = workspace().runs.rating(run_id)
    if rated and not rated[0]:
        why = f"reason:{run_id}"
        st.text_input(
            t("What went wrong?"),
            rated[1],
            placeholder=t("What went wrong?"),
            label_visibility="collapsed",
            max_chars=500,
            key=why,
            on_change=lambda: workspace().runs.rate(run_id, good=False, reason=st.session_state[why]),
        )


def _rate(run_id: str, thumb: int | None) -> None:
    if thumb is not None:
        workspace().runs.rate(run_id, good=thumb == UP)
