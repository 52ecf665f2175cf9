"""Works through tables: some rows at a time, each once, also where it was stopped or its process ended."""

import asyncio
from collections import deque
from contextlib import suppress
from typing import NamedTuple

from flowloom.errors import FlowloomError, Problem
from flowloom.flow.model import Flow
from flowloom.leased_tasks import LeasedTasks
from flowloom.nodes.templates import fill
from flowloom.run.events import ENDS, RunEvent, RunPaused
from flowloom.runner import Runner
from flowloom.store.batches import Batch, BatchStore, Row
from flowloom.store.leases import Leases
from flowloom.store.runs import BATCH, RunStore

MOST_AT_ONCE = 8
LOOK = 0.5
"""Seconds between looks at a row that another machine has."""
UNSURE = Problem.of(
    "batch.unsure",
    "Flowloom ended while this row was doing something that must not happen twice.",
    "Open its run to see how far it came. If it is still needed, try it again.",
)


class _Table(NamedTuple):
    """A table that is being worked through; `interrupted` are rows whose process ended before they did."""

    batch: Batch
    flow: Flow
    interrupted: deque[Row]


class Batches:
    """The tables of one installation, worked through by the process that holds each of them."""

    def __init__(self, store: BatchStore, runs: RunStore, runner: Runner, leases: Leases) -> None:
        self.store, self._runs, self._runner = store, runs, runner
        self._tasks = LeasedTasks("batch", runner, leases)
        self._awaited: dict[str, asyncio.Event] = {}
        runner.watch(self._hear)

    def resume(self, id: str) -> None:
        """Work through what is left of a table, unless that is being done, here or in another process."""
        self.store.go(id, True)
        self._begin(id)

    def take_up(self) -> None:
        """Go on with the tables that nobody stopped and whose process ended."""
        for id in self.store.left():
            self._begin(id)

    def stop(self, id: str) -> None:
        """Begin no further row; those under way come to their end."""
        self.store.go(id, False)

    def try_again(self, id: str) -> None:
        """Have the rows that failed begin anew."""
        self.store.again(id)
        self.resume(id)

    def is_going(self, id: str) -> bool:
        """Whether somebody works through it now."""
        return self._tasks.is_going(id)

    def delete(self, id: str) -> None:
        """Stop a table and let go of it."""
        self.stop(id)
        self.store.delete(id)

    def _begin(self, id: str) -> None:
        self._tasks.begin(id, lambda: self._go(id))

    async def _go(self, id: str) -> None:
        table = _Table(self.store.get(id), self.store.flow_of(id), deque(self.store.rows(id, state="running")))
        async with asyncio.TaskGroup() as group:
            for _ in range(max(1, min(table.batch.at_once, MOST_AT_ONCE))):
                group.create_task(self._work(table))

    async def _work(self, table: "_Table") -> None:
        while row := self._next(table):
            await self._one(table, row)

    def _next(self, table: "_Table") -> Row | None:
        """A row that nobody works at; None where there is none, the person stopped or deleted the table, or the
        app ends.
        """
        with suppress(FlowloomError):
            if not self._runner.is_held and self.store.get(table.batch.id).going:
                return table.interrupted.popleft() if table.interrupted else self.store.next(table.batch.id)
        return None

    async def _one(self, table: "_Table", row: Row) -> None:
        try:
            run = self._taken_up(row.run) if row.run else self._started(table, row)
        except FlowloomError as error:
            self.store.fail(table.batch.id, row.number, error.problem)
            return
        ended = self._awaited[run] = asyncio.Event()
        try:
            while not self._is_over(table, row, run):
                with suppress(TimeoutError):
                    await asyncio.wait_for(ended.wait(), LOOK)
        finally:
            self._awaited.pop(run, None)

    def _is_over(self, table: "_Table", row: Row, run: str) -> bool:
        """Whether the run of a row has ended or waits for a person; one whose process ended is taken up again."""
        view = self._runner.view(run)
        if view is None or view.state == "running":
            return view is None
        if view.state != "paused" and self._runs.flow_of(run) is not None:
            try:
                self._taken_up(run)
            except FlowloomError as error:
                self.store.fail(table.batch.id, row.number, error.problem)
                return True
            return False
        self.store.tell(view)
        return True

    def _taken_up(self, run: str) -> str:
        """Go on with the run of a row whose process ended. Raises FlowloomError where nobody knows what it did."""
        if self._runner.is_running(run):
            return run
        if self._runner.is_unsure(run):
            self._runner.give_up(run)
            raise FlowloomError.from_problem(UNSURE)
        self._runner.pass_on(run)
        return run

    def _started(self, table: "_Table", row: Row) -> str:
        """Begin the run of a row, kept together with the row: of a crash, both or none are left."""
        message = fill(table.batch.message, row.given).strip()
        with self._runs.whole():
            conversation = self._runs.new_conversation(table.flow.id, via=BATCH)
            run = self._runner.start(table.flow, message, conversation, unattended=True)
            self.store.begin(table.batch.id, row.number, run)
        return run

    def _hear(self, flow_id: str, event: RunEvent) -> None:
        """Keep what came of a row, also long after its table went on: a person may have had to answer first."""
        if isinstance(event, (*ENDS, RunPaused)):
            view = self._runner.view(event.run_id)
            if view is not None:
                self.store.tell(view)
            if event.run_id in self._awaited:
                self._awaited[event.run_id].set()
