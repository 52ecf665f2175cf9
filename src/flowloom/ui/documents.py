"""The documents a knowledge block searches: what is there, adding and removing."""

import streamlit as st

from flowloom.errors import FlowloomError
from flowloom.services.knowledge.bases import FileInfo
from flowloom.ui.session import t
from flowloom.ui.speech import count_of, plain, show_problem, size_of
from flowloom.workspace import workspace

READABLE = ["pdf", "txt", "md", "markdown", "csv", "tsv", "json", "log", "rst", "yaml", "yml"]


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
    # A new key empties the uploader once its files are in.
    counter = f"uploads:{base}"
    round_ = st.session_state.setdefault(counter, 0)
    for problem in st.session_state.get(f"{counter}:problems", ()):
        show_problem(problem)
    files = st.file_uploader(
        t("Add documents"), READABLE, accept_multiple_files=True, key=f"upload:{base}:{round_}"
    )
    if not files:
        return
    st.session_state[f"{counter}:problems"] = problems = []
    for file in files:
        try:
            _add(base, file.name, file.getvalue())
        except FlowloomError as error:
            problems.append(error.problem)
    st.session_state[counter] = round_ + 1
    st.rerun()


def _add(base: str, name: str, data: bytes) -> None:
    bar = st.progress(0.0, t("Reading “{file}”…", file=plain(name)))

    def show(done: float) -> None:
        bar.progress(min(done, 1.0))

    workspace().knowledge.add(base, name, data, show)
