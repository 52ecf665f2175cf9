"""Files and passages as rows of SQLite."""

import contextlib
import json
import sqlite3
from collections.abc import Collection, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple

from pydantic import BaseModel, ConfigDict

from flowloom.errors import KnowledgeError
from flowloom.kinds.values import Passage
from flowloom.services.disk_failures import DAMAGED, problem_of
from flowloom.services.files import make_private
from flowloom.services.knowledge.chunks import Cutting
from flowloom.services.knowledge.loaders.document import Document, Page
from flowloom.services.knowledge.texts import TABLE, TRIGGERS

TABLES = """
CREATE TABLE IF NOT EXISTS passages (id INTEGER PRIMARY KEY AUTOINCREMENT, file TEXT NOT NULL, page INTEGER,
    start INTEGER NOT NULL, heading TEXT NOT NULL, text TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS passages_by_file ON passages (file);
CREATE TABLE IF NOT EXISTS files (name TEXT PRIMARY KEY, size INTEGER, pages INTEGER, passages INTEGER,
    added_at TEXT, text TEXT);
CREATE TABLE IF NOT EXISTS state (one INTEGER PRIMARY KEY CHECK (one = 1), revision INTEGER, checksum TEXT,
    embedder TEXT);
INSERT OR IGNORE INTO state (one, revision, checksum, embedder) VALUES (1, 0, '', '');
CREATE TABLE IF NOT EXISTS sentences (passage INTEGER PRIMARY KEY, maker TEXT NOT NULL, count INTEGER NOT NULL,
    vectors BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS about (one INTEGER PRIMARY KEY CHECK (one = 1), said TEXT NOT NULL);
"""
# What later versions keep, added to the tables of earlier ones.
_ADDED = {
    "passages": {"part": "TEXT NOT NULL DEFAULT ''", "repeated": "INTEGER NOT NULL DEFAULT 0", "terms": "TEXT"},
    "files": {
        "modified_at": "TEXT",
        "tags": "TEXT NOT NULL DEFAULT '[]'",
        "owner": "TEXT NOT NULL DEFAULT ''",
        "groups": "TEXT NOT NULL DEFAULT '[]'",
        "hash": "TEXT NOT NULL DEFAULT ''",
        "cutting": "TEXT NOT NULL DEFAULT ''",
        "places": "TEXT NOT NULL DEFAULT ''",
        "stored": "TEXT NOT NULL DEFAULT ''",
    },
    "state": {"dimension": "INTEGER NOT NULL DEFAULT 0"},
}
VERSION = 6
_TERMS = 3
"""The version from which the terms of passages know words of Thai, Korean and Arabic."""
_PASSAGE = ("file", "page", "start", "heading", "text", "part", "repeated")


class BaseInfo(BaseModel):
    """What is known of a base as a whole. Only shared ones have a name and a day of their making."""

    model_config = ConfigDict(frozen=True)

    name: str = ""
    created_at: datetime | None = None
    tags: tuple[str, ...] = ()
    cutting: Cutting = Cutting()


class State(NamedTuple):
    """What the rows say of their index: `embedder` made it, with so many numbers a vector; "" where none is."""

    revision: int
    checksum: str
    embedder: str
    dimension: int


class BaseGone(KnowledgeError):
    """A base that was deleted meanwhile."""


@contextlib.contextmanager
def opened(path: Path, is_there: bool = False) -> Iterator[sqlite3.Connection]:
    """The rows of a base, made or brought up to date where they are not. Raises KnowledgeError.

    With `is_there` nothing is made, so that what is done in the background brings no deleted base back, and
    BaseGone is raised.
    """
    try:
        if not is_there:
            make_private(path)
        address = f"{path.absolute().as_uri()}?mode={'rw' if is_there else 'rwc'}"
        with contextlib.closing(sqlite3.connect(address, timeout=30, uri=True)) as db:
            db.isolation_level = None
            db.execute("PRAGMA temp_store=MEMORY")  # a full temporary folder stops no search
            if db.execute("PRAGMA user_version").fetchone()[0] < VERSION:
                _upgrade(db)
            yield db
    except sqlite3.DatabaseError as error:
        if is_there and not path.exists():
            raise BaseGone("This knowledge base no longer exists.", "Choose another one.") from None
        raise _refused(error) from None


def _refused(error: sqlite3.DatabaseError) -> KnowledgeError:
    found = problem_of(error)
    if found and found != DAMAGED:  # nothing is wrong with its files
        return KnowledgeError.from_problem(found)
    return KnowledgeError(
        "The knowledge base can’t be opened ({reason}).",
        "If this happens again, remove its files and add them again.",
        reason=str(error),
    )


