"""What somebody brings from another builder: a file, a folder or a zip of it, read as data and never run."""

import json
import stat
import zipfile
import zlib
from codecs import BOM_UTF16_BE, BOM_UTF16_LE
from collections.abc import Iterator, Mapping
from functools import cached_property
from io import BytesIO
from pathlib import Path, PurePosixPath
from typing import Any

from flowloom.errors import FlowFileError, Problem
from flowloom.flow.file import nesting, unread
from flowloom.services.formats.guarded_yaml import Version, YamlFault, read_yaml

MAX_BYTES = 20_000_000
MAX_FILES = 500
MAX_DEPTH = 200
READ = frozenset(
    ".yaml .yml .json .jsonl .jinja2 .j2 .txt .md .py .ts .js .mjs .toml .prompty .rivet-project".split()
)
"""Endings of the files that a folder is read for; the rest stays unread."""
SKIPPED = frozenset({"node_modules", "venv", "__pycache__", "__MACOSX"})
_UNREADABLE = (zipfile.BadZipFile, zlib.error, OSError, ValueError, EOFError, NotImplementedError, RuntimeError)


class Source:
    """The files that were brought, by their path in the folder, `/` between its parts."""

    def __init__(self, files: Mapping[str, bytes]) -> None:
        self.files = files

    @classmethod
    def of_data(cls, data: bytes, name: str = "") -> "Source":
        """A file as it was uploaded or pasted; a zip is unpacked in memory. Raises FlowFileError."""
        return cls(_unzipped(data) if data.startswith(b"PK\x03\x04") else {name or "pasted": _within(data)})

    @classmethod
    def of_path(cls, path: Path) -> "Source":
        """A file or a folder of this computer. Raises FlowFileError."""
        try:
            if not path.is_dir():
                with path.open("rb") as file:
                    return cls.of_data(file.read(MAX_BYTES + 1), path.name)
            return cls(_read_folder(path))
        except OSError as error:
            raise unread(path, error) from None

    @property
    def name(self) -> str:
        """The name of the only file, or of the first, without its ending."""
        return PurePosixPath(next(iter(self.files), "")).stem

    def named(self, *endings: str) -> list[str]:
        """The files whose names end so, those nearest to the top first."""
        found = [name for name in self.files if name.lower().endswith(endings)]
        return sorted(found, key=lambda name: (name.count("/"), name))

    def text(self, name: str = "") -> str:
        """The text of a file, of the only one where none is named; "" where it is no text or not there."""
        data = self.files.get(name or next(iter(self.files), ""), b"")
        try:
            # What a shell of Windows writes to a file has two bytes a letter.
            return data.decode("utf-16" if data.startswith((BOM_UTF16_LE, BOM_UTF16_BE)) else "utf-8-sig")
        except UnicodeDecodeError:
            return ""

    @cached_property
    def json(self) -> Any:
        """The JSON of a lone file, None where it is none. Raises FlowFileError for what is nested too deep."""
        return self.json_of() if len(self.files) == 1 else None

    @cached_property
    def yaml(self) -> Any:
        """The YAML that a lone file holds, read by version 1.2; None where it is no mapping or list."""
        return self.yaml_of() if len(self.files) == 1 else None

    @cached_property
    def data(self) -> Any:
        """The JSON or, failing that, the YAML of a lone file."""
        return self.yaml if self.json is None else self.json

    def json_of(self, name: str = "") -> Any:
        text = self.text(name)
        if not text.lstrip().startswith(("{", "[")):
            return None
        if nesting(text) > MAX_DEPTH:
            raise _too_deep()
        try:
            return json.loads(text, parse_constant=lambda constant: None)
        except (ValueError, RecursionError):
            return None

    def yaml_of(self, name: str = "", version: Version = "1.2") -> Any:
        """Raises FlowFileError for what is nested too deep or refers to itself too often."""
        try:
            found = read_yaml(self.text(name), version)
        except YamlFault as fault:
            if fault.reason == "unreadable":
                return None
            raise _too_deep() from None
        return found if isinstance(found, dict | list) else None


def _within(data: bytes, taken: int = 0) -> bytes:
    if len(data) + taken > MAX_BYTES:
        raise _too_large()
    return data


def _read_folder(folder: Path) -> dict[str, bytes]:
    files: dict[str, bytes] = {}
    taken = 0
    for path in sorted(folder.rglob("*")):
        inside = path.relative_to(folder)
        if not _is_read(inside) or any(part.is_symlink() for part in (path, *path.parents) if part != folder):
            continue
        if path.is_file():
            with path.open("rb") as file:
                data = _within(file.read(MAX_BYTES + 1), taken)
            taken += len(data)
            files[inside.as_posix()] = data
        if len(files) > MAX_FILES:
            raise _too_large()
    return files


def _is_read(path: Path | PurePosixPath) -> bool:
    hidden = any(part.startswith(".") or part in SKIPPED for part in path.parts)
    return not hidden and path.suffix.lower() in READ


def _unzipped(data: bytes) -> dict[str, bytes]:
    """The files of a zip that a folder would be read for, in memory alone. Raises FlowFileError."""
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            entries = list(_wanted(archive))
            if len(entries) > MAX_FILES or sum(entry.file_size for entry in entries) > MAX_BYTES:
                raise _too_large()
            return {entry.filename: _inflated(archive, entry) for entry in entries}
    except _UNREADABLE:
        raise FlowFileError(
            "This zip file can’t be read.", "It may have been cut off. Pack the folder again, without a password."
        ) from None


def _wanted(archive: zipfile.ZipFile) -> Iterator[zipfile.ZipInfo]:
    for entry in archive.infolist():
        path = PurePosixPath(entry.filename)
        plain = stat.S_IFMT(entry.external_attr >> 16) in (0, stat.S_IFREG) and not entry.is_dir()
        if plain and not path.is_absolute() and ".." not in path.parts and _is_read(path):
            yield entry


def _inflated(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bytes:
    with archive.open(entry) as part:
        # What unpacks to more than it says is not read to its end.
        found = part.read(entry.file_size + 1)
    if len(found) != entry.file_size:
        raise ValueError
    return found


def _too_large() -> FlowFileError:
    return FlowFileError.from_problem(
        Problem.of(
            "file.large",
            "This is too much to import: up to {files} files with {size} MB are read.",
            "Bring only the flow itself, without its data.",
            files=MAX_FILES,
            size=MAX_BYTES // 1_000_000,
        )
    )


def _too_deep() -> FlowFileError:
    return FlowFileError(
        "This file is nested too deeply, or refers to itself.",
        "It may be damaged. Export the flow again from where it was made.",
    )
