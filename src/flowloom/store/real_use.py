"""Who used what is in the store on which day, as digests of people, and what they think of it."""

import time
from typing import NamedTuple

from flowloom.store.db import Database

DAY = 86_400.0


class Counted(NamedTuple):
    """What is counted of one GPT since some day: days of use, people, those of the last days and before them."""

    conversations: int = 0
    people: int = 0
    returning: int = 0
    recent: int = 0
    before: int = 0
    recent_people: int = 0


class Rating(NamedTuple):
    """What one person thinks; `at` is seconds since the epoch."""

    stars: int
    reason: str
    at: float


def today() -> int:
    """In days since the epoch."""
    return int(time.time() // DAY)


class UseStore:
    """Every method raises StoreError where the database cannot be used."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def note(self, flow: str, person: str, day: int | None = None) -> None:
        """Somebody used a GPT on a day; once a day is enough."""
        self._db.do(
            "INSERT INTO store_use VALUES (?, ?, ?) ON CONFLICT (flow, day, person) DO NOTHING",
            flow,
            today() if day is None else day,
            person,
        )

    def has_used(self, flow: str, person: str) -> bool:
        return bool(self._db.one("SELECT 1 FROM store_use WHERE flow = ? AND person = ? LIMIT 1", flow, person))

    def counted(self, window: int, recent: int, before: int) -> dict[str, Counted]:
        """What is counted of each GPT in so many days."""
        first, newer, older = (today() - days for days in (window, recent, recent + before))
        rows = self._db.all(
            "SELECT flow, count(*), count(DISTINCT person), sum(CASE WHEN day > ?2 THEN 1 ELSE 0 END), "
            "sum(CASE WHEN day > ?3 AND day <= ?2 THEN 1 ELSE 0 END), "
            "count(DISTINCT CASE WHEN day > ?2 THEN person END) "
            "FROM store_use WHERE day > ?1 GROUP BY flow",
            first,
            newer,
            older,
        )
        again = dict(
            self._db.all(
                "SELECT flow, count(*) FROM (SELECT flow, person FROM store_use WHERE day > ? "
                "GROUP BY flow, person HAVING count(*) > 1) AS returned GROUP BY flow",
                first,
            )
        )
        return {
            flow: Counted(days, people, int(again.get(flow, 0)), int(late), int(early), lately)
            for flow, days, people, late, early, lately in rows
        }

    def rate(self, flow: str, person: str, stars: int, reason: str) -> None:
        """Keep what somebody thinks in place of what they thought before."""
        self._db.do(
            "INSERT INTO store_ratings VALUES (?, ?, ?, ?, ?) ON CONFLICT (flow, person) DO UPDATE SET "
            "stars = excluded.stars, reason = excluded.reason, at = excluded.at",
            flow,
            person,
            stars,
            reason,
            time.time(),
        )

    def ratings(self, flow: str, most: int) -> list[Rating]:
        """Those with a reason first, the latest first."""
        rows = self._db.all(
            "SELECT stars, reason, at FROM store_ratings WHERE flow = ? "
            "ORDER BY CASE WHEN reason = '' THEN 1 ELSE 0 END, at DESC LIMIT ?",
            flow,
            most,
        )
        return [Rating(*row) for row in rows]

    def rated(self, good: int) -> dict[str, tuple[int, int, int]]:
        """Of each GPT: how many ratings, how many good ones, and all stars together."""
        rows = self._db.all(
            "SELECT flow, count(*), sum(CASE WHEN stars >= ? THEN 1 ELSE 0 END), sum(stars) "
            "FROM store_ratings GROUP BY flow",
            good,
        )
        return {flow: (count, int(fine), int(stars)) for flow, count, fine, stars in rows}

    def forget(self, flow: str, person: str) -> None:
        """Let go of what is kept of somebody at a GPT."""
        for table in ("store_use", "store_ratings"):
            self._db.do(f"DELETE FROM {table} WHERE flow = ? AND person = ?", flow, person)

    def delete_of(self, flow: str) -> None:
        """Let go of all that is kept of a GPT."""
        for table in ("store_use", "store_ratings"):
            self._db.do(f"DELETE FROM {table} WHERE flow = ?", flow)
