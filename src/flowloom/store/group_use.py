"""How often GPTs were asked in a month and what that cost, by group: sums that name nobody and nothing said."""

import time
from collections.abc import Callable, Iterable
from typing import NamedTuple

from flowloom.store.db import Database

GROUP, NO_GROUP, OUTSIDE = "group:", "none", "outside"
"""How a group is named here; people in none; and visitors without an account, and programs."""


class Used(NamedTuple):
    """`name` is as above, `cost` in US dollars."""

    name: str
    asked: int
    cost: float


class GroupUse:
    """Every method raises StoreError where the database cannot be used. A month is `2026-11`."""

    def __init__(self, db: Database, clock: Callable[[], float] = time.time) -> None:
        self._db, self._clock = db, clock

    def month(self) -> str:
        return time.strftime("%Y-%m", time.localtime(self._clock()))

    def count(self, names: Iterable[str], cost: float) -> None:
        """One question, for each of these."""
        with self._db.transaction():
            for name in names:
                self._db.do(
                    "INSERT INTO group_use VALUES (?, ?, 1, ?) ON CONFLICT (month, name) DO UPDATE SET "
                    "asked = group_use.asked + 1, cost = group_use.cost + excluded.cost",
                    self.month(),
                    name,
                    cost,
                )

    def of(self, month: str) -> list[Used]:
        """The most used first."""
        rows = self._db.all(
            "SELECT name, asked, cost FROM group_use WHERE month = ? ORDER BY asked DESC, name", month
        )
        return [Used(name, int(asked), float(cost)) for name, asked, cost in rows]

    def months(self, most: int = 12) -> list[str]:
        rows = self._db.all("SELECT DISTINCT month FROM group_use ORDER BY month DESC LIMIT ?", most)
        return [month for (month,) in rows]
