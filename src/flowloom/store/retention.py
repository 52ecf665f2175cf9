"""After how many days what was said to a GPT goes, and what is old enough to go now."""

import time
from collections.abc import Callable

from flowloom.store.db import Database

DAY = 86_400.0


class RetentionStore:
    """Every method raises StoreError where the database cannot be used."""

    def __init__(self, db: Database, clock: Callable[[], float] = time.time) -> None:
        self._db, self._clock = db, clock

    def all(self) -> dict[str, int]:
        """The days of each GPT that has some of its own."""
        return dict(self._db.all("SELECT flow, days FROM retention"))

    def set(self, flow: str, days: int | None) -> None:
        """None for what counts for all."""
        with self._db.transaction():
            self.delete_of(flow)
            if days is not None:
                self._db.do("INSERT INTO retention VALUES (?, ?)", flow, days)

    def delete_of(self, flow: str) -> None:
        self._db.do("DELETE FROM retention WHERE flow = ?", flow)

    def flows(self) -> list[str]:
        """All GPTs of which something is kept that was said or ran."""
        return [flow for (flow,) in self._db.all("SELECT flow FROM conversations UNION SELECT flow FROM runs")]

    def old_conversations(self, flow: str, days: int) -> list[str]:
        """Those in which nothing was begun since."""
        rows = self._db.all(
            "SELECT id FROM conversations c WHERE flow = ?1 AND started < ?2 AND NOT EXISTS "
            "(SELECT 1 FROM runs WHERE conversation = c.id AND started >= ?2)",
            flow,
            self._clock() - days * DAY,
        )
        return [id for (id,) in rows]

    def delete_old_runs(self, flow: str, days: int) -> None:
        """Let go of runs that belong to no conversation."""
        old = "(SELECT id FROM runs WHERE flow = ?1 AND conversation IS NULL AND started < ?2)"
        values = (flow, self._clock() - days * DAY)
        with self._db.transaction():
            for table in ("events", "ratings", "unfinished", "questions"):
                self._db.do(f"DELETE FROM {table} WHERE run IN {old}", *values)
            self._db.do("DELETE FROM runs WHERE flow = ?1 AND conversation IS NULL AND started < ?2", *values)
