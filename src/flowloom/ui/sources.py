"""The passages an answer stands on, each with a way to its document."""

import re
from collections.abc import Sequence

import streamlit as st

from flowloom.errors import FlowloomError
from flowloom.flow.model import Flow
from flowloom.kinds.values import Passage
from flowloom.run.matching import Span
from flowloom.run.view import RunView
from flowloom.services.knowledge.shared import key_of_base
from flowloom.ui.dialogs import draw_dialog, open_dialog
from flowloom.ui.session import language, t
from flowloom.ui.speech import plain
from flowloom.workspace import MAIN, workspace

NEAR = 3_000
"""Characters of a document that are shown before and after a passage."""
EXCERPT = 600
"""Characters of a passage that are shown where words in it are marked."""


def draw_sources(flow: Flow, view: RunView) -> None:
    """All passages the run read."""
    with st.expander(t("Sources ({count})", count=len(view.passages)), icon=":material/menu_book:"):
        for number, passage in enumerate(view.passages, 1):
            st.markdown(f"**[{number}] {plain(passage.place)}**  \n{plain(passage.text)}")
            document_button(flow, passage, f"open_source:{view.run_id}:{number}")


def document_button(flow: Flow, passage: Passage, key: str) -> None:
    """A button that opens the document of a passage in a window."""
    st.button(
        t("Open the document"),
        icon=":material/description:",
        type="tertiary",
        key=key,
        on_click=lambda: open_dialog(key),
    )
    draw_dialog(key, passage.file, lambda: _show_document(flow, passage), width="large")


def marked(text: str, marks: Sequence[Span]) -> str:
    """The part of a text where most is marked, with its marks."""
    begin, end = _part(text, marks)
    out, at = ["…" if begin else ""], begin
    for start, stop in marks:
        if begin <= start and stop <= end:
            out += [_lines(_without_marks(text[at:start])), f":blue-background[{_lines(text[start:stop])}]"]
            at = stop
    return "".join([*out, _lines(_without_marks(text[at:end])), "…" if end < len(text) else ""])


def _without_marks(text: str) -> str:
    return re.sub(r"(?m)^#{1,6} +", "", text)


def _part(text: str, marks: Sequence[Span]) -> Span:
    if len(text) <= EXCERPT or not marks:
        return 0, min(len(text), EXCERPT)
    starts = [max(0, start - EXCERPT // 6) for start, _ in marks]
    best = max(starts, key=lambda begin: sum(begin <= start and end <= begin + EXCERPT for start, end in marks))
    # A word is not cut in two where there is a space to cut at.
    begin = text.find(" ", best, best + 30) + 1 or best if best else 0
    return begin, min(len(text), begin + EXCERPT)


def _show_document(flow: Flow, passage: Passage) -> None:
    try:
        text = _text_of(flow, passage.file)
    except FlowloomError as error:
        said = error.problem.describe(language())
        st.info(f"{said.message} {said.hint}")
        st.markdown(plain(passage.text))
        return
    end = passage.start + len(passage.text) - passage.repeated
    before, found, after = text[: passage.start], text[passage.start : end], text[end:]
    st.caption(plain(passage.place))
    st.markdown(_lines(before[-NEAR:]) + f":blue-background[{_lines(found)}]" + _lines(after[:NEAR]))


def _text_of(flow: Flow, file: str) -> str:
    named = [node.config.get("knowledge") for node in flow.nodes]
    bases = dict.fromkeys([MAIN, *(base for base in named if isinstance(base, str) and base)])
    problem: FlowloomError | None = None
    for base in bases:
        try:
            return workspace().knowledge.text(key_of_base(flow.id, base), file)
        except FlowloomError as error:
            problem = error
    assert problem is not None
    raise problem


def _lines(text: str) -> str:
    return plain(text).replace("\n", "  \n")
