"""What models cost, by month and GPT, counted as each call ends."""

import time
from collections.abc import Callable

from flowloom.store.db import Database


class SpendingStore:
    """Sums in US dollars. A month is `2026-11`, by the calendar of this computer."""

    def __init__(self, db: Database, clock: Callable[[], float] = time.time) -> None:
        self._db, self._clock = db, clock

    def month(self) -> str:
        """The month it is."""
        return time.strftime("%Y-%m", time.localtime(self._clock()))

    def add(self, flow: str, cost: float) -> None:
        self._db.do(
            "INSERT INTO spending VALUES (?, ?, ?) "
            "ON CONFLICT (month, flow) DO UPDATE SET cost = spending.cost + excluded.cost",
            self.month(),
            flow,
            cost,
        )

    def by_flow(self, month: str) -> dict[str, float]:
        """What each GPT cost in a month, the dearest first."""
        found = self._db.all("SELECT flow, cost FROM spending WHERE month = ? ORDER BY cost DESC", month)
        return {flow: float(cost) for flow, cost in found}

    def months(self, most: int = 12) -> list[str]:
        """The months in which anything was spent, the latest first."""
        found = self._db.all("SELECT DISTINCT month FROM spending ORDER BY month DESC LIMIT ?", most)
        return [month for (month,) in found]
