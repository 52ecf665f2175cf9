"""The saved answers as rows: change one, switch it off, remove it."""

import streamlit as st

from flowloom.configuration.choices import Face
from flowloom.editor import Document
from flowloom.flow.model import SavedAnswer
from flowloom.ui.configure.choosing import choose
from flowloom.ui.messages import plain
from flowloom.ui.session import t

SHOWN = 20
"""Answers that are drawn at once; a search finds the others."""


def draw_saved_answers(document: Document) -> None:
    saved = document.flow.saved_answers
    if not saved:
        return
    with st.expander(t("Saved answers ({count})", count=len(saved)), icon=":material/bookmark:"):
        wish = ""
        if len(saved) > SHOWN:
            wish = st.text_input(t("Search"), key=f"configure:saved_search:{document.flow.id}").casefold()
        found = [number for number, each in enumerate(saved) if wish in f"{each.question} {each.answer}".casefold()]
        for number in found[:SHOWN]:
            _row(document, number, saved[number])
        if len(found) > SHOWN:
            st.caption(t("and {count} more", count=len(found) - SHOWN))


def _row(document: Document, number: int, saved: SavedAnswer) -> None:
    key = f"configure:saved:{document.flow.id}:{number}:{hash(saved)}"
    with st.container(border=True, gap="small"):
        st.text_input(
            t("The question"),
            saved.question,
            max_chars=1_000,
            key=f"{key}:question",
            on_change=lambda: _change(document, number, saved, question=st.session_state[f"{key}:question"]),
        )
        st.text_area(
            t("Answer"),
            saved.answer,
            max_chars=8_000,
            key=f"{key}:answer",
            on_change=lambda: _change(document, number, saved, answer=st.session_state[f"{key}:answer"]),
        )
        with st.container(horizontal=True, horizontal_alignment="distribute"):
            st.toggle(
                t("In use"),
                saved.on,
                key=f"{key}:on",
                on_change=lambda: _change(document, number, saved, on=st.session_state[f"{key}:on"]),
            )
            st.button(
                t("Remove"),
                icon=":material/close:",
                type="tertiary",
                key=f"{key}:remove",
                help=plain(saved.question),
                on_click=lambda: _keep(document, number, saved, None),
            )


def _change(document: Document, number: int, saved: SavedAnswer, **changes: str | bool) -> None:
    """A blank field changes nothing: it is drawn again as it was."""
    if all(not isinstance(value, str) or value.strip() for value in changes.values()):
        _keep(document, number, saved, SavedAnswer.model_validate({**saved.model_dump(), **changes}))


def _keep(document: Document, number: int, before: SavedAnswer, after: SavedAnswer | None) -> None:
    rows = list(document.flow.saved_answers)
    # Another tab may have changed the list since it was drawn.
    if number >= len(rows) or rows[number] != before:
        return
    rows[number : number + 1] = [after] if after else []
    choose(document, Face({"saved_answers": [row.model_dump() for row in rows]}))
