"""Files that come with the rows of a table: by the names in a column, from a folder, a ZIP file or single files."""

import io
import re
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from flowloom.errors import KnowledgeError
from flowloom.kinds.values import Attachment
from flowloom.services.formats.row_files import ENDINGS

MOST_FILES, MOST_BYTES = 500, 200_000_000
"""Of one dataset; each file has the limits it has in the chat."""
NAMED = (
    "file",
    "files",
    "attachment",
    "attachments",
    "picture",
    "image",
    "document",
    "文件",
    "图片",
    "fichier",
    "fichiers",
)
"""What the column of their names is usually called."""
_BETWEEN = re.compile(r"[;|\n]")


class Brought(NamedTuple):
    """A file that came along: its path within the folder it came from, and its bytes."""

    path: str
    data: bytes

    @property
    def name(self) -> str:
        """Without folders."""
        return _name(self.path)


class Named(NamedTuple):
    """The files of a row, and the names in it of files that nobody brought."""

    files: tuple[Attachment, ...]
    missing: tuple[str, ...]


def unpacked(files: Iterable[Brought]) -> list[Brought]:
    """The files, those within ZIP files in their place. Raises KnowledgeError for too much or damage."""
    found, size = list[Brought](), 0
    for file in files:
        for each in _within(file) if file.name.casefold().endswith(".zip") else [file]:
            found.append(each)
            size += len(each.data)
            if len(found) > MOST_FILES or size > MOST_BYTES:
                raise too_much()
    return found


def _within(file: Brought) -> Iterable[Brought]:
    try:
        with zipfile.ZipFile(io.BytesIO(file.data)) as archive:
            entries = [each for each in archive.infolist() if not each.is_dir() and _is_content(each.filename)]
            # What is told of the sizes is checked before anything is unpacked, and held to while it is.
            if len(entries) > MOST_FILES or sum(each.file_size for each in entries) > MOST_BYTES:
                raise too_much()
            for entry in entries:
                with archive.open(entry) as content:
                    yield Brought(entry.filename, content.read(entry.file_size))
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError, OSError, EOFError, ValueError):
        raise KnowledgeError(
            "“{file}” can’t be unpacked.",
            "Check that it is a complete ZIP file without a password.",
            file=file.name,
        ) from None


def _is_content(name: str) -> bool:
    """Not what macOS and others put beside the files."""
    return not name.startswith("__MACOSX/") and not _name(name).startswith(".")


def _name(path: str) -> str:
    return path.replace("\\", "/").rpartition("/")[2]


def too_much() -> KnowledgeError:
    return KnowledgeError(
        "These are too many files: a dataset takes up to {files} with {size} MB together.",
        "Split it into several datasets.",
        files=MOST_FILES,
        size=MOST_BYTES // 1_000_000,
    )


def is_table(name: str) -> bool:
    """Whether a file of that name may hold the rows."""
    return name.casefold().endswith(tuple(f".{end}" for end in ENDINGS if end != "txt"))


def table_among(files: Sequence[Brought]) -> Brought | None:
    """The table in a ZIP file: the first file that is one, those outside of folders before others."""
    tables = [each for each in files if is_table(each.name)]
    return min(tables, key=lambda each: len(_parts(each.path)), default=None)


def table_of(name: str, data: bytes) -> tuple[str, bytes, list[Brought]]:
    """The table, which may be in a ZIP file with what its rows name. Raises KnowledgeError where there is none."""
    if not name.casefold().endswith(".zip"):
        return name, data, []
    files = unpacked([Brought(name, data)])
    table = table_among(files)
    if table is None:
        raise KnowledgeError(
            "“{file}” holds no table.", "Put a CSV, XLSX or JSONL file into it that names the files.", file=name
        )
    return table.name, table.data, [each for each in files if each is not table]


def by_path(files: Iterable[tuple[str, Attachment]]) -> dict[str, Attachment | None]:
    """The files by what a cell may call them: their names, with as many folders as it likes.

    None stands where several files are called so.
    """
    found: dict[str, Attachment | None] = {}
    for path, file in files:
        for name in _ends(path):
            other = found.setdefault(name, file)
            found[name] = file if other and other.id == file.id else None
    return found


def named_in(cell: str, files: Mapping[str, Attachment | None]) -> Named:
    """The files a cell names, several parted by `;`, `|` or lines; `files` as `by_path` gives them."""
    kept, missing = list[Attachment](), list[str]()
    for path in paths_in(cell):
        # As much of the path as is known: C:\in\a.png of another computer is the a.png that was brought.
        file = next((files[name] for name in _ends(path) if name in files), None)
        if file:
            kept.append(file)
        else:
            missing.append(path)
    return Named(tuple(kept), tuple(missing))


def is_unclear(path: str, files: Mapping[str, Attachment | None]) -> bool:
    """Whether several files are called that."""
    return any(files.get(name, ...) is None for name in _ends(path))


def paths_in(cell: str) -> list[str]:
    """What a cell names."""
    return [path for path in map(str.strip, _BETWEEN.split(cell)) if path]


def _ends(path: str) -> list[str]:
    """The path in small letters, then without its first folder, and so on to its name."""
    parts = _parts(path)
    return ["/".join(parts[start:]).casefold() for start in range(len(parts))]


def _parts(path: str) -> list[str]:
    return [part for part in path.replace("\\", "/").split("/") if part not in ("", ".", "..")]
