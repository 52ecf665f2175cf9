"""Everything an installation keeps in one file, to be taken to another computer or to another database."""

import hashlib
import sqlite3
import time
import zipfile
from collections.abc import Iterator
from contextlib import closing, contextmanager, nullcontext, suppress
from math import inf
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO, BinaryIO, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from flowloom import __version__
from flowloom.errors import KnowledgeError, Problem, StoreError
from flowloom.services.files import write_whole
from flowloom.services.knowledge.texts import ROWS, take_texts_inside
from flowloom.store.bucket import Bucket, open_bucket, take_inside
from flowloom.store.db import Database
from flowloom.store.document_texts import TextsInBucket
from flowloom.store.schema import CHANGES
from flowloom.store.sqlite import SqliteDatabase

FOLDERS = ("flows", "knowledge", "files", "people")
SETTINGS = (
    *("models.json", "connections.json", "databases.json", "mail.json", "web.json", "telemetry.json"),
    *(
        "own-hosts.json",
        "mcp-servers.json",
        "preferences.json",
        "custom-instructions.json",
        "author.json",
        "selling.json",
    ),
)
"""What goes along beside the database. Keys and passwords do not, nor model files, which can be fetched again."""
DATABASE, CONTENTS, ENDING = "flowloom.db", "flowloom-backup.json", ".flowloom.zip"
MOST_PARTS = 1_000_000
MOST_CONTENTS = 200_000_000
"""Bytes that the list of parts may take."""
PIECE = 1 << 20
_BESIDE = ("-wal", "-shm", "-journal")

NO_ARCHIVE = Problem.of(
    "archive.none",
    "“{name}” is no backup of Flowloom, or it is damaged.",
    "Choose a file that `flowloom backup save` or Settings → Backups made.",
)
NEWER = Problem.of(
    "archive.newer",
    "The backup “{name}” was made by a newer version of Flowloom ({version}).",
    "Update Flowloom, then restore it. Nothing was changed.",
)
NOT_SAVED = Problem.of(
    "archive.not_saved",
    "The backup couldn’t be saved ({reason}).",
    "Check that there is free disk space and you can write to the folder.",
)


class Part(BaseModel):
    """A file of the archive: its size in bytes and its SHA-256."""

    model_config = ConfigDict(frozen=True)

    size: int = Field(ge=0)
    sha256: str


class Contents(BaseModel):
    """What an archive holds; `made` is seconds since the epoch, `changes` how far its tables are."""

    model_config = ConfigDict(frozen=True)

    format: Literal[1] = 1
    version: str = __version__
    changes: int = len(CHANGES)
    made: float
    parts: dict[str, Part]


def save_archive(home: Path, db: Database, path: Path) -> Contents:
    """Write all that is kept into one file, also while others work. Raises StoreError; then nothing was written."""
    made: list[Contents] = []
    try:
        write_whole(path, lambda file: made.append(_write(home, db, file)))
    except OSError as error:
        raise failed(NOT_SAVED, error) from None
    except sqlite3.Error:
        raise StoreError.from_problem(filled(NOT_SAVED, reason="the documents are being changed")) from None
    return made[0]


def _write(home: Path, db: Database, file: BinaryIO) -> Contents:
    parts: dict[str, Part] = {}
    with (
        zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive,
        TemporaryDirectory(prefix="flowloom-") as folder,
    ):
        copy = Path(folder) / DATABASE
        # Nobody saves a flow meanwhile, so that flows and database tell of one moment.
        with nullcontext() if db.read_only else db.transaction():
            db.back_up(copy)
            _take_files_inside(copy)
            _add_all(archive, home, ["flows"], parts)
        _add(archive, copy, DATABASE, parts)
        _add_all(archive, home, [*SETTINGS, *FOLDERS[1:]], parts)
        contents = Contents(made=time.time(), parts=parts)
        archive.writestr(CONTENTS, contents.model_dump_json(indent=1))
    return contents


