"""The quiet row below an answer: what one may do with it, the sources it cites, and why it is so."""

from collections.abc import Callable, Sequence

import streamlit as st

from flowloom.flow.model import Flow
from flowloom.run.reading.view import RunView
from flowloom.store.runs import ChatTurn
from flowloom.ui.chat.answers import draw_rating, draw_reason, ended_view
from flowloom.ui.chat.copy_button import copy_button
from flowloom.ui.chat.saved_answer import Save, draw_save
from flowloom.ui.chat.sources import cited_of, draw_sources, sources_title
from flowloom.ui.chat.voice import speak_button
from flowloom.ui.chat.why import draw_why
from flowloom.ui.formatting import seconds
from flowloom.ui.messages import facts_of
from flowloom.ui.session import t

STYLE = """<style>
[class*="st-key-answer_row"] {gap: 0.1rem; min-height: 2rem; margin-inline-start: -0.4rem;}
:is([class*="st-key-answer_row"], [class*="st-key-message_row"]) button {
  padding: 0.2rem 0.4rem; min-height: 2rem; min-width: 2rem;}
[class*="st-key-answer_row"] [data-testid="stButtonGroup"] {margin: 0;}
@media (hover: hover) {
  .stChatMessage:not(:hover, :focus-within) [class*="st-key-answer_row"] > :not([class*="st-key-sources_"]),
  .stChatMessage:not(:hover, :focus-within) [class*="st-key-message_row"] .stPopover {opacity: 0;}
}
@media (hover: none) {
  :is([class*="st-key-answer_row"], [class*="st-key-message_row"]) button {min-height: 2.3rem; min-width: 2.3rem;}
}
@media (max-width: 640px) {
  .stChatMessage {padding-inline: 0.5rem;}
  .stChatMessage > :is([data-testid^="stChatMessageAvatar"], [data-testid="stAvatar"]) {display: none;}
}
</style>"""
"""Icons that show on hover and focus, where one can hover; their words are there for screen readers."""
SOURCES, WHY = "sources", "why"


def draw_answer_row(
    flow: Flow,
    turn: ChatTurn,
    conversation: str,
    on_retry: Callable[[], None] | None,
    on_branch: Callable[[], None],
    on_save: Save | None = None,
) -> None:
    """The row, and below it what was opened from it; `on_retry` is None where an answer is not the last."""
    view = ended_view(turn.run_id)
    with st.container(
        horizontal=True, vertical_alignment="center", gap=None, wrap=False, key=f"answer_row:{turn.number}"
    ):
        if view and view.passages:
            _sources_button(view, turn.text)
        if view:
            _icon("why", view.run_id, t("Why this answer"), ":material/route:", lambda: _toggle(view.run_id, WHY))
        if turn.text:
            copy_button(turn.text, f"copy:{turn.number}")
            speak_button(conversation, turn)
        if on_retry:
            _icon("again", str(turn.number), t("Try again"), ":material/refresh:", on_retry)
        help = t("Continue from here in a new conversation. This one won’t change.")
        _icon("branch", str(turn.number), t("Branch"), ":material/call_split:", on_branch, help)
        if on_save and view and turn.text:
            draw_save(flow, view, turn, on_save)
        if turn.run_id:
            draw_rating(turn.run_id)
    if turn.run_id:
        draw_reason(turn.run_id)
    if view:
        _draw_opened(flow, view, turn)


def _icon(name: str, id: str, label: str, icon: str, on_click: Callable[[], None], help: str = "") -> None:
    st.button(label, icon=icon, type="tertiary", help=help or label, key=f"icon_{name}:{id}", on_click=on_click)


def _sources_button(view: RunView, text: str) -> None:
    st.button(
        f":small[{sources_title(cited_of(text, view.passages), view.passages)}]",
        icon=":material/menu_book:",
        type="tertiary",
        key=f"sources_of:{view.run_id}",
        on_click=lambda: _toggle(view.run_id, SOURCES),
    )


def _toggle(run_id: str, part: str) -> None:
    key = f"opened:{run_id}"
    st.session_state[key] = None if st.session_state.get(key) == part else part


def _draw_opened(flow: Flow, view: RunView, turn: ChatTurn) -> None:
    opened = st.session_state.get(f"opened:{view.run_id}")
    if opened:
        with st.container(border=True, gap="small", key=f"opened_part:{view.run_id}"):
            if opened == SOURCES:
                draw_sources(flow, view, turn.text)
            else:
                draw_why(flow, view, _facts(view))


def _facts(view: RunView) -> Sequence[str]:
    took = [seconds(max(0.0, view.ended - view.started))] if view.ended is not None and view.started else []
    return [*took, *facts_of(view.usage)]
