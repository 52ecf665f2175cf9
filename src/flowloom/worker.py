"""A process without pages that takes over what outlives a request, beside any number of others."""

import signal
import time
from collections.abc import Callable
from contextlib import suppress
from threading import BoundedSemaphore, Event
from types import FrameType
from typing import Protocol

from flowloom.errors import FlowloomError, Problem, StoreError
from flowloom.store.crew import EXPERIMENT, PROMPT, TUNING
from flowloom.store.dbos_queue import PACKAGE
from flowloom.store.work_queue import WorkQueue
from flowloom.workspace import Workspace

NO_DATABASE = Problem.of(
    "worker.database",
    "A worker shares a PostgreSQL database with the app, and FLOWLOOM_DATABASE names none.",
    "Set FLOWLOOM_DATABASE to the same address as for the app. With a file, the app does everything itself.",
)
LOOK, TIDY = 1.0, 30.0
"""Seconds between looks at what ended workers left, and at whether the queue is in order."""
AT_ONCE = 8


class Doer(Protocol):
    """Does work of one kind that is no run."""

    def work_here(self, id: str) -> None:
        """Do in this process what is left of it, unless another one does."""

    def is_here(self, id: str) -> bool:
        """Whether this process does it now."""


class Worker:
    """Works the queue of one installation until it is told to end."""

    def __init__(self, home: Workspace, at_once: int = AT_ONCE) -> None:
        """Raises StoreError where there can be no workers."""
        if home.handover.queue is None:
            raise StoreError.from_problem(NO_DATABASE if home.backups.possible else PACKAGE)
        self._home, self._at_once = home, at_once
        self._queue: WorkQueue = home.handover.queue
        self._room = BoundedSemaphore(at_once)
        self._ending, self._ended = Event(), Event()
        self._doubted: set[str] = set()

    def begin(self) -> None:
        """Take up work from now on. Raises StoreError."""
        home = self._home
        _import_what_runs_need()
        self._queue.serve(home.leases.me, home.lanes(), self._at_once, self.work)
        home.crew.join(self._at_once)
        home.takeover.begin(LOOK)
        home.schedules.begin()
        home.mail_folders.begin()
        home.knowledge.renew_stale()

    def work(self, run_id: str) -> None:
        """Take one run to its end, or to where it waits for a person."""
        with self._room:
            if not self._ending.is_set():
                try:
                    self._to_the_end(run_id)
                except FlowloomError as error:
                    self._home.takeover.refuse(run_id, error.problem)
        if self._ending.is_set():
            self._ended.wait()  # It is not over, and goes back into the queue.

    def _to_the_end(self, run_id: str) -> None:
        runner = self._home.runner
        if run_id.startswith(TUNING):
            # For hours it is looked at now and then, which takes no place from others.
            self._home.tunings.work_here(run_id.removeprefix(TUNING))
            return
        if work := self._work_of(run_id):
            self._work_off(*work)
            return
        if runner.is_unsure(run_id):
            self._home.crew.call_back(run_id)
        elif runner.take(run_id):
            while (view := runner.view(run_id)) and view.state == "running" and not self._ended.is_set():
                runner.wait(run_id, view.count, 1.0)

    def _work_of(self, name: str) -> tuple[Doer, str] | None:
        """What is no run: who does it, and its id."""
        home = self._home
        doers: dict[str, Doer] = {EXPERIMENT: home.experiments, PROMPT: home.studio}
        found = next((prefix for prefix in doers if name.startswith(prefix)), None)
        return (doers[found], name.removeprefix(found)) if found else None

    def _work_off(self, doer: Doer, id: str) -> None:
        """All that is left of it, as much at a time as it says."""
        doer.work_here(id)
        while doer.is_here(id) and not self._ended.is_set():
            time.sleep(LOOK / 10)

    def serve(self, wanted: Callable[[], bool]) -> None:
        """Go on as long as that is wanted, and keep the queue in order."""
        tidy = time.monotonic() + TIDY
        while wanted():
            time.sleep(0.2)
            if time.monotonic() >= tidy:
                tidy = time.monotonic() + TIDY
                with suppress(FlowloomError):  # The database is away for a moment.
                    self.tidy()

    def tidy(self) -> None:
        """Go by the settings as they are now, forget what is over, and miss nothing that waits."""
        self._home.read_settings_again()
        self._queue.limit(self._home.lanes())
        self._queue.forget_ended()
        waiting = set(self._home.crew.waiting())
        known = self._queue.known() if waiting else waiting
        missing = set() if known is None else waiting - known
        for run in missing & self._doubted:  # Seen twice, so it is not just being put there.
            self._home.crew.call_back(run)
        self._doubted = missing

    def end(self, seconds: float) -> None:
        """Take up nothing new, let what is under way end within so many seconds, and give back the rest."""
        home, until = self._home, time.monotonic() + seconds
        self._ending.set()
        home.hold()
        while (home.runner.busy() or home.experiments.busy or home.studio.busy) and time.monotonic() < until:
            time.sleep(0.05)
        with suppress(FlowloomError):  # Whoever sees this process ended gives it back.
            home.takeover.return_all_of(home.leases.me)
        self._ended.set()
        self._queue.close()
        home.close()


def _import_what_runs_need() -> None:
    """Before anything is taken up: runs that are under way would wait for it."""
    from flowloom.kinds.registry import all_kinds

    all_kinds()
    import openai.resources  # noqa: F401


def serve_until_told(worker: Worker, seconds: float) -> None:
    """Work until SIGTERM or Ctrl-C; a second one waits for nothing."""
    told = Event()

    def tell(number: int, frame: FrameType | None) -> None:
        if told.is_set() or number == signal.SIGINT:
            nonlocal seconds
            seconds = 0.0
        told.set()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, tell)
    worker.begin()
    worker.serve(lambda: not told.is_set())
    worker.end(seconds)
