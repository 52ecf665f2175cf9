"""The documents of a knowledge base: what is there, adding and removing."""

from collections.abc import Callable, Iterable

import streamlit as st

from flowloom.errors import Problem
from flowloom.services.knowledge.files import FileInfo
from flowloom.services.knowledge.ingest import Progress, Source
from flowloom.services.knowledge.loaders import READABLE
from flowloom.ui.formatting import count_of, size_of
from flowloom.ui.knowledge.preparation import draw_preparation
from flowloom.ui.knowledge.readers import draw_readers, groups_in
from flowloom.ui.messages import plain, show_problem
from flowloom.ui.session import t
from flowloom.workspace import workspace

SHOWN = 20
"""Rows drawn at first, of the hundreds a web site may bring; the rest come by a button."""
BARS = 5
"""Files that show how far they are; the number of the others is said."""


def draw_documents(base: str) -> None:
    """The files of one knowledge base by its key, such as `<flow id>/<name>`, and a way to add more."""
    draw_uploads(base)
    files = workspace().knowledge.files(base)
    if not files:
        st.caption(t("No documents yet. Add some and this block can search them."))
    groups = groups_in(files)
    draw_rows(base, files, more=lambda file: draw_readers(base, file, groups))
    draw_preparation(base)


def draw_rows(
    base: str,
    files: list[FileInfo],
    facts: Callable[[FileInfo], str] | None = None,
    more: Callable[[FileInfo], None] = lambda file: None,
) -> None:
    """A row for each file; `facts` says what is known of it, and `more` draws what else can be done with it."""
    counter = f"files_shown:{base}"
    shown = st.session_state.setdefault(counter, SHOWN)
    for file in files[:shown]:
        _row(base, file, (facts or facts_of_file)(file), more)
    if len(files) > shown:
        st.button(
            t("Show more"),
            key=f"more_{counter}",
            icon=":material/expand_more:",
            on_click=lambda: _show_more(counter),
        )


def facts_of_file(file: FileInfo) -> str:
    pages = [count_of("page", file.pages)] if file.pages else []
    size = t("search index only") if file.only_passages else size_of(file.size)
    return " · ".join([size, *pages, count_of("passage", file.passages)])


def _show_more(counter: str) -> None:
    st.session_state[counter] += 5 * SHOWN


def _row(base: str, file: FileInfo, facts: str, more: Callable[[FileInfo], None]) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(f":material/description: {plain(file.name)}  \n:gray[{facts}]", width="stretch")
        more(file)
        st.button(
            t("Remove"),
            icon=":material/delete:",
            type="tertiary",
            key=f"forget:{base}:{file.name}",
            on_click=lambda: workspace().knowledge.remove(base, file.name),
        )


def draw_uploads(base: str, taken: Callable[[], object] = lambda: None) -> None:
    """A place to drop files, how far those are that were given, and what became of them; `taken()` is called once
    some were."""
    # A new key empties the uploader once its files are taken.
    counter = f"uploads:{base}"
    key = f"upload:{base}:{st.session_state.setdefault(counter, 0)}"
    for problem in _problems(base):
        show_problem(problem)
    _say_added(base)
    _say_unchanged(base)
    st.file_uploader(
        t("Add documents"),
        READABLE,
        accept_multiple_files=True,
        key=key,
        on_change=lambda: _take(base, counter, key, taken),
    )
    if workspace().ingest.waiting(base):
        _read(base)
        st.rerun()


def give(base: str, files: Iterable[Source]) -> None:
    """Keep files for a base until the page reads them. Call it in `on_click` or `on_change`."""
    for kept in (_problems(base), _unchanged(base), _added(base)):
        kept.clear()
    for progress in workspace().ingest.put(base, files):
        _note(base, progress)


def _take(base: str, counter: str, key: str, taken: Callable[[], object]) -> None:
    files = st.session_state.get(key) or ()
    if files:
        give(base, ((file.name, file.getvalue()) for file in files))
        st.session_state[counter] += 1
        taken()


def read_uploads(bases: Iterable[str]) -> None:
    """Index what waits for these bases, also what a crash left behind."""
    for base in bases:
        workspace().ingest.run(base, lambda progress, base=base: _note(base, progress))  # type: ignore[misc]


def _read(base: str) -> None:
    """Index what waits and show how far each file is: a click elsewhere may interrupt this, but loses none."""
    waiting = list(dict.fromkeys(workspace().ingest.waiting(base)))
    # One place for each of the first files, which later ones take over.
    places = [st.empty() for _ in waiting[:BARS]]
    bars = {name: places[number % BARS] for number, name in enumerate(waiting)}
    for name in waiting[:BARS]:
        bars[name].progress(0.0, plain(name))
    count, ended = st.empty(), set[str]()

    def show(progress: Progress) -> None:
        # Kept before it is shown, as showing is where a click interrupts.
        _note(base, progress)
        reading = progress.state == "reading"
        ended.update([] if reading else [progress.file])
        said = t("Reading “{file}”…", file=plain(progress.file)) if reading else plain(progress.file)
        if progress.file in bars:
            bars[progress.file].progress(min(progress.done, 1.0) if reading else 1.0, said)
        count.caption(t("{done} of {count} documents read.", done=len(ended), count=len(waiting)))

    st.button(
        t("Cancel"),
        icon=":material/close:",
        key=f"cancel_uploads:{base}",
        on_click=lambda: workspace().ingest.cancel(base),
    )
    workspace().ingest.run(base, show)


def _note(base: str, progress: Progress) -> None:
    if progress.problem:
        _problems(base).append(progress.problem)
    if progress.state == "unchanged":
        _unchanged(base).append(progress.file)
    if progress.state == "done" and progress.info:
        _added(base).append(progress.info)


def _problems(base: str) -> list[Problem]:
    found: list[Problem] = st.session_state.setdefault(f"uploads:{base}:problems", [])
    return found


def _unchanged(base: str) -> list[str]:
    found: list[str] = st.session_state.setdefault(f"uploads:{base}:unchanged", [])
    return found


def _added(base: str) -> list[FileInfo]:
    found: list[FileInfo] = st.session_state.setdefault(f"uploads:{base}:added", [])
    return found


def _say_added(base: str) -> None:
    added = {info.name: info for info in _added(base)}
    if added:
        passages = count_of("passage", sum(info.passages for info in added.values()))
        said = t("{documents} added, {passages}", documents=count_of("document", len(added)), passages=passages)
        st.success(said, icon=":material/check_circle:")


def _say_unchanged(base: str) -> None:
    names = _unchanged(base)
    if names:
        said = ", ".join(f"“{plain(name)}”" for name in names[:BARS]) + ("…" if len(names) > BARS else "")
        st.info(t("Already added and unchanged: {names}", names=said))
