"""Trying a question on a base: which passages are found, and why."""

from typing import Any

import streamlit as st

from flowloom.errors import FlowloomError
from flowloom.kinds.values import OWNER, Filter, Match, Passage
from flowloom.services.knowledge.files import FileInfo
from flowloom.services.knowledge.shared import SharedBase
from flowloom.ui.chat.sources import without_signs
from flowloom.ui.formatting import number
from flowloom.ui.knowledge.preparation import draw_preparation
from flowloom.ui.knowledge.readers import groups_in, reader_among
from flowloom.ui.messages import plain, show_problem
from flowloom.ui.session import t
from flowloom.workspace import workspace


def draw_question(base: SharedBase, files: list[FileInfo]) -> None:
    if not files:
        st.info(
            t("Nothing to search yet. Add a document, then ask a question here."),
            icon=":material/lightbulb:",
        )
        return
    _draw_fields(base, files)
    draw_preparation(base.key)
    tried = st.session_state.get(_key(base, "tried"))
    if isinstance(tried, list):
        _draw_found(tried)
    elif tried:
        show_problem(tried)


def _key(base: SharedBase, field: str) -> str:
    return f"question_{field}:{base.id}"


def _draw_fields(base: SharedBase, files: list[FileInfo]) -> None:
    shared: dict[str, Any] = {"on_change": lambda: _search(base)}
    st.text_input(
        t("Question"),
        max_chars=2_000,
        placeholder=t("Ask a question as you would ask your GPT"),
        icon=":material/search:",
        key=_key(base, "text"),
        **shared,
    )
    tags = sorted({tag for file in files for tag in file.tags}, key=str.casefold)
    anything = t("All")
    by_file, count, by_tag = st.columns([2, 1, 2])
    if tags:
        by_tag.multiselect(t("With these tags"), tags, placeholder=anything, key=_key(base, "tags"), **shared)
    names = [file.name for file in files]
    by_file.multiselect(t("In these documents"), names, placeholder=anything, key=_key(base, "files"), **shared)
    count.number_input(t("Passages"), 1, 50, 4, key=_key(base, "count"), **shared)
    if groups := groups_in(files):
        st.multiselect(
            t("Asked by a member of"),
            groups,
            placeholder=t("You (can read everything)"),
            key=_key(base, "groups"),
            **shared,
        )


def _search(base: SharedBase) -> None:
    asked = {
        field: st.session_state.get(_key(base, field)) for field in ("text", "tags", "files", "count", "groups")
    }
    question = (asked["text"] or "").strip()
    if not question:
        st.session_state.pop(_key(base, "tried"), None)
        return
    only = Filter(files=tuple(asked["files"] or ()), tags=tuple(asked["tags"] or ()))
    reader = reader_among(asked["groups"]) if asked["groups"] else OWNER
    found: Any
    try:
        found = workspace().knowledge.search(base.key, question, asked["count"] or 4, only, reader)
    except FlowloomError as error:
        found = error.problem
    st.session_state[_key(base, "tried")] = found


def _draw_found(passages: list[Passage]) -> None:
    if not passages:
        st.info(t("No passage found. Use words from the documents, or remove a filter."))
    elif not any(map(_is_enough, passages)):
        st.info(
            t("Your GPT would say that this isn’t in the documents. These passages come closest, but hardly fit.")
        )
    for place, passage in enumerate(passages, 1):
        with st.container(border=True):
            st.markdown(f"**{place}. {plain(passage.place)}**")
            st.caption(" · ".join([_relevance(passage), *_why(passage.why)]))
            st.text(without_signs(passage.text))


def _is_enough(passage: Passage) -> bool:
    return passage.why is None or passage.why.enough


def _relevance(passage: Passage) -> str:
    """How well it fits, and whether a GPT would leave it out, unless its block says otherwise."""
    said = t("relevance {score}", score=number(passage.score, 2))
    return said if _is_enough(passage) else f"{said} · {t('hardly fits: a GPT won’t use it')}"


def _why(why: Match | None) -> list[str]:
    """In what the passage matches, and its place in either search."""
    if not why:
        return []
    said = [t("words: {words}", words=plain(", ".join(why.words)))] if why.words else []
    said += [t("no. {rank} by words", rank=why.by_words)] if why.by_words else []
    return [*said, *([t("no. {rank} by meaning", rank=why.by_meaning)] if why.by_meaning else [])]
