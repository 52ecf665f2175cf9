"""Runs a plan: each node starts the moment its own inputs are decided, and all that happens is an event."""

import asyncio
import time
from collections import deque
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Any, cast

from pydantic import BaseModel, ValidationError

from flowloom.errors import BudgetError, FlowloomError, NodeError, Problem
from flowloom.kinds.context import NodeContext, Services, Turn
from flowloom.kinds.port import as_text
from flowloom.kinds.values import Usage
from flowloom.run.budget import HINT, Meter
from flowloom.run.events import (
    NodeFailed,
    NodeFinished,
    NodeProgress,
    NodeRetried,
    NodeSkipped,
    NodeStarted,
    NodeWarned,
    RunCancelled,
    RunEvent,
    RunFailed,
    RunFinished,
    RunResumed,
    RunStarted,
)
from flowloom.run.firing import Decided, Firing, Outputs
from flowloom.run.plan import Plan, Step
from flowloom.run.resume import decided_after
from flowloom.run.tools import NodeTool
from flowloom.run.view import RELAYED

Emit = Callable[[RunEvent], None]

AT_ONCE = 64
"""How many nodes of one run work side by side."""
BREATH = 64
"""After how many nodes that never waited the loop gets its turn, so that a run can be cancelled."""


class _Stopped(Exception):
    """Ends the run with the problem of the node that stopped it."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.code)
        self.problem = problem


async def execute(
    plan: Plan, turn: Turn, services: Services, emit: Emit, run_id: str, past: Sequence[RunEvent] = ()
) -> None:
    """Run a plan to its end, telling every event to `emit`. Never raises but CancelledError.

    `past` are the events of the same run in an earlier process: what has ended there does not run again.
    """
    await Execution(plan, turn, services, emit, run_id).run(past)


class Execution:
    """One run under way."""

    def __init__(self, plan: Plan, turn: Turn, services: Services, emit: Emit, run_id: str) -> None:
        self._plan, self._turn, self._services = plan, turn, services
        self._emit, self._run_id = emit, run_id
        self._seq = 0
        self._meter = Meter(plan.budget)
        self._firing = Firing(plan)
        self._relaying: dict[str, str] = {}
        self._ready: deque[Step] = deque()
        self._workers = 0
        self._group: asyncio.TaskGroup

    async def run(self, past: Sequence[RunEvent] = ()) -> None:
        if past:
            self._take_up(past)
        else:
            steps = len(self._plan.steps)
            self.tell(RunStarted, flow_id=self._plan.flow_id, message=self._turn.message, nodes=steps)
            self._take(self._firing.begin())
        try:
            await self._run_within_time()
        except asyncio.CancelledError:
            self.tell(RunCancelled)
            raise
        except _Stopped as stop:
            self.tell(RunFailed, problem=stop.problem)
        else:
            self.tell(RunFinished)

    async def _run_within_time(self) -> None:
        seconds = self._plan.budget.seconds
        try:
            async with asyncio.timeout(seconds):
                await self._run_group()
        except TimeoutError:
            said = "This run reached its limit of {limit} seconds."
            limit = BudgetError(said, HINT, code="budget.seconds", limit=seconds)
            raise _Stopped(limit.problem) from None

    async def _run_group(self) -> None:
        try:
            async with asyncio.TaskGroup() as self._group:
                self._hire()
        except* _Stopped as stops:
            first: BaseException = stops
            while isinstance(first, BaseExceptionGroup):
                first = first.exceptions[0]
            raise first from None

    def _take_up(self, past: Sequence[RunEvent]) -> None:
        """Go on where an earlier process ended."""
        self._seq = past[-1].seq + 1
        self.tell(RunResumed)
        self._meter.count(past)
        self._take(decided_after(past, self._plan, self._firing))

    def round(self, step: Step) -> int:
        """How often a step has begun; more than once only in a loop."""
        return self._firing.count(step)

    def tell(self, event: Callable[..., RunEvent], step: Step | None = None, **facts: Any) -> None:
        """Emit an event, of a step or of the run, with its place in the run."""
        if step is not None:
            facts |= {"node": step.id, "round": self.round(step)}
        seq = self._seq
        self._seq = seq + 1
        self._emit(event(run_id=self._run_id, seq=seq, at=time.time(), **facts))

    # -- who works: a worker takes ready steps until there are none, and more are hired as they pile up

    def _hire(self) -> None:
        for _ in range(min(len(self._ready), AT_ONCE - self._workers)):
            self._workers += 1
            self._group.create_task(self._work())

    async def _work(self) -> None:
        unbroken = 0
        try:
            while self._ready:
                step = self._ready.popleft()
                if step.kind.is_async:
                    self._hire()
                outputs = await self._attempts(step)
                self._settle(step, outputs)
                unbroken += 1
                if unbroken % BREATH == 0:
                    await asyncio.sleep(0)
        finally:
            self._workers -= 1

    def _take(self, decided: list[Decided]) -> None:
        for step, because in decided:
            if because is None:
                self._ready.append(step)
            else:
                self.tell(NodeSkipped, step, because=because)

    def _settle(self, step: Step, outputs: Outputs) -> None:
        try:
            decided = self._firing.settle(step, outputs)
        except NodeError as error:
            raise _Stopped(error.problem.at(step.id)) from None
        self._take(decided)

    # -- one step: inputs, attempts, what happens when it fails

    async def _attempts(self, step: Step) -> Outputs:
        settings = step.node.settings
        attempt = 0
        while True:
            started = time.perf_counter()
            spent: list[Usage] = []
            try:
                inputs = self._firing.inputs(step)
                self._meter.step()
                self.tell(NodeStarted, step, inputs=inputs)
                outputs = await self._run_step(step, inputs, spent)
            except BudgetError as error:
                self._fail(step, error.problem, started)
                raise _Stopped(error.problem.at(step.id)) from None
            except Exception as error:
                problem = _problem_of(error, settings.timeout).at(step.id)
                if attempt >= settings.retries:
                    return self._give_up(step, problem, started)
                attempt += 1
                self.tell(NodeRetried, step, attempt=attempt, problem=problem)
                await asyncio.sleep(settings.retry_wait * 2 ** (attempt - 1))
            else:
                self._finish(step, outputs, started, spent)
                return outputs

    async def _run_step(self, step: Step, inputs: dict[str, Any], spent: list[Usage]) -> Outputs:
        if step.node.settings.pinned is not None:
            return step.node.settings.pinned
        # Coercion makes what JSON a text holds, so the model judges it like any input from outside.
        values = step.kind.inputs.model_validate(inputs)
        return outputs_of(await self.call(step, values, self._context(step, spent)))

    async def call(self, step: Step, inputs: BaseModel, context: NodeContext) -> BaseModel:
        """Call a step's function within its time."""
        if not step.kind.is_async:
            return cast(BaseModel, step.kind.function(step.config, inputs, context))
        function = cast(Any, step.kind.function)
        if step.node.settings.timeout is None:
            return cast(BaseModel, await function(step.config, inputs, context))
        async with asyncio.timeout(step.node.settings.timeout):
            return cast(BaseModel, await function(step.config, inputs, context))

    def _context(self, step: Step, spent: list[Usage]) -> NodeContext:
        def spend(usage: Usage) -> None:
            spent.append(usage)
            self._meter.spend(usage)

        return NodeContext(
            node=step.id,
            turn=self._turn,
            services=self._services,
            stream=lambda port, text: self._stream(step, port, text),
            spend=spend,
            tools=[NodeTool(self, step, tool, spend) for tool in step.tools],
            instructions=self._plan.instructions,
            language=self._plan.language,
            warn=lambda problem: self.tell(NodeWarned, step, problem=problem.at(step.id)),
        )

    def tool_context(self, step: Step, spend: Callable[[Usage], None]) -> NodeContext:
        """The context of a step that runs as a tool: what it streams is not shown."""
        return NodeContext(
            node=step.id,
            turn=self._turn,
            services=self._services,
            stream=lambda port, text: None,
            spend=spend,
            instructions=self._plan.instructions,
            language=self._plan.language,
        )

    def _stream(self, step: Step, port: str, text: str) -> None:
        if not text:
            return
        self.tell(NodeProgress, step, port=port, text=text)
        for link in step.outgoing:
            relayed = link.target.kind.relays.get(link.input)
            # What a round says is not yet what leaves the loop.
            if link.port == port and relayed and not (link.back or link.leaves):
                self._relay(step, link.target, text, relayed)

    def _relay(self, source: Step, target: Step, text: str, port: str) -> None:
        # Where several lines meet, the first to speak keeps the word; the finished text settles it.
        if self._relaying.setdefault(target.id, source.id) == source.id:
            self.tell(NodeProgress, target, port=RELAYED if target.kind.answers else port, text=text)

    def _finish(self, step: Step, outputs: Outputs, started: float, spent: list[Usage]) -> None:
        answer = as_text(next(iter(outputs.values()), "")) if step.kind.answers else None
        self.tell(
            NodeFinished,
            step,
            outputs=outputs,
            seconds=time.perf_counter() - started,
            answer=answer,
            usage=total(spent),
        )

    def _fail(self, step: Step, problem: Problem, started: float) -> None:
        self.tell(NodeFailed, step, problem=problem.at(step.id), seconds=time.perf_counter() - started)

    def _give_up(self, step: Step, problem: Problem, started: float) -> Outputs:
        settings = step.node.settings
        self._fail(step, problem, started)
        match settings.on_error:
            case "value":
                return settings.fallback
            case "port":
                return {"error": str(problem.describe(self._plan.language))}
            case _:
                raise _Stopped(problem)


