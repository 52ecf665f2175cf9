"""The documents a GPT answers from, in its empty chat: how many there are, and a place to drop one's own."""

from collections.abc import Sequence

import streamlit as st

from flowloom.errors import FlowloomError, Problem
from flowloom.flow.model import Flow
from flowloom.intake import DOCUMENTS_LEFT_OUT
from flowloom.nodes.knowledge.shared import searches_in
from flowloom.services.knowledge.shared import key_of_base
from flowloom.ui.formatting import count_of
from flowloom.ui.knowledge.documents import draw_uploads
from flowloom.ui.messages import plain
from flowloom.ui.session import language, t
from flowloom.workspace import workspace


def base_to_fill(flow: Flow) -> str | None:
    """The key of the base one adds documents to: of the GPT's own the first that is empty, else the first of all.

    None where it searches none of its own: what is dropped into its chat is not for other GPTs as well.
    """
    keys = [key for key in keys_searched(flow) if key.startswith(f"{flow.id}/")]
    return next((key for key in keys if not workspace().knowledge.files(key)), keys[0] if keys else None)


def keys_searched(flow: Flow) -> list[str]:
    """The keys of the bases that a flow searches, shared ones among them."""
    found: dict[str, None] = {}
    for search in searches_in(flow):
        try:
            found[key_of_base(search.flow, search.base)] = None
        except FlowloomError:  # a shared base that is gone; its block says so
            continue
    return list(found)


def keep_import_notes(flow_id: str, notes: Sequence[Problem]) -> None:
    """What a person should know of a GPT that was imported, until they have talked with it."""
    st.session_state[_notes_key(flow_id)] = tuple(notes)


def was_imported(flow_id: str) -> bool:
    """Whether a GPT was imported just now."""
    return _notes_key(flow_id) in st.session_state


def _notes_key(flow_id: str) -> str:
    return f"import_notes:{flow_id}"


def draw_import_notes(flow_id: str, *, lacks_documents: bool) -> None:
    """Those that still hold."""
    for note in st.session_state.get(_notes_key(flow_id), ()):
        if note.code == DOCUMENTS_LEFT_OUT.code and not lacks_documents:
            continue
        said = note.describe(language())
        st.warning(plain(f"{said.message} {said.hint}"), icon=":material/upload_file:")


def draw_chat_documents(key: str) -> None:
    """How many documents there are, and the drop zone."""
    files = workspace().knowledge.files(key)
    if files:
        passages = count_of("passage", sum(file.passages for file in files))
        said = t(
            "Answers from {documents}, {passages}.", documents=count_of("document", len(files)), passages=passages
        )
        st.caption(f":material/library_books: {said}")
    elif not st.session_state.get(_notes_key(key.partition("/")[0])):
        st.warning(t("There are no documents to answer from yet. Add some here."), icon=":material/upload_file:")
    draw_uploads(key)
