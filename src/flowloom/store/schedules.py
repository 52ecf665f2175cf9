"""What runs by the clock: which GPT, what it is asked, how it repeats, and how it went last."""

from typing import Literal, NamedTuple
from uuid import uuid4

from flowloom.errors import Problem
from flowloom.services.recurrence import Every
from flowloom.store.db import Database
from flowloom.store.problem_column import in_column, of_column

FACTS = "id, flow, message, every, missed, active, next, last, run, problem"
Missed = Literal["once", "skip"]


class Schedule(NamedTuple):
    """Moments are seconds since the epoch; `last` is when it ran, `run` which run, `problem` why it failed.

    `missed`: what became due while nothing was running is made up once, or skipped.
    """

    id: str
    flow: str
    message: str
    every: Every
    missed: Missed
    active: bool
    next: float
    last: float | None = None
    run: str = ""
    problem: Problem | None = None


class ScheduleStore:
    """Every method raises StoreError where the database cannot be used."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def add(self, flow: str, message: str, every: Every, missed: Missed, now: float) -> str:
        """Keep a new one, and give its id. Raises ValueError where it would never happen."""
        id = uuid4().hex
        self._db.do(
            "INSERT INTO schedules (id, flow, message, every, missed, active, next) "
            "VALUES (?, ?, ?, ?, ?, TRUE, ?)",
            id,
            flow,
            message,
            every.model_dump_json(),
            missed,
            every.next_after(now),
        )
        return id

    def all(self) -> list[Schedule]:
        """Those that failed last first, then by when they happen next."""
        rows = self._db.all(f"SELECT {FACTS} FROM schedules ORDER BY problem IS NULL, active DESC, next")
        return [_read(row) for row in rows]

    def due(self, now: float) -> list[Schedule]:
        """Those whose time has come."""
        rows = self._db.all(f"SELECT {FACTS} FROM schedules WHERE active AND next <= ? ORDER BY next", now)
        return [_read(row) for row in rows]

    def next_time(self) -> float | None:
        (moment,) = self._db.one("SELECT min(next) FROM schedules WHERE active")
        return None if moment is None else float(moment)

    def take(self, schedule: Schedule, following: float) -> bool:
        """Whether it is this process that runs it now; of several, one is first."""
        changed = self._db.do(
            "UPDATE schedules SET next = ? WHERE id = ? AND next = ? AND active",
            following,
            schedule.id,
            schedule.next,
        )
        return changed == 1

    def ran(self, id: str, at: float, run: str, problem: Problem | None = None) -> None:
        """Keep how it went."""
        self._db.do(
            "UPDATE schedules SET last = ?, run = ?, problem = ? WHERE id = ?",
            at,
            run,
            in_column(problem),
            id,
        )

    def ended(self, run: str, problem: Problem | None) -> None:
        """Keep how a run ended that one of them began; another run changes nothing."""
        said = in_column(problem)
        self._db.do("UPDATE schedules SET problem = ? WHERE run = ? AND run <> ''", said, run)

    def activate(self, id: str, active: bool, following: float) -> None:
        """Switch it on, with its next time, or off."""
        self._db.do("UPDATE schedules SET active = ?, next = ? WHERE id = ?", active, following, id)

    def get(self, id: str) -> Schedule | None:
        row = self._db.one(f"SELECT {FACTS} FROM schedules WHERE id = ?", id)
        return _read(row) if row else None

    def delete(self, id: str) -> None:
        self._db.do("DELETE FROM schedules WHERE id = ?", id)

    def delete_of(self, flow: str) -> None:
        self._db.do("DELETE FROM schedules WHERE flow = ?", flow)


def _read(row: tuple[str, str, str, str, Missed, int, float, float | None, str, str | None]) -> Schedule:
    id, flow, message, every, missed, active, following, last, run, problem = row
    told = of_column(problem)
    return Schedule(
        id, flow, message, Every.model_validate_json(every), missed, bool(active), following, last, run, told
    )
