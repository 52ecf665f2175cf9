"""Create: a GPT built by talking, each change told in words, shown on the canvas, and undone by one click."""

from collections.abc import Sequence

import streamlit as st

from flowloom.builder.applying import edits_of
from flowloom.builder.practice import LEFT, QUESTIONS, UNDONE, answer
from flowloom.builder.proposals import read_steps
from flowloom.builder.talk import Turn, digest_of, read_turn, turn_of_change
from flowloom.builder.talking import propose
from flowloom.editor import Document
from flowloom.errors import FlowEditError, FlowloomError
from flowloom.flow.edit import Operation
from flowloom.flow.model import Flow
from flowloom.kinds.values import Message
from flowloom.services.models.improve import is_real
from flowloom.store.nearest import language_of_wish
from flowloom.ui.asking import asked
from flowloom.ui.chat.pane import send
from flowloom.ui.configure.choosing import draw_blocks
from flowloom.ui.edits import attempt
from flowloom.ui.messages import plain, show_problem
from flowloom.ui.panels import look_at_all, show_panel
from flowloom.ui.session import language, t
from flowloom.workspace import workspace

LONGEST = 4_000
GREETING = "Hi! Tell me what your GPT should do, and I’ll build it with you."


def draw_create(document: Document) -> None:
    turns = _turns(document)
    with st.chat_message("assistant", avatar=":material/construction:"):
        st.markdown(t(GREETING))
    for number, turn in enumerate(turns):
        _draw_turn(document, turn, number, is_last=number == len(turns) - 1)
    said = st.chat_input(t("Describe a change"), max_chars=LONGEST, key=f"builder:{document.flow.id}")
    if said and said.strip():
        with st.spinner(t("Thinking about the change…")):
            _take(document, said.strip())
        st.rerun()


def _turns(document: Document) -> list[Turn]:
    kept = workspace().talks.turns(document.flow.id)
    return [turn for each in kept if (turn := read_turn(each))]


def _say(document: Document, turn: Turn) -> None:
    workspace().talks.add(document.flow.id, turn.model_dump_json())


def _draw_turn(document: Document, turn: Turn, number: int, *, is_last: bool) -> None:
    if turn.role == "user":
        with st.chat_message("user"):
            st.markdown(plain(turn.text))
        return
    with st.chat_message("assistant", avatar=":material/construction:"):
        if turn.text:
            st.markdown(plain(turn.text))
        if turn.problem:
            show_problem(turn.problem)
        st.markdown("\n".join(f"- {plain(change)}" for change in turn.changes))
        if is_last and turn.after:
            draw_blocks(document, t("On the canvas:"), turn.blocks, f"talk:{number}")
            _draw_ways(document, turn, number)


def _draw_ways(document: Document, turn: Turn, number: int) -> None:
    """Undo while nothing else has changed since, and two messages that show what it does now."""
    key = f"{document.flow.id}:{number}"
    if digest_of(document.flow) == turn.after and document.can_undo:
        st.button(
            t("Undo"),
            icon=":material/undo:",
            key=f"builder:undo:{key}",
            on_click=lambda: _undo(document),
        )
    st.caption(t("Try it:"))
    for index, message in enumerate(turn.tries):
        st.button(
            plain(message),
            key=f"builder:try:{key}:{index}",
            width="stretch",
            on_click=lambda message=message: _try(document, message),
        )


def _undo(document: Document) -> None:
    attempt(document.undo)
    _say(document, Turn(role="assistant", text=t(UNDONE)))


def _try(document: Document, message: str) -> None:
    show_panel("chat")
    send(document, message)


def _take(document: Document, said: str) -> None:
    _say(document, Turn(role="user", text=said))
    spoken = language_of_wish(said, language())
    try:
        _say(document, _answered(document, said, spoken))
    except FlowloomError as error:
        _say(document, Turn(role="assistant", text="", problem=error.problem))


def _answered(document: Document, said: str, spoken: str) -> Turn:
    """The builder's turn, its change applied. Raises FlowloomError; then nothing changed."""
    before = document.flow
    if is_real(workspace().models.settings, "default"):
        text, edits, tries = _asked_model(document)
    else:
        asked = sum(turn.text in [t(each) for each in QUESTIONS] for turn in _turns(document))
        told = answer(before, said, spoken, asked)
        text, tries = "\n\n".join([t(told.say), *_not_done(told.left)]), ()
        if told.undo:
            document.undo()
        edits = edits_of(before, read_steps(told.steps))
    if not edits:
        return Turn(role="assistant", text=text)
    document.edit_by(lambda now: _unless_changed(now, before, edits))
    turn = turn_of_change(text, before, document.flow, tries, language())
    if turn.blocks:
        look_at_all(turn.blocks)
    return turn


def _not_done(left: Sequence[str]) -> list[str]:
    return [t(LEFT, wishes=" · ".join(t("“{text}”", text=each.rstrip(".。 ")) for each in left))] if left else []


def _unless_changed(now: Flow, before: Flow, edits: list[Operation]) -> list[Operation]:
    """The edits, which were made for the flow as it was. Raises FlowEditError where it has changed meanwhile."""
    if now != before:
        raise FlowEditError("This GPT is being edited somewhere else at the same time.", "Try again.")
    return edits


def _asked_model(document: Document) -> tuple[str, list[Operation], tuple[str, ...]]:
    said = [
        Message(role="user" if turn.role == "user" else "assistant", text=turn.text)
        for turn in _turns(document)
        if turn.text
    ]
    flow = document.flow
    reply = asked(propose(workspace().models_for(flow.id), flow, said))
    return reply.say, reply.edits, reply.tries
