"""What rows bring along: the files each names, read once, and what is wrong with them by row and file."""

from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path, PurePosixPath
from typing import NamedTuple

from flowloom.errors import KnowledgeError, Problem, StoreError
from flowloom.evaluation.attached_files import (
    MOST_BYTES,
    MOST_FILES,
    NAMED,
    Brought,
    by_path,
    is_table,
    is_unclear,
    named_in,
    paths_in,
    too_much,
)
from flowloom.evaluation.rows import FilesOf, usual_column
from flowloom.kinds.values import Attachment
from flowloom.locales import Verbatim
from flowloom.services.formats import pictures, sounds
from flowloom.store.dataset_files import DatasetFiles, read_file
from flowloom.store.datasets import Rows

Table = Sequence[Mapping[str, str]]
Read = tuple[Attachment, bytes] | KnowledgeError


class Brings(NamedTuple):
    """The files of each row, the bytes of all by their id, and what is wrong."""

    of: FilesOf = lambda row: ()
    data: Mapping[str, tuple[Attachment, bytes]] = {}
    problems: tuple[Problem, ...] = ()


def read_brought(file: Brought) -> Read:
    """A file with its text, by the limits of the chat; or why it can’t be read."""
    try:
        pictures.check_size(file.name, len(file.data))
        sounds.check_size(file.name, len(file.data))
        return read_file(file.name, "application/octet-stream", file.data), file.data
    except KnowledgeError as error:
        return error


def brings(table: Table, column: str, files: Iterable[tuple[str, Read]], language: str = "en") -> Brings:
    """What rows bring along of the files by their paths; `column` is where each row names its own."""
    read, broken = list[tuple[str, tuple[Attachment, bytes]]](), dict[str, KnowledgeError]()
    for path, found in files:
        if isinstance(found, KnowledgeError):
            broken[path] = found
        else:
            read.append((path, found))
    known = by_path((path, file) for path, (file, _) in read)
    unread = by_path((path, Attachment(id=path, name=path)) for path in broken)

    def problem_of(row: int, name: str) -> Problem:
        if why := named_in(name, unread).files:
            return _unusable(row, name, broken[why[0].id].problem, language)
        return _several(row, name) if is_unclear(name, known) else _missing(row, name)

    problems = (
        problem_of(number, name)
        for number, row in enumerate(table, 1)
        for name in named_in(row.get(column, ""), known).missing
    )
    data = {file.id: (file, content) for _, (file, content) in read}
    return Brings(lambda row: named_in(row.get(column, ""), known).files, data, tuple(problems))


def _missing(row: int, name: str) -> Problem:
    return Problem.of(
        "dataset.file",
        "Row {row} names “{file}”, which isn’t there.",
        "Add the file, or correct its name.",
        row=row,
        file=Verbatim(name),
    )


def _several(row: int, name: str) -> Problem:
    return Problem.of(
        "dataset.file",
        "Row {row} names “{file}”, and several files are called that.",
        "Write the folder before the name, as in pictures/cat.png.",
        row=row,
        file=Verbatim(name),
    )


def _unusable(row: int, name: str, why: Problem, language: str) -> Problem:
    said = why.describe(language)
    return Problem.of(
        "dataset.file",
        "Row {row} names “{file}”, which can’t be used: {why}",
        said.hint,
        row=row,
        file=Verbatim(name),
        why=Verbatim(said.message),
    )


def names_files(table: Table, column: str) -> bool:
    """Whether a column holds names of files, and no text: each filled cell, of which there is one, is a name."""
    cells = [path for row in table for path in paths_in(row.get(column, ""))]
    return bool(cells) and all(_is_name(cell) for cell in cells)


def _is_name(cell: str) -> bool:
    ending = PurePosixPath(cell.replace("\\", "/")).suffix[1:]
    return len(cell) <= 255 and ending.isalnum() and len(ending) <= 5 and not cell.endswith(" ")


def column_of_files(titles: Sequence[str]) -> str:
    """The column that by its name holds files; empty where there is none."""
    return usual_column(titles, NAMED)


def table_in(folder: Path) -> Path:
    """The table in a folder. Raises StoreError where there is none, or more than one."""
    tables = sorted(path for path in folder.iterdir() if path.is_file() and is_table(path.name))
    if not tables:
        raise StoreError("“{file}” holds no table.", "Put a CSV, XLSX or JSONL file into it.", file=folder)
    if len(tables) > 1:
        names = ", ".join(path.name for path in tables[:5])
        raise StoreError(
            "“{file}” holds several tables: {names}.",
            "Name the one you mean; files are looked for beside it.",
            file=folder,
            names=names,
        )
    return tables[0]


def files_beside(folder: Path, table: Table, column: str) -> list[Brought]:
    """The files in a folder that rows name, and no other. Raises KnowledgeError for too much."""
    found, size = dict[Path, Brought](), 0
    for name in dict.fromkeys(name for row in table for name in paths_in(row.get(column, ""))):
        path = _within(folder, name)
        if path is None or path in found:
            continue
        size += path.stat().st_size
        if len(found) >= MOST_FILES or size > MOST_BYTES:
            raise too_much()
        found[path] = Brought(path.relative_to(folder.resolve()).as_posix(), path.read_bytes())
    return list(found.values())


def _within(folder: Path, name: str) -> Path | None:
    """The file of that path or else of that name in a folder; nothing outside, wherever a link leads."""
    home = folder.resolve()
    parts = PurePosixPath(name.replace("\\", "/"))
    for path in (home / parts, home / parts.name):
        with suppress(OSError, ValueError):  # A name that no file can have.
            whole = (path if path.is_file() else _whatever_its_capitals(path, home)).resolve()
            if whole.is_relative_to(home) and whole.is_file():
                return whole
    return None


def _whatever_its_capitals(path: Path, home: Path) -> Path:
    """The file as it is written on the disk: a table may come from a computer that tells no capitals apart."""
    beside = path.parent.resolve()
    if not (beside.is_relative_to(home) and beside.is_dir()):
        return path
    wanted = path.name.casefold()
    return next((each for each in sorted(beside.iterdir()) if each.name.casefold() == wanted), path)


def kept(files: DatasetFiles, flow: str, rows: Rows, brought: Mapping[str, tuple[Attachment, bytes]]) -> Rows:
    """The rows as they are kept, and their files beside them. Raises StoreError."""
    once = dict[tuple[str, str], Attachment]()

    def keep(file: Attachment) -> Attachment:
        mark = (file.id, file.name)
        if mark not in once:
            whole, data = brought[file.id]
            once[mark] = files.keep(flow, whole, data).model_copy(update={"name": file.name})
        return once[mark]

    changed = (
        row.model_copy(update={"files": tuple(map(keep, row.files))}) if row.files else row for row in rows.rows
    )
    return rows.model_copy(update={"rows": tuple(changed)})
