"""Bases whose vectors are of another embedding than the one in use, renewed in the background."""

import contextlib
import sqlite3
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable

from pydantic import BaseModel, ConfigDict

from flowloom.errors import FlowloomError, Problem
from flowloom.services.disk_failures import disk_problem
from flowloom.services.knowledge.claims import Alone, Claims
from flowloom.services.knowledge.loaders.document import OnProgress

Renew = Callable[[str, OnProgress], bool]

AGAIN = 30.0
"""Seconds after which a renewal that failed is tried again, when the base is asked."""
_MOST = 3
"""Renewals of one base with one embedder: two processes that disagree on it do not renew it in turns for ever."""
_LONGEST_BATCH = 10.0


class Renewal(BaseModel):
    """How far a base is: `done` is from 0 to 1. One that failed says why, and is tried again by itself."""

    model_config = ConfigDict(frozen=True)

    done: float = 0.0
    problem: Problem | None = None


class _Stopped(BaseException):
    """Not an error: another embedder is in use by now, or the app is closing."""


class Renewals:
    """One base at a time, in a thread that ends when nothing is left; of several processes one does it."""

    def __init__(self, renew: Renew, claims: Claims | None = None) -> None:
        self._renew, self._claims = renew, claims or Alone()
        self._lock = threading.Lock()
        self._waiting: dict[str, None] = {}
        self._under_way: tuple[str, int] | None = None
        self._states: dict[str, Renewal] = {}
        self._failed_at: dict[str, float] = {}
        self._counts: Counter[str] = Counter()
        self._round = 0
        self._closed = False
        self._thread: threading.Thread | None = None

    def ask_for(self, bases: Iterable[str]) -> None:
        """Renew these soon; returns at once."""
        with self._lock:
            for base in bases:
                if self._may_begin(base):
                    self._waiting[base] = None
            if self._waiting and self._thread is None and not self._closed:
                self._thread = threading.Thread(target=self._work, name="renewals", daemon=True)
                self._thread.start()

    def begin_again(self) -> None:
        """Another embedder is in use: what is under way stops, what failed may be tried, nothing waits."""
        with self._lock:
            self._round += 1
            for known in (self._waiting, self._states, self._failed_at, self._counts):
                known.clear()

    def state_of(self, base: str) -> Renewal | None:
        """How far a base is; None where there is nothing to renew."""
        with self._lock:
            return self._states.get(base)

    def wait(self, seconds: float = 60.0) -> bool:
        """Whether all that was asked for is done within that time."""
        thread = self._thread
        if thread is not None:
            thread.join(seconds)
        return self._thread is None

    def close(self) -> None:
        """Stop after the batch under way, which is kept for the next time."""
        self._closed = True
        self.begin_again()
        self.wait(_LONGEST_BATCH)

    def _may_begin(self, base: str) -> bool:
        if self._under_way == (base, self._round):  # what is being renewed looks at itself
            return False
        failed = self._failed_at.get(base)
        return self._counts[base] < _MOST and (failed is None or time.monotonic() - failed >= AGAIN)

    def _work(self) -> None:
        while True:
            with self._lock:
                self._under_way = None
                if not self._waiting or self._closed:
                    self._thread = None
                    return
                base, began = next(iter(self._waiting)), self._round
                del self._waiting[base]
                self._under_way = base, began
            self._one(base, began)

    def _one(self, base: str, began: int) -> None:
        claim = f"renew:{base}"
        try:
            if not self._claims.claim(claim):
                self._end(base, began, None)  # another process is at it; if that one dies, this is asked again
                return
            try:
                done = self._renew(base, lambda done: self._advance(base, began, done))
            finally:
                with contextlib.suppress(FlowloomError):
                    self._claims.release(claim)
            self._end(base, began, None, renewed=done)
        except _Stopped:
            return
        except FlowloomError as error:
            self._end(base, began, error.problem)
        except (OSError, sqlite3.Error) as error:  # such as a base that is deleted at this moment
            self._end(base, began, disk_problem(error))

    def _advance(self, base: str, began: int, done: float) -> None:
        with self._lock:
            if began != self._round or self._closed:
                raise _Stopped
            self._states[base] = Renewal(done=done)

    def _end(self, base: str, began: int, problem: Problem | None, renewed: bool = False) -> None:
        with self._lock:
            if began != self._round:
                return
            self._counts[base] += renewed
            self._failed_at.pop(base, None)
            if problem is None:
                self._states.pop(base, None)
            else:
                self._failed_at[base] = time.monotonic()
                self._states[base] = Renewal(problem=problem)
