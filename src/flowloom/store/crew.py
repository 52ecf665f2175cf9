"""The workers that share a database: who is there, what each has under way, and what waits for them."""

import os
import platform
import time
from collections import Counter
from collections.abc import Callable
from typing import NamedTuple

from flowloom.store.db import Database
from flowloom.store.leases import WAITING, Leases
from flowloom.store.runs import API, BATCH, HOOK, MAIL, SCHEDULE

UNATTENDED = (API, BATCH, HOOK, MAIL, SCHEDULE)
"""The doors of runs that nobody has to wait for."""
PREFIX, RUN = "worker:", "run:"
EXPERIMENT, PROMPT, TUNING = WORK = ("experiment:", "prompt:", "tuning:")
"""How the leases of work begin that is no run."""
SEEN = 1.0
"""Seconds for which an answer to whether there is a worker holds."""
DAY = 86_400.0


class Worker(NamedTuple):
    """A process that takes over what outlives a request; `since` is in epoch seconds."""

    id: str
    place: str
    pid: int
    at_once: int
    since: float
    busy: int = 0
    """How many runs and pieces of other work it has under way."""


class Standing(NamedTuple):
    """How it stands with all that nobody waits for; `failed` counts runs of the last day."""

    workers: tuple[Worker, ...]
    waiting: int
    failed: int


class Crew:
    """The workers of one installation."""

    def __init__(self, db: Database, leases: Leases, clock: Callable[[], float] = time.monotonic) -> None:
        self._db, self._leases, self._clock = db, leases, clock
        self._known: tuple[float, bool] | None = None

    def join(self, at_once: int) -> None:
        """Be known as a worker from now on, until this process ends."""
        place = platform.node().replace(":", "-") or "-"
        self._leases.claim(f"{PREFIX}{time.time():.0f}:{at_once}:{os.getpid()}:{place}")

    def is_there(self) -> bool:
        """Whether there is a worker at work."""
        now = self._clock()
        if self._known is None or now - self._known[0] > SEEN:
            self._known = now, any(map(self._leases.is_at_work, self._leases.named(PREFIX).values()))
        return self._known[1]

    def ended(self) -> list[str]:
        """Workers that have ended without saying so."""
        return [owner for owner in self._leases.named(PREFIX).values() if not self._leases.is_at_work(owner)]

    def forget(self, ended: str) -> None:
        """Nothing is left to be done for a worker that has ended."""
        for name, owner in self._leases.named(PREFIX).items():
            if owner == ended:
                self._leases.drop(name, owner)

    def waiting(self) -> list[str]:
        """Runs that wait for a worker, and other work by the names of its leases."""
        held = {name: owner for prefix in (RUN, *WORK) for name, owner in self._leases.named(prefix).items()}
        return [name.removeprefix(RUN) for name, owner in held.items() if owner == WAITING]

    def call_back(self, run_id: str) -> None:
        """What waits is no longer in the queue, so whoever looks next passes it on anew."""
        self._leases.drop(run_id if run_id.startswith(WORK) else RUN + run_id, WAITING)

    def standing(self) -> Standing:
        holders = Counter[str]()
        for prefix in (RUN, *WORK):
            holders.update(self._leases.named(prefix).values())
        workers = [
            _read(name, owner, holders[owner])
            for name, owner in self._leases.named(PREFIX).items()
            if self._leases.is_at_work(owner)
        ]
        marks = ", ".join("?" * len(UNATTENDED))
        (failed,) = self._db.one(
            f"SELECT count(*) FROM runs WHERE state = 'failed' AND started > ? AND via IN ({marks})",
            time.time() - DAY,
            *UNATTENDED,
        )
        return Standing(tuple(sorted(workers, key=lambda each: each.since)), holders[WAITING], int(failed))

    def is_unattended(self, run_id: str) -> bool:
        """Whether nobody has to wait for a run that has not ended, so that any machine may go on with it."""
        row = self._db.one(
            "SELECT via FROM unfinished u JOIN conversations c ON c.id = u.conversation WHERE u.run = ?", run_id
        )
        return bool(row) and row[0] in UNATTENDED

    def left(self) -> list[str]:
        """Runs of these doors, the oldest first, that no process at work has, and that neither ended nor paused.

        What waits for a worker is not among them as long as there is one.
        """
        marks = ", ".join("?" * len(UNATTENDED))
        rows = self._db.all(
            "SELECT u.run, coalesce(l.owner, '') FROM unfinished u JOIN conversations c ON c.id = u.conversation "
            "LEFT JOIN runs r ON r.id = u.run LEFT JOIN leases l ON l.name = 'run:' || u.run "
            "LEFT JOIN api_runs a ON a.run = u.run "
            f"WHERE c.via IN ({marks}) AND coalesce(r.state <> 'paused', TRUE) AND coalesce(a.lasting, TRUE) "
            "ORDER BY u.rowid",
            *UNATTENDED,
        )
        there = self.is_there()
        return [run for run, owner in rows if self._is_free(owner, there)]

    def _is_free(self, owner: str, there: bool) -> bool:
        if owner == WAITING:
            return not there
        return owner == "" or not self._leases.is_at_work(owner)


def _read(name: str, owner: str, busy: int) -> Worker:
    since, at_once, pid, place = name.removeprefix(PREFIX).split(":", 3)
    return Worker(owner, place, int(pid), int(at_once), float(since), busy)
