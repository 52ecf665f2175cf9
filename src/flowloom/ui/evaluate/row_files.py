"""Files that come with the rows of a table: which there are, and which row each belongs to."""

from collections.abc import Iterator, Sequence

import streamlit as st

from flowloom.evaluation.attached_files import MOST_FILES, Brought, unpacked
from flowloom.evaluation.brought_files import Brings, Read, brings, column_of_files, read_brought
from flowloom.services.formats.row_files import Rows
from flowloom.ui.formatting import number
from flowloom.ui.messages import plain
from flowloom.ui.session import language, t

KEPT = "dataset_read_files"
SHOWN = 5


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
            return Brings()
        usual = column_of_files(table.titles)
        column = st.selectbox(
            t("Column with the file names"),
            table.titles,
            index=table.titles.index(usual) if usual else 0,
            key=f"dataset_files_column:{key}",
        )
        return _named(table, brought, column)


def _named(table: Rows, brought: Sequence[Brought], column: str) -> Brings:
    found = brings(table.rows, column, _read(brought[:MOST_FILES]), language())
    with_files = sum(bool(found.of(row)) for row in table.rows)
    st.markdown(t("Rows with a file: {count}", count=number(with_files)))
    for problem in found.problems[:SHOWN]:
        st.caption(":material/warning: " + plain(str(problem.describe(language()))))
    if len(found.problems) > SHOWN:
        st.caption(t("And {count} more.", count=number(len(found.problems) - SHOWN)))
    return found


def _read(brought: Sequence[Brought]) -> Iterator[tuple[str, Read]]:
    """Each file by its path, read once while the window is open."""
    known: dict[tuple[str, int], Read] = st.session_state.get(KEPT, {})
    now = {}
    for each in brought:
        mark = (each.path, hash(each.data))
        now[mark] = known.get(mark) or read_brought(each)
    st.session_state[KEPT] = now
    return ((path, found) for (path, _), found in now.items())
