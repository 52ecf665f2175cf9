"""Files that come with the rows of a table: which there are, and which row each belongs to."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import streamlit as st

from flowloom.errors import KnowledgeError
from flowloom.evaluation.attached_files import MOST_FILES, NAMED, Brought, named_in, unpacked
from flowloom.evaluation.rows import FilesOf, usual_column
from flowloom.kinds.values import Attachment
from flowloom.services.formats import pictures, sounds
from flowloom.services.formats.row_files import Rows
from flowloom.store.dataset_files import read_file
from flowloom.ui.formatting import number
from flowloom.ui.messages import plain, show_problem
from flowloom.ui.session import t

KEPT = "dataset_read_files"
SHOWN = 5


class Brings(NamedTuple):
    """What rows bring along: the files of each, and the bytes of all by their id."""

    of: FilesOf
    data: Mapping[str, tuple[Attachment, bytes]]


def draw_row_files(table: Rows, inside: Sequence[Brought], key: str) -> Brings:
    """Where files are added, and the column that names them. `inside` came in the ZIP file of the table.

    Raises KnowledgeError where they are too much.
    """
    with st.expander(t("Files of the rows"), icon=":material/attach_file:", expanded=bool(inside)):
        st.caption(
            t(
                "A column names the file of each row. Add the files here, or a ZIP file of their folder. "
                "They are kept as they are: personal data in them isn’t masked."
            )
        )
        added = st.file_uploader(
            t("Files of the rows"), accept_multiple_files=True, key=f"dataset_files:{key}",
            label_visibility="collapsed",
        )  # fmt: skip
        brought = unpacked([*inside, *(Brought(file.name, file.getvalue()) for file in added)])
        if not brought:
            return Brings(lambda row: (), {})
        usual = usual_column(table.titles, NAMED)
        column = st.selectbox(
            t("Column with the file names"),
            table.titles,
            index=table.titles.index(usual) if usual else 0,
            key=f"dataset_files_column:{key}",
        )
        return _named(table, brought, column)


def _named(table: Rows, brought: Sequence[Brought], column: str) -> Brings:
    read = _read(brought[:MOST_FILES])
    files = {file.name.casefold(): file for file, _ in read.values()}
    found = [named_in(row.get(column, ""), files) for row in table.rows]
    missing = list(dict.fromkeys(name for each in found for name in each.missing))
    with_files = sum(bool(each.files) for each in found)
    st.markdown(t("Rows with a file: {count}", count=number(with_files)))
    if missing:
        names = ", ".join(missing[:SHOWN]) + (" …" if len(missing) > SHOWN else "")
        st.caption(":material/warning: " + plain(t("Named and not found: {names}", names=names)))
    return Brings(lambda row: named_in(row.get(column, ""), files).files, read)


def _read(brought: Sequence[Brought]) -> dict[str, tuple[Attachment, bytes]]:
    """Each file once, by its id, read once while the window is open; what can’t be read is said and left out."""
    known: dict[tuple[str, int], tuple[Attachment, bytes] | KnowledgeError] = st.session_state.get(KEPT, {})
    now = {}
    for each in brought:
        mark = (each.name, hash(each.data))
        now[mark] = known.get(mark) or _read_one(each)
    st.session_state[KEPT] = now
    for found in now.values():
        if isinstance(found, KnowledgeError):
            show_problem(found.problem)
    return {found[0].id: found for found in now.values() if not isinstance(found, KnowledgeError)}


def _read_one(file: Brought) -> tuple[Attachment, bytes] | KnowledgeError:
    try:
        pictures.check_size(file.name, len(file.data))
        sounds.check_size(file.name, len(file.data))
        return read_file(file.name, "application/octet-stream", file.data), file.data
    except KnowledgeError as error:
        return error