def _take_files_inside(copy: Path) -> None:
    """Of files in a bucket, the archive holds all, so that it needs none."""
    if bucket := open_bucket():
        with closing(SqliteDatabase(copy)) as file:
            take_inside(file, bucket)


def _add_all(archive: zipfile.ZipFile, home: Path, names: list[str], parts: dict[str, Part]) -> None:
    for name in names:
        for path in sorted(_files(home / name)):
            place = path.relative_to(home).as_posix()
            with suppress(FileNotFoundError):  # it was removed meanwhile
                if path.suffix == ".sqlite":
                    _add_database(archive, path, place, parts)
                else:
                    _add(archive, path, place, parts)


def _files(path: Path) -> Iterator[Path]:
    """The files of a folder; what another program links to stays outside."""
    if path.is_symlink():
        return
    if path.is_dir():
        for each in path.iterdir():
            yield from _files(each)
    elif path.is_file() and not path.name.endswith(_BESIDE) and not path.name.startswith("."):
        yield path


def _add_database(archive: zipfile.ZipFile, path: Path, place: str, parts: dict[str, Part]) -> None:
    """A database as it is at one moment, though somebody may be writing in it."""
    with TemporaryDirectory(prefix="flowloom-") as folder:
        copy = Path(folder) / path.name
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True, timeout=30)) as source:
            source.execute("VACUUM INTO ?", (str(copy),))
        if path.name == ROWS and (bucket := open_bucket()):
            _take_texts_inside(copy, bucket)
        _add(archive, copy, place, parts)


def _take_texts_inside(copy: Path, bucket: Bucket) -> None:
    try:
        take_texts_inside(copy, TextsInBucket(bucket))
    except KnowledgeError as error:
        raise StoreError.from_problem(error.problem) from None


def _add(archive: zipfile.ZipFile, path: Path, place: str, parts: dict[str, Part]) -> None:
    with path.open("rb") as source, archive.open(_member(path, place), "w", force_zip64=True) as target:
        parts[place] = copied(source, target)


def copied(source: IO[bytes], target: IO[bytes], most: float = inf) -> Part:
    """What a file is that was copied, read no further than a little over `most` bytes."""
    digest, size = hashlib.sha256(), 0
    while size <= most and (piece := source.read(PIECE)):
        digest.update(piece)
        size += len(piece)
        target.write(piece)
    return Part(size=size, sha256=digest.hexdigest())


def _member(path: Path, place: str) -> zipfile.ZipInfo:
    when = max(time.localtime(path.stat().st_mtime)[:6], (1980, 1, 1, 0, 0, 0))
    found = zipfile.ZipInfo(place, when)
    found.compress_type = zipfile.ZIP_DEFLATED
    return found


def read_contents(path: Path) -> Contents:
    """What an archive says it holds. Raises StoreError where it is none, or one of a newer version."""
    with opened(path) as archive:
        return contents_of(archive, path.name)


@contextmanager
def opened(path: Path) -> Iterator[zipfile.ZipFile]:
    try:
        with zipfile.ZipFile(path) as archive:
            yield archive
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, ValueError):
        raise StoreError.from_problem(filled(NO_ARCHIVE, name=path.name)) from None


def contents_of(archive: zipfile.ZipFile, name: str) -> Contents:
    try:
        if archive.getinfo(CONTENTS).file_size > MOST_CONTENTS or len(archive.infolist()) > MOST_PARTS:
            raise KeyError
        contents = Contents.model_validate_json(archive.read(CONTENTS))
    except (KeyError, ValidationError):
        raise StoreError.from_problem(filled(NO_ARCHIVE, name=name)) from None
    if contents.changes > len(CHANGES):
        raise StoreError.from_problem(filled(NEWER, name=name, version=contents.version))
    return contents


def filled(problem: Problem, **params: str) -> Problem:
    return problem.model_copy(update={"params": params})


def failed(problem: Problem, error: OSError) -> StoreError:
    return StoreError.from_problem(filled(problem, reason=error.strerror or type(error).__name__))