def _upgrade(db: sqlite3.Connection) -> None:
    db.execute("BEGIN IMMEDIATE")
    version = db.execute("PRAGMA user_version").fetchone()[0]
    for statement in filter(str.strip, TABLES.split(";")):
        db.execute(statement)
    for table, columns in _ADDED.items():
        known = {row[1] for row in db.execute(f"PRAGMA table_info({table})")}
        for column, kind in columns.items():
            if column not in known:
                db.execute(f'ALTER TABLE {table} ADD COLUMN "{column}" {kind}')
    for statement in (TABLE, *TRIGGERS):
        db.execute(statement)
    if version < _TERMS:  # those that are missing are made when asked for
        db.execute("UPDATE passages SET terms = NULL")
    db.execute(f"PRAGMA user_version = {VERSION}")
    db.execute("COMMIT")


def indexed_text(passage: Passage) -> str:
    return f"{passage.heading}\n{passage.text}" if passage.heading else passage.text


def insert_row(db: sqlite3.Connection, passage: Passage, terms: str) -> int:
    made = db.execute(
        f"INSERT INTO passages ({', '.join(_PASSAGE)}, terms) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        (*(_copied(getattr(passage, name)) for name in _PASSAGE), terms),
    )
    return int(made.lastrowid or 0)


def _copied(value: Any) -> Any:
    """A text of its own: what sqlite3 encodes stays in memory beside a text for as long as that lives."""
    if isinstance(value, str) and not value.isascii():
        return value.encode("utf-8", "surrogatepass").decode("utf-8", "surrogatepass")
    return value


def read_row(db: sqlite3.Connection, id: int) -> Passage | None:
    found = db.execute(f"SELECT {', '.join(_PASSAGE)} FROM passages WHERE id = ?", (id,)).fetchone()
    return _passage(found) if found else None


def rows_after(db: sqlite3.Connection, id: int, most: int, upto: int | None = None) -> list[tuple[int, Passage]]:
    """The next passages by their ids."""
    found = db.execute(
        f"SELECT id, {', '.join(_PASSAGE)} FROM passages WHERE id > ? AND id <= ? ORDER BY id LIMIT ?",
        (id, 2**62 if upto is None else upto, most),
    )
    return [(id, _passage(row)) for id, *row in found]


def ids_of(db: sqlite3.Connection, files: Collection[str] | None) -> list[int]:
    """The passages of some files, or of all."""
    rows = db.execute("SELECT id, file FROM passages ORDER BY id")
    return [id for id, file in rows if files is None or file in files]


def state_of(db: sqlite3.Connection) -> State:
    return State(*db.execute("SELECT revision, checksum, embedder, dimension FROM state").fetchone())


def is_stale(db: sqlite3.Connection, embedder: str) -> bool:
    """Whether there are passages whose index another embedder made, or none."""
    passages = "SELECT 1 FROM passages LIMIT 1"
    return state_of(db).embedder != embedder and db.execute(passages).fetchone() is not None


def put_file(db: sqlite3.Connection, row: dict[str, Any]) -> None:
    """Keep what is known of a file; what `row` does not say stays as it was."""
    names = ", ".join(f'"{name}"' for name in row)
    changes = ", ".join(f'"{name}" = excluded."{name}"' for name in row)
    values = [_saved(value) for value in row.values()]
    db.execute(
        f"INSERT INTO files ({names}) VALUES ({', '.join('?' * len(row))}) "
        f"ON CONFLICT (name) DO UPDATE SET {changes}",
        values,
    )


def _saved(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    return json.dumps(value, ensure_ascii=False) if isinstance(value, (list, tuple)) else value


def read_about(db: sqlite3.Connection) -> BaseInfo:
    row = db.execute("SELECT said FROM about").fetchone()
    return BaseInfo.model_validate_json(row[0]) if row else BaseInfo()


def save_about(db: sqlite3.Connection, about: BaseInfo) -> None:
    db.execute("INSERT OR REPLACE INTO about VALUES (1, ?)", (about.model_dump_json(),))


def places_of(document: Document) -> str:
    """Where the pages of a document begin in its text, to cut it anew without its file."""
    pages = [[page.start, page.number, page.part] for page in document.pages]
    return json.dumps({"markdown": document.is_markdown, "pages": pages}, ensure_ascii=False)


def document_from(text: str, places: str) -> Document:
    known: dict[str, Any] = json.loads(places) if places else {"markdown": False, "pages": [[0, None, ""]]}
    starts = [start for start, _, _ in known["pages"]]
    ends = [*(start - 1 for start in starts[1:]), len(text)]
    pages = zip(known["pages"], ends, strict=True)
    return Document(
        tuple(Page(text[start:end], start, number, part) for (start, number, part), end in pages), known["markdown"]
    )


def _passage(row: Any) -> Passage:
    return Passage(**dict(zip(_PASSAGE, row, strict=True)))
