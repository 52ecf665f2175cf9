"""A run from its start to its end, or to what only a person can answer."""

import asyncio
from collections.abc import Callable, Sequence

from flowloom.errors import BudgetError
from flowloom.kinds.context import Turn, Waiting
from flowloom.kinds.services import Services
from flowloom.run.events import (
    RunCancelled,
    RunEvent,
    RunFailed,
    RunFinished,
    RunPaused,
    RunResumed,
    RunStarted,
)
from flowloom.run.execution.budget import HINT, Meter
from flowloom.run.execution.context import RunContext
from flowloom.run.execution.flow_execution import Execution
from flowloom.run.execution.journal import Emit, Journal
from flowloom.run.execution.outcome import Stopped
from flowloom.run.planning.plan import Plan


async def execute(
    plan: Plan,
    turn: Turn,
    services: Services,
    tell: Callable[[RunEvent], object],
    run_id: str,
    past: Sequence[RunEvent] = (),
) -> None:
    """Run a plan to its end or to a question, giving every event to `tell`. Never raises but CancelledError."""

    def emit(events: Sequence[RunEvent]) -> None:
        for event in events:
            tell(event)

    await Run(plan, turn, services, emit, run_id, past).go()


class Run:
    """A run from its start, or from where its log ends, to its end or to what only a person can answer.

    `past` are the events of the same run in earlier processes: what has ended there does not run again.
    """

    def __init__(
        self, plan: Plan, turn: Turn, services: Services, emit: Emit, run_id: str, past: Sequence[RunEvent] = ()
    ) -> None:
        journal, meter = Journal(run_id, emit, past), Meter(plan.budget)
        self._context = RunContext(turn, services, journal, meter, plan.language)
        self._plan, self._past = plan, past
        self._top = Execution(plan, self._context)

    async def go(self) -> None:
        tell = self._context.journal.tell
        if self._past:
            tell(RunResumed)
            self._context.meter.count(self._past)
        else:
            message, nodes = self._context.turn.message, len(self._plan.steps)
            own = self._context.services.custom_instructions if self._plan.custom_instructions else ""
            tell(RunStarted, flow_id=self._plan.flow_id, message=message, nodes=nodes, custom_instructions=own)
        try:
            await self._go_within_time()
        except asyncio.CancelledError:
            tell(RunCancelled)
            raise
        except Stopped as stop:
            tell(RunFailed, problem=stop.problem)
        except Waiting:
            tell(RunPaused)
        else:
            tell(RunFinished)

    async def _go_within_time(self) -> None:
        seconds = self._plan.budget.seconds
        try:
            async with asyncio.timeout(seconds):
                await self._top.go()
        except TimeoutError:
            said = "This run reached its limit of {limit} seconds."
            limit = BudgetError(said, HINT, code="budget.seconds", limit=seconds)
            raise Stopped(limit.problem) from None

    def wake(self) -> None:
        """A person has answered: go on with what waited for it. To be called in the loop of the run."""
        self._top.wake()
