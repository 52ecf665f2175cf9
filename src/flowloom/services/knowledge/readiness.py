"""Bases made ready for their first question while nobody waits for it."""

import contextlib
import sqlite3
import threading

from flowloom.errors import FlowloomError
from flowloom.services.knowledge.bases import KnowledgeBases


class Readiness:
    """Works through what it was asked for, one base at a time, in a thread that ends when there is nothing left."""

    def __init__(self, bases: KnowledgeBases) -> None:
        self._bases = bases
        self._lock = threading.Lock()
        self._asked: dict[str, None] = {}
        self._later: dict[str, None] = {}
        """Bases that answer, and whose answers can be made quicker once no other waits."""
        self._thread: threading.Thread | None = None

    def ask_for(self, base: str) -> None:
        """Make a base ready soon; returns at once."""
        with self._lock:
            self._asked[base] = None
            if self._thread is None:
                # A daemon: closing the app does not wait for what can be made again.
                self._thread = threading.Thread(target=self._work, name="readiness", daemon=True)
                self._thread.start()

    def wait(self, seconds: float = 60.0) -> bool:
        """Whether all that was asked for is done within that time."""
        thread = self._thread
        if thread is not None:
            thread.join(seconds)
        return self._thread is None

    def _work(self) -> None:
        while True:
            with self._lock:
                if not self._asked and not self._later:
                    self._thread = None
                    return
                base = next(iter(self._asked or self._later))
                is_first = base in self._asked
                self._asked.pop(base, None)
                self._later[base] = None
            # Whoever asks the base hears what is wrong with it; here nobody would.
            more = False
            with contextlib.suppress(FlowloomError, OSError, sqlite3.Error):
                if is_first:
                    self._bases.make_ready(base)
                more = is_first or self._bases.prepare_some(base)
            if not more:
                with self._lock:
                    self._later.pop(base, None)