def outputs_of(result: BaseModel) -> Outputs:
    """The outputs that fire: those the function set."""
    # Iterated, since a port may be called like one of pydantic's methods.
    return {name: value for name, value in result if name in result.model_fields_set}


def total(spent: list[Usage]) -> Usage | None:
    """Several model calls as one usage; unknown numbers stay unknown."""
    if len(spent) < 2:
        return spent[0] if spent else None
    costs = [usage.cost for usage in spent if usage.cost is not None]
    return Usage(
        model=spent[-1].model,
        input_tokens=sum(usage.input_tokens or 0 for usage in spent),
        output_tokens=sum(usage.output_tokens or 0 for usage in spent),
        cost=sum(costs) if len(costs) == len(spent) else None,
    )


def _problem_of(error: Exception, timeout: float | None) -> Problem:
    match error:
        case FlowloomError():
            return error.problem
        case TimeoutError() if timeout is not None:
            return Problem.of(
                "node.timeout",
                "This block took longer than its {seconds} seconds.",
                "Give it more time under Settings of the block, or ask for less.",
                seconds=f"{timeout:g}",
            )
        case ValidationError():
            with suppress(IndexError):
                place = error.errors(include_url=False, include_input=False, include_context=False)[0]
                return Problem.of(
                    "node.input",
                    "What came in at “{port}” does not fit: {reason}.",
                    "Look at what the block before it gives.",
                    port=place["loc"][0] if place["loc"] else "",
                    reason=place["msg"],
                )
    # The text of a strange exception may carry anything, a key included, so only its kind is told.
    return Problem.of(
        "node.crash",
        "This block broke down ({kind}).",
        "Try again; if it happens again, please report it with the flow.",
        kind=type(error).__name__,
    )
