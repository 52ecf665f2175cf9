"""Who works on what: a process holds what it has under way, and others take it over only once it has ended.

A process counts a number up while it holds something. Whoever waits for it watches that number by a clock of
their own that no one can set, so that a jump of the computer's time neither ends nor prolongs a lease. On one
computer nobody has to wait: a process that has ended is known by its number and the moment it began.
"""

import time
from collections.abc import Callable
from threading import Event, RLock, Thread
from uuid import uuid4

from flowloom.errors import StoreError
from flowloom.store.db import Database
from flowloom.store.processes import Process, ended, this_process

LEASE = 20.0
"""Seconds without a sign after which a process counts as ended."""
BEAT = 1.0
"""Seconds between two signs of a process that holds something."""

WAITING = "queue"
"""The owner of what waits for whichever worker is free, as if it were a process."""

Tick = Callable[[frozenset[str], dict[str, str]], None]
"""`tick(lost, wishes)`: what is no longer ours, and what others wish of what is."""


class LeaseLost(StoreError):
    """Another process has taken this over, so this one must not go on with it."""

    code = "store.lease"

    def __init__(self) -> None:
        super().__init__(
            "This continues in another Flowloom window, so it stopped here.",
            "Reopen the conversation to see how it continues.",
        )


class Leases:
    """What this process holds, and whether others hold something."""

    def __init__(
        self,
        db: Database,
        *,
        seconds: float = LEASE,
        beat: float = BEAT,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._db, self._seconds, self._every, self._clock = db, seconds, beat, clock
        self.me, self._here = uuid4().hex, this_process()
        self._held: set[str] = set()
        self._seen: dict[str, tuple[int, float]] = {}
        self._ticks: list[Tick] = []
        self._lock, self._closed = RLock(), Event()
        self._thread: Thread | None = None

    def on_tick(self, tick: Tick) -> None:
        """Call this after every sign; in a thread of its own."""
        self._ticks.append(tick)

    def claim(self, name: str) -> bool:
        """Hold something that is free, ours, or of a process that has ended; whether it is ours now."""
        with self._db.transaction():
            owner = self._owner(name)
            if owner not in ("", self.me, WAITING) and self._alive(owner):
                return False
            self._appear()
            # Of two who see the same process ended, one finds its name here and the other does not.
            taken = self._db.do(
                "INSERT INTO leases (name, owner) VALUES (?, ?) "
                "ON CONFLICT (name) DO UPDATE SET owner = excluded.owner, wish = '' WHERE leases.owner = ?",
                name,
                self.me,
                owner,
            )
        if taken:
            with self._lock:
                self._held.add(name)
            self._start()
        return bool(taken)

    def leave(self, name: str) -> bool:
        """Let something that is ours, or of nobody at work, wait for whichever worker is free; whether it does."""
        owner = self._owner(name)
        if owner == WAITING or (owner not in ("", self.me) and self._alive(owner)):
            return False
        left = self._db.do(
            "INSERT INTO leases (name, owner) VALUES (?, ?) "
            "ON CONFLICT (name) DO UPDATE SET owner = excluded.owner, wish = '' WHERE leases.owner = ?",
            name,
            WAITING,
            owner,
        )
        with self._lock:
            self._held.discard(name)
        return bool(left)

    def named(self, prefix: str) -> dict[str, str]:
        """Who holds what of which the name begins so; `WAITING` is nobody yet."""
        rows = self._db.all("SELECT name, owner FROM leases WHERE name >= ? AND name < ?", prefix, prefix + "\x7f")
        return dict(rows)

    def is_at_work(self, owner: str) -> bool:
        """Whether a process that holds something is there still."""
        return owner == self.me or self._alive(owner)

    def drop(self, name: str, owner: str) -> None:
        """Let go of what a process held that has ended."""
        self._db.do("DELETE FROM leases WHERE name = ? AND owner = ?", name, owner)

    def require(self, name: str) -> None:
        """Raises LeaseLost where this is no longer ours. To be called in the transaction that relies on it."""
        if self._owner(name) != self.me:
            raise LeaseLost

    def held_elsewhere(self, name: str) -> bool:
        """Whether another process that is at work holds this."""
        owner = self._owner(name)
        return owner == WAITING or (owner not in ("", self.me) and self._alive(owner))

    def release(self, name: str) -> None:
        """Let go of something; what is not ours stays as it is."""
        self._db.do("DELETE FROM leases WHERE name = ? AND owner = ?", name, self.me)
        with self._lock:
            self._held.discard(name)

    def wish(self, name: str, wish: str) -> None:
        """Ask whoever holds this for something; it hears of it at its next sign."""
        self._db.do("UPDATE leases SET wish = ? WHERE name = ?", wish, name)

    def close(self) -> None:
        """Let go of everything."""
        if self._closed.is_set():
            return
        self._closed.set()
        if self._thread:
            self._thread.join(timeout=10)
        if self._thread and not self._db.read_only:
            with self._db.transaction():
                self._db.do("DELETE FROM leases WHERE owner = ?", self.me)
                self._db.do("DELETE FROM processes WHERE id = ?", self.me)

    def _owner(self, name: str) -> str:
        row = self._db.one("SELECT owner FROM leases WHERE name = ?", name)
        return str(row[0]) if row else ""

    def _alive(self, owner: str) -> bool:
        row = self._db.one("SELECT place, pid, born, beat FROM processes WHERE id = ?", owner)
        if row is None or ended(Process(*row[:3]), self._here):
            return False
        beat, now = int(row[3]), self._clock()
        with self._lock:
            known = self._seen.get(owner)
            if known is None or known[0] != beat:
                self._seen[owner] = (beat, now)
                return True
            return now - known[1] <= self._seconds

    def _appear(self) -> None:
        """Be known to others, also after a pause in which nothing was held."""
        here = self._here
        counted = self._db.do("UPDATE processes SET beat = beat + 1 WHERE id = ?", self.me)
        if not counted:
            values = (self.me, here.place, here.pid, here.born)
            self._db.do("INSERT INTO processes VALUES (?, ?, ?, ?, 1)", *values)
            self._forget_ended()

    def _forget_ended(self) -> None:
        rows = self._db.all(
            "SELECT id, place, pid, born FROM processes WHERE id NOT IN (SELECT owner FROM leases) AND id <> ?",
            self.me,
        )
        for id, *facts in rows:
            if ended(Process(*facts), self._here):
                self._db.do("DELETE FROM processes WHERE id = ?", id)

    def _start(self) -> None:
        with self._lock:
            if self._thread is None and not self._closed.is_set():
                self._thread = Thread(target=self._beat, name="flowloom-leases", daemon=True)
                self._thread.start()

    def _beat(self) -> None:
        while not self._closed.wait(self._every):
            with self._lock:
                held = frozenset(self._held)
            if held:
                self._give_sign(held)

    def _give_sign(self, held: frozenset[str]) -> None:
        try:
            with self._db.transaction():
                self._appear()
                ours = dict(self._db.all("SELECT name, wish FROM leases WHERE owner = ?", self.me))
        except StoreError:
            return  # Whoever takes over meanwhile is found at the next write.
        with self._lock:
            # What was let go of since `held` was looked at is not lost.
            lost = (held & self._held) - ours.keys()
            self._held -= lost
        for tick in tuple(self._ticks):
            tick(lost, {name: wish for name, wish in ours.items() if wish})
