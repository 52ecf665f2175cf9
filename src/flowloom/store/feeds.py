"""The stores that this one shows beside its own: where each is, the key it signs with, and what it said last."""

import time
from typing import NamedTuple
from uuid import uuid4

from flowloom.errors import Problem, StoreError
from flowloom.store.db import Database
from flowloom.store.problem_column import in_column, of_column

FACTS = "id, address, key, new_key, etag, looked, problem, data"


class Subscribed(NamedTuple):
    """Another store. `new_key` is one it signs with now and nobody accepted yet; `data` its feed as it came."""

    id: str
    address: str
    key: str
    new_key: str = ""
    etag: str = ""
    looked: float = 0.0
    problem: Problem | None = None
    data: str = ""


class FeedStore:
    """Every method raises StoreError where the database cannot be used."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def all(self) -> list[Subscribed]:
        return [_read(*row) for row in self._db.all(f"SELECT {FACTS} FROM feeds ORDER BY address")]

    def get(self, id: str) -> Subscribed | None:
        row = self._db.one(f"SELECT {FACTS} FROM feeds WHERE id = ?", id)
        return _read(*row) if row else None

    def add(self, address: str, key: str, etag: str, data: str) -> Subscribed:
        """Raises StoreError where it is there already."""
        found = Subscribed(uuid4().hex[:12], address, key, "", etag, time.time(), None, data)
        with self._db.transaction():
            if self._db.one("SELECT 1 FROM feeds WHERE address = ?", address):
                raise StoreError("This store is here already.", "Look for it in the list.", code="feed.twice")
            self.put(found)
        return found

    def put(self, found: Subscribed) -> None:
        problem = in_column(found.problem)
        self._db.do(
            "INSERT INTO feeds VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET key = excluded.key, "
            "new_key = excluded.new_key, etag = excluded.etag, looked = excluded.looked, "
            "problem = excluded.problem, data = excluded.data",
            *found[:6],
            problem,
            found.data,
        )

    def take_turn(self, found: Subscribed) -> bool:
        """Whether this process is the one that looks now; of several, one is."""
        changed = self._db.do(
            "UPDATE feeds SET looked = ? WHERE id = ? AND looked = ?", time.time(), found.id, found.looked
        )
        return bool(changed)

    def delete(self, id: str) -> None:
        self._db.do("DELETE FROM feeds WHERE id = ?", id)


def _read(
    id: str, address: str, key: str, new_key: str, etag: str, looked: float, problem: str | None, data: str
) -> Subscribed:
    told = of_column(problem)
    return Subscribed(id, address, key, new_key, etag, looked, told, data)
