"""Saving an answer of the chat, and saying that an answer was a saved one."""

from collections.abc import Callable

import streamlit as st

from flowloom.configuration.choices import Face, edits_for
from flowloom.editor import Document
from flowloom.evaluation.masking import masked
from flowloom.flow.model import Flow
from flowloom.run.reading.view import RunView
from flowloom.saved_answers import saved_answer_of, saved_in, with_example, with_saved
from flowloom.services.models.practice_rules import without_notes
from flowloom.store.runs import ChatTurn
from flowloom.ui.edits import attempt
from flowloom.ui.messages import plain
from flowloom.ui.session import t
from flowloom.workspace import workspace

Save = Callable[[str, str, bool], None]
"""`save(question, answer, as_example)`."""
WAYS = {False: "Saved answer", True: "Example for the model"}
MEANT = {
    False: "Messages that ask the same in nearly the same words get this answer at once, without a model.",
    True: "Kept under Configure, not in use yet. Evaluate shows what it changes before you switch it on. "
    "Personal data is masked.",
}


def save_for(document: Document) -> Save:
    """What keeps a question and its answer in a GPT."""

    def save(question: str, answer: str, as_example: bool) -> None:
        flow = document.flow
        if as_example:
            kept = with_example(flow.examples, masked(question)[0], masked(answer)[0], on=False)
        else:
            kept = with_saved(flow.saved_answers, question, answer)
        choice = Face({"examples" if as_example else "saved_answers": [each.model_dump() for each in kept]})
        attempt(lambda: document.edit_by(lambda flow: edits_for(flow, choice)))

    return save


def draw_save(flow: Flow, view: RunView, turn: ChatTurn, on_save: Save) -> None:
    """A door to two fields: the question as it will be recognised, and the answer as it will be given."""
    key = f"save_answer:{turn.number}"
    with st.popover(":material/bookmark_add:", type="tertiary", help=t("Save answer"), key=f"{key}:open"):
        st.text_area(t("The question"), view.message[:1_000], max_chars=1_000, key=f"{key}:question", height=68)
        st.text_area(
            t("Answer"), without_notes(turn.text)[:8_000], max_chars=8_000, key=f"{key}:answer", height=110
        )
        way = st.segmented_control(
            t("Use it as"),
            list(WAYS),
            default=False,
            required=True,
            format_func=lambda way: t(WAYS[way]),
            key=f"{key}:way",
            label_visibility="collapsed",
        )
        st.caption(t(MEANT[bool(way)]))
        st.button(
            t("Save answer"),
            type="primary",
            key=f"{key}:save",
            on_click=lambda: _save(key, on_save, bool(way)),
        )
        if refused := st.session_state.get(f"{key}:refused"):
            st.caption(":material/warning: " + t(refused))


def _save(key: str, on_save: Save, as_example: bool) -> None:
    question, answer = (st.session_state[f"{key}:{name}"] for name in ("question", "answer"))
    st.session_state.pop(f"{key}:refused", None)
    if not question.strip() or not answer.strip():
        st.session_state[f"{key}:refused"] = "Fill in the question and the answer."
        return
    try:
        on_save(question, answer, as_example)
    except ValueError:
        st.session_state[f"{key}:refused"] = "This GPT has as many of them as it can hold. Remove one first."


def draw_saved_notice(view: RunView) -> None:
    """Say so where an answer is a saved one."""
    if saved_answer_of(workspace().runs, view):
        st.caption(":material/bookmark: " + t("From a saved answer"))


def draw_saved_question(then: Flow) -> None:
    """Which saved question a message was taken for."""
    if saved := saved_in(then):
        st.markdown(t("No model was asked and it cost nothing: the message asks the same as a saved question."))
        st.caption(plain(saved.question))
