"""What is looked after every hour: what was said long ago, what lies in the bin, and what other stores offer."""

from asyncio import TimerHandle
from collections.abc import Callable, Sequence
from contextlib import suppress
from threading import Event, Thread

from flowloom.errors import FlowloomError
from flowloom.people.console import Console
from flowloom.runner import Runner
from flowloom.store.visitor_records import VisitorRecords

FIRST, LOOK = 30.0, 3_600.0
"""Seconds after the start until the first sweep, and between two."""


class Sweep:
    """The sweeps of one installation; those of several processes do no harm to each other."""

    def __init__(
        self,
        console: Console,
        records: VisitorRecords,
        runner: Runner,
        others: Sequence[Callable[[], None]],
        read_only: Callable[[], bool],
    ) -> None:
        """`others` are what else is looked after."""
        self._console, self._records, self._runner = console, records, runner
        self._others, self._read_only = others, read_only
        self._timer: TimerHandle | None = None
        self._thread: Thread | None = None
        self._closed = Event()

    def begin(self, first: float = FIRST) -> None:
        """Sweep from now on."""
        self._runner.in_loop(self._later, first)

    def _later(self, seconds: float) -> None:
        self._timer = self._runner.later(seconds, self._look)

    def close(self) -> None:
        """Sweep no more, and wait for what is under way."""
        self._closed.set()
        if self._thread:
            self._thread.join(timeout=10)

    def _look(self) -> None:
        if self._runner.is_held or self._runner.is_closed or self._closed.is_set():
            return
        # Of a large installation it takes seconds, in which no run may stand still.
        self._thread = Thread(target=self.all, name="flowloom-sweep", daemon=True)
        self._thread.start()
        self._later(LOOK)

    def all(self) -> None:
        """Everything that is due; what cannot be done now, as on a full disk, is done at the next time."""
        for each in (self.forget_old, *self._others):
            if not self._read_only() and not self._closed.is_set():
                with suppress(FlowloomError, OSError):
                    each()

    def forget_old(self) -> None:
        """Let go of conversations and runs that are older than their GPT keeps them. Raises StoreError."""
        console = self._console
        own, usual = console.retention.all(), console.permissions.keep_days
        for flow in console.retention.flows() if own or usual else ():
            days = own.get(flow, usual)
            if days is not None:
                self._forget(flow, days)

    def _forget(self, flow: str, days: int) -> None:
        for conversation in self._console.retention.old_conversations(flow, days):
            if self._closed.is_set():
                return
            self._runner.end_all(self._records.runs_of(conversation))
            self._records.delete(conversation)
        self._console.retention.delete_old_runs(flow, days)
