"""The rows a flow is tried on from the command line: a table by itself, in a folder or a ZIP file, with files."""

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from flowloom.errors import FlowloomError, StoreError
from flowloom.evaluation.attached_files import MOST_BYTES, Brought, table_of
from flowloom.evaluation.brought_files import (
    Brings,
    Table,
    brings,
    column_of_files,
    files_beside,
    names_files,
    read_brought,
    table_in,
)
from flowloom.evaluation.foreign_rows import EXPECTED, Foreign, read_foreign
from flowloom.evaluation.rows import ASKS, EXPECTS, Made, rows_of_table, usual_column
from flowloom.kinds.values import Attachment
from flowloom.services.formats.row_files import LARGEST, read_rows
from flowloom.store.datasets import Rows

SAID = 5
"""Problems that are named at once."""


class Wish(NamedTuple):
    """What the command line asks for."""

    flow: str
    data: Path
    baseline: str = ""
    asks: str = ""
    expected: str = ""
    files: str = ""
    """The column that names the files of each row."""
    measures: Sequence[str] = ()
    least: float | None = None
    budget: float | None = None
    at_once: int = 4


class Found(NamedTuple):
    """The rows, and the bytes of their files by their id."""

    rows: Rows
    files: Mapping[str, tuple[Attachment, bytes]]


def rows_of(wish: Wish) -> Found:
    """What there is to ask. Raises FlowloomError, for files that are not there as well, by row and file."""
    path = table_in(wish.data) if wish.data.is_dir() else wish.data
    name, data, inside = table_of(path.name, _bytes(path))
    foreign = read_foreign(name, data)
    titles, table = (foreign.titles, foreign.rows) if foreign else read_rows(name, data)
    brought = _brings(wish, path, titles, table, inside)
    made = _made(wish, path, titles, table, foreign, brought)
    for remark in foreign.remarks if foreign else ():
        print(remark, file=sys.stderr)
    if not made.rows.rows:
        raise StoreError("No row of “{file}” asks anything.", "Name the column with --ask.", file=path)
    _say_what_was_tidied(made)
    return Found(made.rows, brought.data)


def _bytes(path: Path) -> bytes:
    if not path.is_file():
        raise StoreError("There is no file “{file}”.", "Give --data a CSV, XLSX or JSONL file.", file=path)
    most = MOST_BYTES if path.suffix.casefold() == ".zip" else LARGEST
    if path.stat().st_size > most:
        raise StoreError(
            "“{file}” is larger than {size} MB.",
            "Split it into several files.",
            file=path,
            size=most // 1_000_000 if most == MOST_BYTES else most >> 20,
        )
    return path.read_bytes()


def _brings(wish: Wish, path: Path, titles: Sequence[str], table: Table, inside: Sequence[Brought]) -> Brings:
    """The files of the rows. A column that is called so and holds no names of files is text like any other."""
    if wish.files and wish.files not in titles:
        raise StoreError("“{file}” has no column “{name}”.", file=path, name=wish.files)
    column = wish.files or column_of_files(titles)
    if not column or not (wish.files or names_files(table, column)):
        return Brings()
    files = inside or files_beside(path.parent, table, column)
    found = brings(table, column, ((file.path, read_brought(file)) for file in files))
    if found.problems:
        for problem in found.problems[1:SAID]:
            print(problem.describe().message, file=sys.stderr)
        if len(found.problems) > SAID:
            print(f"And {len(found.problems) - SAID} more files.", file=sys.stderr)
        raise FlowloomError.from_problem(found.problems[0])
    return found


def _made(
    wish: Wish, path: Path, titles: Sequence[str], table: Table, foreign: Foreign | None, brought: Brings
) -> Made:
    expected = wish.expected or (EXPECTED if foreign else usual_column(titles, EXPECTS))
    if wish.expected and expected not in titles:
        raise StoreError("“{file}” has no column “{name}”.", file=path, name=expected)
    usual = foreign.message if foreign else f"{{{{{usual_column(titles, ASKS) or titles[0]}}}}}"
    made = rows_of_table(titles, table, wish.asks or usual, expected, hold_out=False, files=brought.of)
    if foreign:
        return made._replace(rows=made.rows.model_copy(update={"measures": foreign.measures}))
    return made


def _say_what_was_tidied(made: Made) -> None:
    left_out = [
        (made.twice, "repeated rows left out"),
        (made.empty, "empty rows left out"),
        (made.masked, "masked"),
    ]
    for count, what in left_out:
        if count:
            print(f"{what}: {count}", file=sys.stderr)
