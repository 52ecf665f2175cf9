"""What those who look after the store say of a GPT: that it is featured, and that it is taken down."""

import time
from typing import NamedTuple

from flowloom.store.db import Database


class Mark(NamedTuple):
    """Since when a GPT is featured and taken down, in seconds since the epoch; None where it is not."""

    featured: float | None = None
    down: float | None = None
    reason: str = ""


class MarkStore:
    """Every method raises StoreError where the database cannot be used."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def of(self, flow: str) -> Mark:
        row = self._db.one("SELECT featured, down, reason FROM store_marks WHERE flow = ?", flow)
        return Mark(*row) if row else Mark()

    def all(self) -> dict[str, Mark]:
        """By GPT; what is in no row has no mark."""
        rows = self._db.all("SELECT flow, featured, down, reason FROM store_marks")
        return {flow: Mark(*mark) for flow, *mark in rows}

    def feature(self, flow: str, yes: bool) -> None:
        self._put(flow, self.of(flow)._replace(featured=time.time() if yes else None))

    def take_down(self, flow: str, reason: str) -> None:
        """From now on it is served to nobody; it is no longer featured either."""
        self._put(flow, Mark(None, time.time(), reason))

    def restore(self, flow: str) -> None:
        self._put(flow, self.of(flow)._replace(down=None, reason=""))

    def _put(self, flow: str, mark: Mark) -> None:
        self._db.do(
            "INSERT INTO store_marks VALUES (?, ?, ?, ?) ON CONFLICT (flow) DO UPDATE SET "
            "featured = excluded.featured, down = excluded.down, reason = excluded.reason",
            flow,
            *mark,
        )

    def delete_of(self, flow: str) -> None:
        self._db.do("DELETE FROM store_marks WHERE flow = ?", flow)
