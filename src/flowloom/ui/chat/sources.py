"""The passages an answer stands on, each with a way to its document."""

import re
from collections.abc import Sequence

import streamlit as st

from flowloom.errors import FlowloomError
from flowloom.flow.model import Flow
from flowloom.intake import MAIN
from flowloom.kinds.values import Passage
from flowloom.run.reading.evidence import Span, cited_in
from flowloom.run.reading.view import RunView
from flowloom.services.knowledge.shared import key_of_base
from flowloom.ui.dialogs import draw_dialog, open_dialog
from flowloom.ui.formatting import count_of
from flowloom.ui.messages import plain
from flowloom.ui.session import language, t
from flowloom.workspace import workspace

NEAR = 3_000
"""Characters of a document that are shown before and after a passage."""
EXCERPT = 600
"""Characters of a passage that are shown."""
HEADING = re.compile(r"^#{1,6} +(?=\S)", re.MULTILINE)


def cited_of(text: str, passages: Sequence[Passage]) -> list[int]:
    """The numbers of the passages an answer cites, from 1, each once and in order."""
    return sorted(number for number in cited_in(text) if 0 < number <= len(passages))


def sources_title(cited: Sequence[int], passages: Sequence[Passage]) -> str:
    """How many sources were cited; where none was, how many passages were read."""
    if cited:
        return count_of("source", len(cited))
    return t("Nothing cited, {passages} read", passages=count_of("passage", len(passages)))


def draw_sources(flow: Flow, view: RunView, text: str) -> None:
    """The passages an answer cites, and folded below them the others that were read."""
    cited = cited_of(text, view.passages)
    for number in cited:
        _source(flow, view, number)
    others = [number for number in range(1, len(view.passages) + 1) if number not in cited]
    if others:
        title = t("Also read ({count})", count=len(others))
        with st.expander(title, icon=":material/menu_book:", key=f"also_read:{view.run_id}", expanded=not cited):
            for number in others:
                _source(flow, view, number)


def _source(flow: Flow, view: RunView, number: int) -> None:
    passage = view.passages[number - 1]
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.markdown(f"**[{number}] {plain(passage.place)}**", width="stretch")
        document_button(flow, passage, f"open_source:{view.run_id}:{number}")
    st.markdown(marked(passage.text, ()))


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
            out += [_lines(text[at:start]), f":blue-background[{_lines(text[start:stop])}]"]
            at = stop
    return "".join([*out, _lines(text[at:end]), "…" if end < len(text) else ""])


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
        st.markdown(_lines(passage.text))
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
    """A document's text as the page shows it, without the marks of its headings."""
    return plain(without_signs(text)).replace("\n", "  \n")


def without_signs(text: str) -> str:
    """A document's text without the signs that begin its headings."""
    return HEADING.sub("", text)
