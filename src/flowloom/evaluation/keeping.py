"""Writes results of an experiment down some at a time: what models answered is kept already, one by one."""

import asyncio
from collections.abc import Sequence
from contextlib import suppress

from flowloom.errors import FlowloomError
from flowloom.run.events import RunEvent
from flowloom.store.experiments import ExperimentStore, Result

MOST, LONGEST = 32, 0.25
"""Results, and seconds, after which they are written down. What a crash loses is worked out again, and free."""


class Keeping:
    """The results of one experiment on their way to the store."""

    def __init__(self, store: ExperimentStore, id: str) -> None:
        self._store, self._id = store, id
        self._held: list[tuple[Result, Sequence[RunEvent]]] = []
        self._timer: asyncio.TimerHandle | None = None

    def keep(self, result: Result, events: Sequence[RunEvent]) -> None:
        """Keep a result soon. Raises StoreError where nothing can be kept."""
        self._held.append((result, events))
        if len(self._held) >= MOST:
            self.flush()
        elif self._timer is None:
            self._timer = asyncio.get_running_loop().call_later(LONGEST, self._flush_later)

    def _flush_later(self) -> None:
        self._timer = None
        with suppress(FlowloomError):  # They stay, and whoever flushes next says so.
            self.flush()

    def flush(self) -> None:
        """Write down what is held. Raises StoreError, and then it is held still."""
        if self._timer:
            self._timer.cancel()
            self._timer = None
        if self._held:
            self._store.keep_all(self._id, self._held)
            self._held = []
