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
    """A file that came along: its name without folders, and its bytes."""

    name: str
    data: bytes


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
                raise _too_much()
    return found


def _within(file: Brought) -> Iterable[Brought]:
    try:
        with zipfile.ZipFile(io.BytesIO(file.data)) as archive:
            entries = [each for each in archive.infolist() if not each.is_dir() and _is_content(each.filename)]
            # What is told of the sizes is checked before anything is unpacked, and held to while it is.
            if len(entries) > MOST_FILES or sum(each.file_size for each in entries) > MOST_BYTES:
                raise _too_much()
            for entry in entries:
                with archive.open(entry) as content:
                    yield Brought(_name(entry.filename), content.read(entry.file_size))
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


def _too_much() -> KnowledgeError:
    return KnowledgeError(
        "These are too many files: a dataset takes up to {files} with {size} MB together.",
        "Split it into several datasets.",
        files=MOST_FILES,
        size=MOST_BYTES // 1_000_000,
    )


def table_among(files: Sequence[Brought]) -> Brought | None:
    """The table in a ZIP file: the first file that is one."""
    tables = [
        each for each in files if each.name.casefold().endswith(tuple(f".{end}" for end in ENDINGS if end != "txt"))
    ]
    return tables[0] if tables else None


def named_in(cell: str, files: Mapping[str, Attachment]) -> Named:
    """The files a cell names, several parted by `;`, `|` or lines; `files` by name in small letters."""
    names = [_name(each) for each in map(str.strip, _BETWEEN.split(cell)) if each]
    found = [files.get(name.casefold()) for name in names]
    missing = tuple(name for name, file in zip(names, found, strict=True) if file is None)
    return Named(tuple(file for file in found if file), missing)
