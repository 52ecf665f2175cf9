"""Goes on with what outlives a request where its process ended, on whichever machine that was."""

from asyncio import TimerHandle
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Protocol

from flowloom.batches import Batches
from flowloom.errors import FlowloomError, Problem
from flowloom.handover import Handover
from flowloom.runner import Runner

LOOK = 5.0
"""Seconds between looks at what was left."""
UNSURE = Problem.of(
    "run.unsure",
    "Flowloom ended while this run was doing something that must not happen twice.",
    "Open its run to see how far it came. If it is still needed, run it again.",
)


class TakesUp(Protocol):
    """Does work that is no run."""

    def take_up(self) -> None:
        """Go on with what nobody stopped and whose process ended."""


class Takeover:
    """What any process of an installation does for those that ended."""

    def __init__(
        self,
        runner: Runner,
        handover: Handover,
        batches: Batches,
        work: Sequence[TakesUp],
        tell: Callable[[str, Problem], None],
    ) -> None:
        """`work` is what is no run.

        `tell(run_id, problem)`: a run stays where it is, and a person has to know why.
        """
        self._runner, self._handover, self._batches, self._tell = runner, handover, batches, tell
        self._work = work
        self._timer: TimerHandle | None = None
        self._every = LOOK
        self._told: set[str] = set()

    def begin(self, every: float = LOOK) -> None:
        """Look after it from now on, and again after so many seconds."""
        self._every = every
        self._runner.in_loop(self.look)

    def look(self) -> None:
        """Take up what was left; to be called in the loop of the runs."""
        if self._timer:
            self._timer.cancel()
        if self._runner.is_held or self._runner.is_closed:
            return
        with suppress(FlowloomError):  # The database is away: what was left is there at the next look.
            self._clear_up()
            for run in self._handover.crew.left():
                self._take_up(run)
            self._batches.take_up()
            for each in self._work:
                each.take_up()
        self._timer = self._runner.later(self._every, self.look)

    def _clear_up(self) -> None:
        """What a worker had that ended without a word waits anew."""
        for worker in self._handover.crew.ended():
            self.return_all_of(worker)
            self._handover.crew.forget(worker)

    def return_all_of(self, worker: str) -> None:
        """Have all that a worker took up wait anew; what it had begun is held by a process that ended."""
        queue = self._handover.queue
        entries = queue.had(worker) if queue else {}
        for run in entries.values():
            self._handover.crew.call_back(run)
        if queue and entries:
            queue.take_back(entries)

    def _take_up(self, run: str) -> None:
        if run in self._told:
            return
        try:
            if self._runner.is_unsure(run):
                raise FlowloomError.from_problem(UNSURE)
            self._runner.pass_on(run)
        except FlowloomError as error:
            self.refuse(run, error.problem)

    def refuse(self, run: str, problem: Problem) -> None:
        """This process does not take up a run, and a person is told why; where the database is away, it may yet."""
        if not problem.code.startswith("store."):
            self._told.add(run)
            self._tell(run, problem)
