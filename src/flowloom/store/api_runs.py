"""The runs that programs began with their keys: whose each is, and which request it answers."""

import time
from typing import NamedTuple

from flowloom.store.db import Database

REPEATED_WITHIN = 86_400.0
"""Seconds in which a request that is sent again gets the answer of the first."""


class ApiRun(NamedTuple):
    """A run of a key; `digest` tells what was asked, `kept` whether it may be fetched later.

    `lasting`: it goes on although nobody waits for it, also after a restart. `at` is seconds since the epoch.
    """

    run: str
    key: str
    conversation: str
    digest: str
    kept: bool = True
    lasting: bool = False
    at: float = 0.0


FACTS = "run, key, conversation, digest, kept, lasting, at"


class ApiRunStore:
    """Every method raises StoreError where the database cannot be used."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def add(self, run: ApiRun, repeat: str = "") -> None:
        self._db.do(
            "INSERT INTO api_runs VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            run.run,
            run.key,
            run.conversation,
            run.at,
            repeat,
            run.digest,
            run.kept,
            run.lasting,
        )

    def of_key(self, run: str, key: str) -> ApiRun | None:
        """A run that this key began; None for those of others."""
        row = self._db.one(f"SELECT {FACTS} FROM api_runs WHERE run = ? AND key = ?", run, key)
        return _read(row) if row else None

    def repeated(self, key: str, repeat: str) -> ApiRun | None:
        """The run that answers a request which was sent before, within a day."""
        self._db.do(
            "UPDATE api_runs SET repeat = '' WHERE key = ? AND repeat = ? AND at < ?",
            key,
            repeat,
            time.time() - REPEATED_WITHIN,
        )
        row = self._db.one(f"SELECT {FACTS} FROM api_runs WHERE key = ? AND repeat = ?", key, repeat)
        return _read(row) if row else None

    def is_conversation_of(self, conversation: str, key: str) -> bool:
        """Whether this key began the runs of a conversation."""
        found = "SELECT 1 FROM api_runs WHERE conversation = ? AND key = ? AND kept"
        return bool(self._db.one(found, conversation, key))

    def let_go(self, run: str) -> None:
        """Do not give this run out any more."""
        self._db.do("UPDATE api_runs SET kept = FALSE WHERE run = ?", run)

    def left(self) -> list[ApiRun]:
        """Those that have neither ended nor paused, in this process or an earlier one."""
        rows = self._db.all(
            "SELECT api_runs.run, key, api_runs.conversation, digest, kept, lasting, at FROM unfinished u "
            "JOIN api_runs ON api_runs.run = u.run LEFT JOIN runs ON runs.id = u.run "
            "WHERE coalesce(state <> 'paused', TRUE)"
        )
        return [_read(row) for row in rows]


def _read(row: tuple[str, str, str, str, int, int, float]) -> ApiRun:
    run, key, conversation, digest, kept, lasting, at = row
    return ApiRun(run, key, conversation, digest, bool(kept), bool(lasting), at)
