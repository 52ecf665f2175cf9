"""How the server ends: nothing new is begun, what is under way may come to its end, streams end.

uvicorn by itself would wait for every open canvas, and so for ever, and for no run at all.
"""

import os
import signal
import time
from collections.abc import Callable
from threading import Thread
from types import FrameType
from weakref import WeakSet

from uvicorn import Server

SECONDS_VARIABLE = "FLOWLOOM_DRAIN_SECONDS"
SECONDS = 8.0
"""How long runs under way may go on once the server is told to end: less than the 10 that Docker grants."""
LOOK = 0.05
"""Seconds between looks at what is under way."""


class Leaving:
    """Calls whoever listens once the server has been told to end."""

    def __init__(self) -> None:
        self._listeners: WeakSet[Callable[[], None]] = WeakSet()
        self._hold: Callable[[], None] = lambda: None
        self._busy: Callable[[], int] = lambda: 0
        self.is_draining = False

    def listen(self, listener: Callable[[], None]) -> None:
        """Call this later, as long as somebody else holds it."""
        self._listeners.add(listener)

    def wait_for(self, hold: Callable[[], None], busy: Callable[[], int]) -> None:
        """Before the end call `hold`, after which nothing begins by itself, and wait while `busy` is above 0."""
        self._hold, self._busy = hold, busy

    def begin(self) -> None:
        for listener in tuple(self._listeners):
            listener()

    def is_busy(self) -> bool:
        return self._busy() > 0

    def drain(self, end: Callable[[], None], seconds: float) -> None:
        """Begin nothing new, and call `end` once nothing is under way, or after so many seconds."""
        self.is_draining = True
        self._hold()
        Thread(target=self._end_when_idle, args=(end, time.monotonic() + seconds), daemon=True).start()

    def _end_when_idle(self, end: Callable[[], None], until: float) -> None:
        while self.is_busy() and time.monotonic() < until:
            time.sleep(LOOK)
        end()


leaving = Leaving()


def drain_seconds() -> float:
    """As the environment says, or the default where it says nothing that is a number."""
    try:
        return max(0.0, float(os.environ.get(SECONDS_VARIABLE, SECONDS)))
    except ValueError:
        return SECONDS


def leave_with_the_server() -> None:
    """Once for the process. A second signal, and the person at the terminal, wait for nothing."""
    told = Server.handle_exit
    if getattr(told, "ends_streams", False):
        return

    def handle_exit(self: Server, sig: int, frame: FrameType | None) -> None:
        def end() -> None:
            told(self, sig, frame)
            leaving.begin()

        if sig == signal.SIGTERM and leaving.is_busy() and not leaving.is_draining:
            leaving.drain(end, drain_seconds())
        else:
            end()

    handle_exit.ends_streams = True  # type: ignore[attr-defined]
    Server.handle_exit = handle_exit  # type: ignore[method-assign]
