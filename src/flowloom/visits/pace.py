"""How much a visitor may ask for in a while, so that nobody takes the place of all others."""

import time
from collections import OrderedDict, deque
from collections.abc import Callable
from threading import Lock

from flowloom.visits.visitors import VisitError

MINUTE = 60.0
MOST_KEYS = 20_000
"""Of how many visitors is remembered what they did in the last minute."""


class PaceError(VisitError):
    """Too much at once; the same works a little later."""

    code = "visit.pace"


class Pace:
    """Counts what each did within a minute. Safe to use from several threads."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock, self._lock = clock, Lock()
        self._done: OrderedDict[tuple[str, str], deque[float]] = OrderedDict()

    def take(self, what: str, who: str, most: int) -> None:
        """Count one more. Raises PaceError where `who` did `what` that often in the last minute already."""
        with self._lock:
            now = self._clock()
            done = self._done.pop((what, who), None) or deque()
            self._done[what, who] = done
            while len(self._done) > MOST_KEYS:
                self._done.popitem(last=False)
            while done and done[0] <= now - MINUTE:
                done.popleft()
            if len(done) >= most:
                raise PaceError("That was a lot at once.", "Wait a minute, then try again.")
            done.append(now)
