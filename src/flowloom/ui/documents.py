"""The documents a knowledge block searches: what is there, adding and removing."""

from functools import partial
from typing import NamedTuple

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from flowloom.errors import FlowloomError
from flowloom.services.knowledge.files import FileInfo
from flowloom.services.knowledge.loaders import READABLE
from flowloom.ui.figures import count_of, size_of
from flowloom.ui.session import t
from flowloom.ui.speech import plain, show_problem
from flowloom.workspace import workspace


class Upload(NamedTuple):
    """A file a person gave, for the knowledge base `<flow id>/<name>`."""

    base: str
    name: str
    data: bytes


def draw_documents(base: str) -> None:
    """The files of one knowledge base, named `<flow id>/<name>`."""
    bases = workspace().knowledge
    files = bases.files(base)
    if not files:
        st.info(t("There are no documents yet. Add some below and this block finds what is in them."))
    for file in files:
        _row(base, file)
    _upload(base)
    if bases.matches_by_words:
        st.caption(
            t("Documents are matched by their words. Choose an embedding model in Settings to match by meaning.")
        )


def _row(base: str, file: FileInfo) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        pages = count_of("page", file.pages) + " · " if file.pages else ""
        facts = f"{size_of(file.size)} · {pages}" + count_of("passage", file.passages)
        st.markdown(f":material/description: {plain(file.name)}  \n:gray[{facts}]", width="stretch")
        st.button(
            t("Remove"),
            icon=":material/delete:",
            type="tertiary",
            key=f"forget:{base}:{file.name}",
            on_click=lambda: workspace().knowledge.remove(base, file.name),
        )


def _upload(base: str) -> None:
    # A new key empties the uploader once its files are taken.
    counter = f"uploads:{base}"
    key = f"upload:{base}:{st.session_state.setdefault(counter, 0)}"
    for problem in st.session_state.get(f"{counter}:problems", ()):
        show_problem(problem)
    st.file_uploader(
        t("Add documents"),
        READABLE,
        accept_multiple_files=True,
        key=key,
        on_change=lambda: _take(base, counter, key),
    )
    if _waiting():
        read_uploads(st.progress(0.0))
        st.rerun()


def _waiting() -> list[Upload]:
    """Files given and not read yet: a click elsewhere may interrupt the reading, but loses none."""
    found: list[Upload] = st.session_state.setdefault("uploads", [])
    return found


def _take(base: str, counter: str, key: str) -> None:
    files = st.session_state.get(key) or ()
    _waiting().extend(Upload(base, file.name, file.getvalue()) for file in files)
    if files:
        st.session_state[counter] += 1
        st.session_state[f"{counter}:problems"] = []


def read_uploads(bar: DeltaGenerator | None = None) -> None:
    """Index what waits, the first file first."""
    waiting = _waiting()
    while waiting:
        file = waiting[0]
        try:
            workspace().knowledge.add(file.base, file.name, file.data, partial(_show, bar, file.name))
        except FlowloomError as error:
            st.session_state.setdefault(f"uploads:{file.base}:problems", []).append(error.problem)
        # Another pass of the page may have read it meanwhile.
        if waiting and waiting[0] is file:
            del waiting[0]


def _show(bar: DeltaGenerator | None, name: str, done: float) -> None:
    if bar:
        bar.progress(min(done, 1.0), t("Reading “{file}”…", file=plain(name)))
