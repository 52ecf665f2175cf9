"""One SQLite file, shared by the threads of the app."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import RLock
from typing import Any

from flowloom.errors import StoreError

SCHEMA = """
CREATE TABLE IF NOT EXISTS seqs (flow TEXT, client TEXT, seq INTEGER, PRIMARY KEY (flow, client));
CREATE TABLE IF NOT EXISTS versions (
    flow TEXT, number INTEGER, saved_at REAL NOT NULL, name TEXT NOT NULL, data BLOB NOT NULL,
    PRIMARY KEY (flow, number)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS conversations (
    id TEXT PRIMARY KEY, flow TEXT NOT NULL, started REAL NOT NULL, variables TEXT NOT NULL DEFAULT '{}');
CREATE INDEX IF NOT EXISTS conversations_of ON conversations (flow, started);
CREATE TABLE IF NOT EXISTS attachments (
    id TEXT PRIMARY KEY, conversation TEXT NOT NULL, facts TEXT NOT NULL, data BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS turns (
    number INTEGER PRIMARY KEY, conversation TEXT NOT NULL, role TEXT NOT NULL, text TEXT NOT NULL,
    run TEXT, attachments TEXT NOT NULL DEFAULT '[]', problem TEXT);
CREATE INDEX IF NOT EXISTS turns_of ON turns (conversation, number);
CREATE TABLE IF NOT EXISTS runs (
    id TEXT PRIMARY KEY, flow TEXT NOT NULL, conversation TEXT,
    started REAL NOT NULL, ended REAL, state TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS runs_of ON runs (flow, started);
CREATE TABLE IF NOT EXISTS events (
    run TEXT, seq INTEGER, event TEXT NOT NULL, PRIMARY KEY (run, seq)) WITHOUT ROWID;
"""

CHANGES = (
    # A turn that was asked anew or edited is hidden, never lost.
    "ALTER TABLE turns ADD COLUMN hidden INTEGER NOT NULL DEFAULT 0",
    "CREATE TABLE ratings (run TEXT PRIMARY KEY, good INTEGER NOT NULL, reason TEXT NOT NULL DEFAULT '')",
    "CREATE TABLE steps (flow TEXT, side TEXT, number INTEGER, gesture TEXT NOT NULL, data BLOB NOT NULL,"
    " PRIMARY KEY (flow, side, number)) WITHOUT ROWID",
    "CREATE TABLE step_stamps (flow TEXT PRIMARY KEY, stamp TEXT NOT NULL)",
    "CREATE TABLE unfinished (run TEXT PRIMARY KEY, conversation TEXT NOT NULL, flow BLOB NOT NULL)",
    # What a list of runs shows, so that it reads no events. A run of before is told once someone looks.
    "ALTER TABLE runs ADD COLUMN asked TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE runs ADD COLUMN answered TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE runs ADD COLUMN tokens INTEGER",
    "ALTER TABLE runs ADD COLUMN cost REAL",
    "ALTER TABLE runs ADD COLUMN told INTEGER NOT NULL DEFAULT 0",
    "CREATE INDEX runs_untold ON runs (started) WHERE NOT told",
    "CREATE INDEX runs_by_time ON runs (started)",
    "CREATE INDEX runs_by_state ON runs (state, started)",
    "CREATE TABLE questions (id TEXT PRIMARY KEY, run TEXT NOT NULL, conversation TEXT NOT NULL,"
    " flow TEXT NOT NULL, node TEXT NOT NULL, asked REAL NOT NULL, question TEXT NOT NULL, deadline REAL,"
    " reply TEXT, taken INTEGER NOT NULL DEFAULT 0)",
    "CREATE INDEX questions_open ON questions (deadline) WHERE reply IS NULL",
    # `flow` is the only GPT that may use a fact, or empty; `learned_by` the one that learned it, or empty.
    "CREATE TABLE facts (id INTEGER PRIMARY KEY, name TEXT NOT NULL, value TEXT NOT NULL, flow TEXT NOT NULL,"
    " learned_by TEXT NOT NULL, learned_at REAL NOT NULL, UNIQUE (name, flow))",
    "CREATE TABLE summaries (conversation TEXT, covered INTEGER, digest TEXT NOT NULL, text TEXT NOT NULL,"
    " PRIMARY KEY (conversation, covered)) WITHOUT ROWID",
    "CREATE TABLE consents (flow TEXT, host TEXT, allowed INTEGER NOT NULL, at REAL NOT NULL,"
    " PRIMARY KEY (flow, host)) WITHOUT ROWID",
    # Who talks in a conversation, as JSON; empty for the owner of this computer.
    "ALTER TABLE conversations ADD COLUMN reader TEXT NOT NULL DEFAULT ''",
)
"""What was added to the first schema, in order; a database counts in `user_version` how many it has."""


class Database:
    """Statements one at a time; a transaction is whole or not at all."""

    def __init__(self, path: Path) -> None:
        self._lock = RLock()
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._connection = sqlite3.connect(path, check_same_thread=False, isolation_level=None, timeout=30)
            self._connection.execute("PRAGMA journal_mode=WAL")
            self._connection.execute("PRAGMA synchronous=NORMAL")
            self._connection.executescript(SCHEMA)
            self._bring_up_to_date()
        except (OSError, sqlite3.Error) as error:
            raise StoreError(
                "Flowloom cannot open its database in {folder}: {reason}.",
                "Check that the folder can be written to, or set FLOWLOOM_HOME to another one.",
                folder=path.parent.name,
                reason=type(error).__name__,
            ) from None

    def _bring_up_to_date(self) -> None:
        (done,) = self._connection.execute("PRAGMA user_version").fetchone()
        for number, change in enumerate(CHANGES[done:], done + 1):
            with self.transaction():
                self._connection.execute(change)
                self._connection.execute(f"PRAGMA user_version = {number:d}")

    def all(self, statement: str, *values: Any) -> list[Any]:
        with self._lock:
            return self._connection.execute(statement, values).fetchall()

    def one(self, statement: str, *values: Any) -> Any:
        with self._lock:
            return self._connection.execute(statement, values).fetchone()

    def do(self, statement: str, *values: Any) -> None:
        with self._lock:
            self._connection.execute(statement, values)

    @contextmanager
    def transaction(self) -> Iterator[None]:
        with self._lock:
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield
            except BaseException:
                self._connection.execute("ROLLBACK")
                raise
            self._connection.execute("COMMIT")

    def close(self) -> None:
        with self._lock:
            self._connection.close()
