"""Where the whole texts of documents lie: in the rows of their base, or elsewhere under a mark that the row holds.

A text lies elsewhere before a row names it. In the step in which a mark leaves the rows, the base writes down that
it is to be let go of, so that none is forgotten.
"""

import contextlib
import sqlite3
from collections.abc import Callable, Collection, Iterable
from pathlib import Path
from typing import Protocol

from flowloom.errors import KnowledgeError

ROWS = "rows.sqlite"
TABLE = "CREATE TABLE IF NOT EXISTS gone_texts (mark TEXT PRIMARY KEY)"
TRIGGERS = (
    "CREATE TRIGGER IF NOT EXISTS text_removed AFTER DELETE ON files WHEN OLD.stored <> '' "
    "BEGIN INSERT OR IGNORE INTO gone_texts VALUES (OLD.stored); END",
    "CREATE TRIGGER IF NOT EXISTS text_replaced AFTER UPDATE OF stored ON files "
    "WHEN OLD.stored <> '' AND OLD.stored <> NEW.stored "
    "BEGIN INSERT OR IGNORE INTO gone_texts VALUES (OLD.stored); END",
)


class Texts(Protocol):
    """Another place than the rows. Every method raises KnowledgeError where it cannot be used."""

    def keep(self, text: str) -> str:
        """Put a text there; the mark to read it by, or "" where it is to stay in its row."""
        ...

    def read(self, mark: str) -> str: ...

    def forget(self, marks: Collection[str]) -> None:
        """Let go of texts that no row names."""
        ...


class InRows:
    """Where there is no other place. Fulfils `Texts`."""

    def keep(self, text: str) -> str:
        return ""

    def read(self, mark: str) -> str:
        raise KnowledgeError(
            "The text of this document lies in a bucket that isn’t connected.",
            "Set FLOWLOOM_FILES as before, then restart Flowloom.",
        )

    def forget(self, marks: Collection[str]) -> None:
        """Holds nothing."""


def let_go(db: sqlite3.Connection, texts: Texts) -> None:
    """Let go of what the rows named and name no more. What fails is done at the next change."""
    marks = [mark for (mark,) in db.execute("SELECT mark FROM gone_texts")]
    if marks:
        texts.forget(marks)
        db.executemany("DELETE FROM gone_texts WHERE mark = ?", [(mark,) for mark in marks])


def marks_below(folder: Path) -> set[str]:
    """The marks that all bases in a folder hold, those to be let go of as well."""
    return {mark for path in folder.glob(f"**/{ROWS}") for mark in _marks_in(path)}


def _marks_in(path: Path) -> Iterable[str]:
    # Of rows that cannot be read nothing is let go of, which loses nothing.
    address = f"{path.absolute().as_uri()}?mode=ro"
    with contextlib.suppress(sqlite3.Error), contextlib.closing(sqlite3.connect(address, uri=True)) as db:
        if _has_marks(db):
            found = db.execute("SELECT stored FROM files WHERE stored <> '' UNION SELECT mark FROM gone_texts")
            return [mark for (mark,) in found]
    return []


def _has_marks(db: sqlite3.Connection) -> bool:
    return db.execute("SELECT 1 FROM sqlite_master WHERE name = 'gone_texts'").fetchone() is not None


def put_anew(copied: sqlite3.Connection, place: Callable[[str], tuple[str, str]]) -> None:
    """Give a copy of the rows texts of its own: `place` says of a mark which text and which mark the row gets."""
    if not _has_marks(copied):
        return
    for name, mark in copied.execute("SELECT name, stored FROM files WHERE stored <> ''").fetchall():
        copied.execute("UPDATE files SET text = ?, stored = ? WHERE name = ?", (*place(mark), name))
    copied.execute("DELETE FROM gone_texts")  # they are of the rows this is a copy of
    copied.commit()


def take_texts_inside(path: Path, texts: Texts) -> None:
    """Put all texts into a copy of the rows, which then needs no other place. Raises KnowledgeError."""
    with contextlib.closing(sqlite3.connect(path)) as copied:
        put_anew(copied, lambda mark: (texts.read(mark), ""))
