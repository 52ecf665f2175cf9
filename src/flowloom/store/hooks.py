"""Addresses at which another program has a GPT asked: which GPT, what it is asked, and what came already."""

import time
from typing import NamedTuple
from uuid import uuid4

from flowloom.errors import Problem
from flowloom.store.db import Database
from flowloom.store.problem_column import in_column, of_column

FACTS = "id, flow, message, active, last, run, problem"
KEPT = 2 * 86_400.0
"""Seconds for which it is known what was received."""


class Hook(NamedTuple):
    """`message` is what the GPT is asked, with fields of what is received in `{{double braces}}`.

    `last` is when something was received, in seconds since the epoch, `run` what it began, `problem` why not.
    """

    id: str
    flow: str
    message: str
    active: bool
    last: float | None = None
    run: str = ""
    problem: Problem | None = None


class HookStore:
    """Every method raises StoreError where the database cannot be used."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def add(self, flow: str, message: str) -> str:
        id = uuid4().hex
        self._db.do("INSERT INTO hooks (id, flow, message, active) VALUES (?, ?, ?, TRUE)", id, flow, message)
        return id

    def get(self, id: str) -> Hook | None:
        row = self._db.one(f"SELECT {FACTS} FROM hooks WHERE id = ?", id)
        return _read(row) if row else None

    def all(self) -> list[Hook]:
        """Those that failed last first."""
        return [_read(row) for row in self._db.all(f"SELECT {FACTS} FROM hooks ORDER BY problem IS NULL, id")]

    def of(self, flow: str) -> list[str]:
        """The ids of those of a GPT."""
        return [id for (id,) in self._db.all("SELECT id FROM hooks WHERE flow = ?", flow)]

    def received(self, id: str, key: str) -> str | None:
        """The run that was begun by this already; "" where none could be, None where it is new."""
        row = self._db.one("SELECT run FROM hook_calls WHERE hook = ? AND key = ?", id, key)
        return str(row[0]) if row else None

    def keep(self, id: str, key: str, run: str, problem: Problem | None = None) -> None:
        """Something was received, and this came of it."""
        now = time.time()
        self._db.do("DELETE FROM hook_calls WHERE at < ?", now - KEPT)
        self._db.do("INSERT INTO hook_calls VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING", id, key, now, run)
        said = in_column(problem)
        self._db.do("UPDATE hooks SET last = ?, run = ?, problem = ? WHERE id = ?", now, run, said, id)

    def ended(self, run: str, problem: Problem | None) -> None:
        """Keep how a run ended that one of them began last; another run changes nothing."""
        said = in_column(problem)
        self._db.do("UPDATE hooks SET problem = ? WHERE run = ? AND run <> ''", said, run)

    def activate(self, id: str, active: bool) -> None:
        self._db.do("UPDATE hooks SET active = ? WHERE id = ?", active, id)

    def delete(self, id: str) -> None:
        self._db.do("DELETE FROM hooks WHERE id = ?", id)
        self._db.do("DELETE FROM hook_calls WHERE hook = ?", id)


def _read(row: tuple[str, str, str, int, float | None, str, str | None]) -> Hook:
    id, flow, message, active, last, run, problem = row
    told = of_column(problem)
    return Hook(id, flow, message, bool(active), last, run, told)
