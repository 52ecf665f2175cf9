"""What the app counts while it runs: requests by door and outcome, runs by how they came and ended.

Nothing of what anybody wrote is in it: no path, no name, no text.
"""

import threading
import time
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from flowloom.serve.doors import door_of
from flowloom.serve.logs import note_request

if TYPE_CHECKING:
    from flowloom.run.reading.view import RunView

BOUNDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0, 300.0)
"""Seconds: the upper ends of a histogram's buckets, below infinity."""
APP, PROBES = "app", "probes"
HEALTH, READY, METRICS = "/health", "/ready", "/metrics"


class Histogram(NamedTuple):
    """How many took at most so long, by the bounds and infinity, and how long all took together, in seconds."""

    counts: list[int]
    total: list[float]

    @classmethod
    def empty(cls) -> "Histogram":
        return cls([0] * (len(BOUNDS) + 1), [0.0])

    def add(self, seconds: float) -> None:
        self.counts[bisect_left(BOUNDS, seconds)] += 1
        self.total[0] += seconds

    def buckets(self) -> Iterator[tuple[str, int]]:
        """Each bound as text, with how many are at or below it."""
        below = 0
        for bound, count in zip([*map(str, BOUNDS), "+Inf"], self.counts, strict=True):
            below += count
            yield bound, below


class Meters:
    """The counts of this process. Safe to use from several threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self.started = time.time()
        self.requests: Counter[tuple[str, str]] = Counter()
        self.runs: Counter[tuple[str, str]] = Counter()
        self.request_seconds: dict[str, Histogram] = {}
        self.run_seconds: dict[str, Histogram] = {}
        self.open_requests: Counter[str] = Counter()
        self.tokens = 0
        self.cost = 0.0

    def request_began(self, door: str) -> None:
        with self._lock:
            self.open_requests[door] += 1

    def request_ended(self, door: str, status: int, seconds: float) -> None:
        """`seconds` until its answer began; a stream may go on for minutes."""
        with self._lock:
            self.open_requests[door] -= 1
            self.requests[door, f"{status // 100}xx" if status else "cut off"] += 1
            self.request_seconds.setdefault(door, Histogram.empty()).add(seconds)

    def run_ended(self, via: str, view: "RunView") -> None:
        with self._lock:
            self.runs[via or APP, view.state] += 1
            if view.ended:
                self.run_seconds.setdefault(via or APP, Histogram.empty()).add(max(0.0, view.ended - view.started))
            self.tokens += view.usage.tokens or 0
            self.cost += view.usage.cost or 0.0


METERS = Meters()
"""Those of this process."""


def door_name(path: str) -> str:
    """Which part of the app a path belongs to; never the path itself, in which names stand."""
    if path in {HEALTH, READY, METRICS}:
        return PROBES
    door = door_of(path)
    return door.path.strip("/") if door else APP


class Measured:
    """ASGI middleware that counts requests; websockets pass uncounted."""

    def __init__(self, app: ASGIApp, meters: Meters) -> None:
        self._app, self._meters = app, meters

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        door, begun = door_name(scope["path"]), time.perf_counter()
        status, answered = 0, begun

        async def send_counted(message: Message) -> None:
            nonlocal status, answered
            if message["type"] == "http.response.start":
                status, answered = message["status"], time.perf_counter()
            await send(message)

        self._meters.request_began(door)
        try:
            await self._app(scope, receive, send_counted)
        finally:
            self._meters.request_ended(door, status, answered - begun)
            note_request(door, scope["method"], status, answered - begun)
