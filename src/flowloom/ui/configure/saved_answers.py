"""Saved answers and examples of good answers as rows: change one, switch it off, remove it."""

from typing import Any, Literal

import streamlit as st

from flowloom.configuration.choices import Face
from flowloom.editor import Document
from flowloom.flow.model import MAX_EXAMPLES, Flow, SavedAnswer
from flowloom.ui.configure.choosing import choose
from flowloom.ui.messages import plain
from flowloom.ui.session import t

SHOWN = 20
"""Answers that are drawn at once; a search finds the others."""
What = Literal["saved_answers", "examples"]
KEYS = {"saved_answers": "saved", "examples": "example"}


def draw_saved_answers(document: Document) -> None:
    saved = document.flow.saved_answers
    if not saved:
        return
    with st.expander(t("Saved answers ({count})", count=len(saved)), icon=":material/bookmark:"):
        _rows(document, "saved_answers")


def draw_examples(document: Document) -> None:
    examples = document.flow.examples
    with st.expander(t("Examples ({count})", count=len(examples)), icon=":material/format_quote:"):
        st.caption(
            t("Models read the examples whose question is nearest to what is asked, and answer in their manner.")
        )
        if examples:
            _draw_amount(document)
            _rows(document, "examples")
        if len(examples) < MAX_EXAMPLES:
            _draw_new(document)


def _draw_amount(document: Document) -> None:
    key = f"configure:examples_shown:{document.flow.id}:{document.flow.examples_shown}"
    st.slider(
        t("Examples to show"),
        1,
        10,
        document.flow.examples_shown,
        key=key,
        help=t("Each makes every message cost a little more."),
        on_change=lambda: choose(document, Face({"examples_shown": st.session_state[key]})),
    )


def _draw_new(document: Document) -> None:
    key = f"configure:new_example:{document.flow.id}:{len(document.flow.examples)}"
    question = st.text_input(t("The question"), max_chars=1_000, key=f"{key}:question")
    answer = st.text_area(t("Answer"), max_chars=8_000, key=f"{key}:answer")
    st.button(
        t("Add example"),
        icon=":material/add:",
        key=f"{key}:add",
        disabled=not (question.strip() and answer.strip()),
        on_click=lambda: _add(document, question, answer),
    )


def _add(document: Document, question: str, answer: str) -> None:
    fresh = SavedAnswer(question=question.strip(), answer=answer.strip())
    _choose(document, "examples", [*document.flow.examples, fresh])


def _rows(document: Document, what: What) -> None:
    saved, wish, name = _listed(document.flow, what), "", KEYS[what]
    if len(saved) > SHOWN:
        wish = st.text_input(t("Search"), key=f"configure:{name}_search:{document.flow.id}").casefold()
    found = [number for number, each in enumerate(saved) if wish in f"{each.question} {each.answer}".casefold()]
    for number in found[:SHOWN]:
        _row(document, what, number, saved[number])
    if len(found) > SHOWN:
        st.caption(t("and {count} more", count=len(found) - SHOWN))


def _listed(flow: Flow, what: What) -> tuple[SavedAnswer, ...]:
    return flow.saved_answers if what == "saved_answers" else flow.examples


def _row(document: Document, what: What, number: int, saved: SavedAnswer) -> None:
    key = f"configure:{KEYS[what]}:{document.flow.id}:{number}:{hash(saved)}"

    def change(**changes: Any) -> None:
        _change(document, what, number, saved, changes)

    with st.container(border=True, gap="small"):
        st.text_input(
            t("The question"),
            saved.question,
            max_chars=1_000,
            key=f"{key}:question",
            on_change=lambda: change(question=st.session_state[f"{key}:question"]),
        )
        st.text_area(
            t("Answer"),
            saved.answer,
            max_chars=8_000,
            key=f"{key}:answer",
            on_change=lambda: change(answer=st.session_state[f"{key}:answer"]),
        )
        with st.container(horizontal=True, horizontal_alignment="distribute"):
            st.toggle(
                t("In use"),
                saved.on,
                key=f"{key}:on",
                on_change=lambda: change(on=st.session_state[f"{key}:on"]),
            )
            st.button(
                t("Remove"),
                icon=":material/close:",
                type="tertiary",
                key=f"{key}:remove",
                help=plain(saved.question),
                on_click=lambda: _keep(document, what, number, saved, None),
            )


def _change(document: Document, what: What, number: int, saved: SavedAnswer, changes: dict[str, Any]) -> None:
    """A blank field changes nothing: it is drawn again as it was."""
    if all(not isinstance(value, str) or value.strip() for value in changes.values()):
        _keep(document, what, number, saved, SavedAnswer.model_validate({**saved.model_dump(), **changes}))


def _keep(document: Document, what: What, number: int, before: SavedAnswer, after: SavedAnswer | None) -> None:
    rows = [*_listed(document.flow, what)]
    # Another tab may have changed the list since it was drawn.
    if number >= len(rows) or rows[number] != before:
        return
    rows[number : number + 1] = [after] if after else []
    _choose(document, what, rows)


def _choose(document: Document, what: What, rows: list[SavedAnswer]) -> None:
    choose(document, Face({what: [row.model_dump() for row in rows]}))
