"""One flow under way: each node starts the moment its own inputs are decided, and all that happens is an event."""

import asyncio
import time
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import replace
from typing import Any, cast

from pydantic import BaseModel

from flowloom.errors import BudgetError, NodeError, Problem, first_of
from flowloom.kinds.context import NodeContext, Waiting
from flowloom.kinds.media import WatchedMedia
from flowloom.kinds.port import as_text
from flowloom.kinds.services import Afresh, Services
from flowloom.kinds.values import Usage
from flowloom.run.events import (
    RELAYED,
    NodeAdvanced,
    NodeFailed,
    NodeFinished,
    NodeProgress,
    NodeRetried,
    NodeSkipped,
    NodeStarted,
    NodeThought,
    NodeWarned,
    Place,
    RunEvent,
)
from flowloom.run.execution.context import RunContext
from flowloom.run.execution.outcome import Stopped, outputs_of, problem_of, total
from flowloom.run.execution.questions import Asker
from flowloom.run.execution.resume import decided_after, revived
from flowloom.run.execution.scheduling import Decided, Firing, Outputs
from flowloom.run.execution.scope import TOP, Scope
from flowloom.run.execution.sub_flow import InnerFlow
from flowloom.run.execution.thoughts import Thinking, Warn, tell_all
from flowloom.run.execution.tools import tools_of
from flowloom.run.planning.plan import Plan, Step

AT_ONCE = 64
"""How many nodes of one run work side by side."""
YIELD_EVERY = 64
"""After how many nodes that never waited the loop gets its turn, so that a run can be cancelled."""


class Execution:
    """One flow under way in a run: that of the run itself, or one within a node."""

    def __init__(self, plan: Plan, run: RunContext, scope: Scope = TOP) -> None:
        self.run, self.scope = run, scope
        self._left: dict[str, Any] = {}
        self._plan, self._services = plan, run.services
        if scope.given is not None:
            # A GPT that became a block reads its own documents.
            self._services = replace(run.services, knowledge=run.services.knowledge.of(plan.flow_id))
        self._firing = Firing(plan)
        self._relaying: dict[str, str] = {}
        self._streamed: dict[str, Callable[[str], str]] = {}
        self._ready: deque[Step] = deque()
        self._waiting: list[tuple[Step, frozenset[str]]] = []
        self._workers = 0
        self._group: asyncio.TaskGroup

    def within(self, plan: Plan, scope: Scope) -> "Execution":
        """The flow within a node of this one."""
        return Execution(plan, self.run, scope)

    async def go(self) -> None:
        """Work until nothing is left. Raises Stopped, or Waiting where only a person can bring it on."""
        past = self.run.journal.within(self.scope.owner, self.scope.call)
        try:
            self._take(decided_after(past, self._plan, self._firing, self.scope.prefix, self._keep_result))
        except NodeError as error:
            raise Stopped(error.problem) from None
        while True:
            await self._work_off()
            if not self._waiting:
                return
            if not self._take_answered():
                raise Waiting(question for _, questions in self._waiting for question in questions)

    async def _work_off(self) -> None:
        try:
            async with asyncio.TaskGroup() as self._group:
                self._start_workers()
        except* Stopped as stops:
            raise first_of(stops) from None

    def wake(self) -> None:
        # Without a worker the group may be closing; what was answered is then found before it would pause.
        if self._workers and self._take_answered():
            self._start_workers()

    def _take_answered(self) -> bool:
        people = self.run.services.people
        if people is None:
            return False
        answered = [waiting for waiting in self._waiting if any(people.reply(id) for id in waiting[1])]
        self._waiting = [waiting for waiting in self._waiting if waiting not in answered]
        self._ready.extend(step for step, _ in answered)
        return bool(answered)

    # -- where a step stands, and telling of it

    def place(self, step: Step) -> Place:
        return (self.scope.call, self.scope.prefix + step.id, self._firing.count(step))

    def tell(self, event: Callable[..., RunEvent], step: Step, place: Place | None = None, **facts: Any) -> None:
        """Emit an event of a step with its place in the run."""
        call, node, round = place or self.place(step)
        self.run.journal.tell(event, node=node, call=call, round=round, **facts)

    # -- who works: a worker takes ready steps until there are none, and more are started as they pile up

    def _start_workers(self) -> None:
        for _ in range(min(len(self._ready), AT_ONCE - self._workers)):
            self._workers += 1
            self._group.create_task(self._work())

    async def _work(self) -> None:
        unbroken = 0
        try:
            while self._ready:
                step = self._ready.popleft()
                if step.is_async:
                    self._start_workers()
                try:
                    outputs = await self._attempts(step)
                except Waiting as waiting:
                    self._waiting.append((step, waiting.questions))
                    continue
                self._settle(step, outputs)
                unbroken += 1
                if unbroken % YIELD_EVERY == 0:
                    await asyncio.sleep(0)
            # Whoever works in this turn of the loop is written down together.
            await asyncio.sleep(0)
            self.run.journal.flush()
        finally:
            self._workers -= 1

    def _take(self, decided: list[Decided]) -> None:
        for step, because in decided:
            if because is None:
                self._ready.append(step)
            else:
                self.tell(NodeSkipped, step, because=because)

    def _settle(self, step: Step, outputs: Outputs) -> None:
        self._keep_result(step, outputs)
        try:
            decided = self._firing.settle(step, outputs)
        except NodeError as error:
            raise Stopped(error.problem.at(step.id)) from None
        self._take(decided)

    def _keep_result(self, step: Step, outputs: Outputs) -> None:
        if step.leaves and outputs:
            self._left[step.id] = next(iter(outputs.values()))

    @property
    def results(self) -> dict[str, Any]:
        """What it gives to the node it is within, by port; several answers are one text."""
        found: dict[str, Any] = {}
        for step in self._plan.steps:
            if step.leaves and step.id in self._left:
                port, value = step.leaves.id, self._left[step.id]
                found[port] = f"{as_text(found[port])}\n\n{as_text(value)}" if port in found else value
        return found

    # -- one step: inputs, attempts, what happens when it fails

    async def _attempts(self, step: Step) -> Outputs:
        settings, journal, place = step.node.settings, self.run.journal, self.place(step)
        attempt = journal.retries(place)
        while True:
            started = time.perf_counter()
            spent: list[Usage] = []
            try:
                inputs = self._firing.inputs(step)
                if journal.begins(place):
                    self.run.meter.step()
                    self.tell(NodeStarted, step, place, inputs=inputs)
                outputs = await self._run_step(step, place, inputs, spent, attempt)
            except Waiting:
                raise
            except BudgetError as error:
                self._fail(step, error.problem, started)
                raise Stopped(error.problem.at(step.id), is_budget=True) from None
            except Exception as error:
                problem = problem_of(error, settings.timeout).at(step.id)
                if attempt >= settings.retries:
                    return self._give_up(step, problem, started)
                attempt += 1
                journal.retried(place)
                self.tell(NodeRetried, step, attempt=attempt, problem=problem)
                await asyncio.sleep(settings.retry_wait * 2 ** (attempt - 1))
            else:
                self._finish(step, place, outputs, started, spent)
                if step.acts:
                    self.run.journal.flush()
                return outputs

    async def _run_step(
        self, step: Step, place: Place, inputs: dict[str, Any], spent: list[Usage], attempt: int
    ) -> Outputs:
        if step.node.settings.pinned is not None:
            return revived(step, step.node.settings.pinned)

        def spend(usage: Usage) -> None:
            spent.append(usage)
            self.run.meter.spend(usage)

        context = self.context(step, place, spend, attempt)
        if step.node.settings.ask_first:
            Asker(self.run, place).allow(step, inputs)
        if step.kind.lets_out:
            inputs = self.cleaned(inputs, context)
        # Coercion makes what JSON a text holds, so the model judges it like any input from outside.
        values = step.kind.inputs.model_validate(inputs)
        return outputs_of(await self.call(step, values, context))

    def cleaned(self, values: Mapping[str, Any], context: NodeContext) -> dict[str, Any]:
        """What a step may be given whose inputs leave the GPT."""
        kept, count = self._services.guard.clean(values)
        if count:
            context.warn(
                Problem.of(
                    "protection.cut",
                    "Protected text was removed here ({count}).",
                    "It can be used, but not quoted at length. The longest quote is set under “Configure”.",
                    count=count,
                )
            )
        return kept

    async def call(self, step: Step, inputs: BaseModel, context: NodeContext) -> BaseModel:
        """Call a step's function within its time; the log holds that it began before it can do anything."""
        if step.acts:
            self.run.journal.flush()
        if not step.is_async:
            return cast(BaseModel, step.kind.function(step.config, inputs, context))
        function = cast(Any, step.kind.function)
        if step.node.settings.timeout is None:
            return cast(BaseModel, await function(step.config, inputs, context))
        async with asyncio.timeout(step.node.settings.timeout):
            return cast(BaseModel, await function(step.config, inputs, context))

    def context(
        self, step: Step, place: Place, spend: Callable[[Usage], None], attempt: int = 0, *, as_tool: bool = False
    ) -> NodeContext:
        """What a step is handed. As a tool it has none of its own, and what it streams is not shown."""
        asker = Asker(self.run, place, attempt)

        def warn(problem: Problem) -> None:
            self.tell(NodeWarned, step, place, problem=problem.at(step.id))

        return NodeContext(
            node=step.id,
            turn=self.run.turn,
            services=self._watched(step, place, asker, warn) if step.acts else self._services,
            stream=_unheard if as_tool else lambda port, text: self.stream(step, port, text),
            spend=spend,
            tools=() if as_tool else tools_of(self, step, spend, attempt),
            instructions=self._instructions,
            examples=self._plan.examples,
            examples_shown=self._plan.examples_shown,
            language=self.run.language,
            ask=asker.ask,
            once=asker.once,
            advance=lambda done, of: self.tell(NodeAdvanced, step, place, done=done, of=of),
            warn=warn,
            given=self.scope.given,
            sub_flow=InnerFlow(self, step, place, attempt, silent=as_tool) if step.inner else None,
        )

    @property
    def _instructions(self) -> str:
        own = self._services.custom_instructions if self._plan.custom_instructions else ""
        return "\n\n".join(filter(None, (self._plan.instructions, own)))

    def _watched(self, step: Step, place: Place, asker: Asker, warn: Warn) -> Services:
        """The outside world as a step that acts gets it: it asks before anything leaves, and thoughts are told."""
        services = self._services.consents.watch(self._services, asker.permit)
        models = Thinking(
            services.models,
            lambda said: self._think(step, place, said),
            warn,
            lambda: (self.run.turn.message, *self.run.journal.words),
            services.facts,
        )
        media = WatchedMedia(
            services.media, lambda model: nullcontext(), lambda model, result: tell_all(result.warnings, warn)
        )
        return replace(services, models=models, media=media)

    def _think(self, step: Step, place: Place, said: str) -> None:
        """Tell what a model thought, unless that could tell of what is protected."""
        if not self._services.guard.protects:
            self.tell(NodeThought, step, place, text=said)

    def stream(self, step: Step, port: str, text: str) -> None:
        """Show a piece of a text that a step gives, here and wherever it passes through unchanged."""
        if not text and not isinstance(text, Afresh):
            return
        self.tell(NodeProgress, step, port=port, text=str(text), afresh=isinstance(text, Afresh))
        for link in step.outgoing:
            relayed = link.target.relays.get(link.input)
            # What a round says is not yet what leaves the loop.
            if link.port == port and relayed and not (link.back or link.leaves):
                self._relay(step, link.target, text, relayed)

    def _relay(self, source: Step, target: Step, text: str, ports: Sequence[str]) -> None:
        # Where several lines meet, the first to speak keeps the word; the finished text settles it.
        if self._relaying.setdefault(target.id, source.id) != source.id:
            return
        if target.kind.answers and self.scope.given is None:
            afresh = isinstance(text, Afresh)
            if afresh:
                self._streamed.pop(target.id, None)
            if (shown := self._guarded(target, text)) or afresh:
                self.tell(NodeProgress, target, port=RELAYED, text=str(shown), afresh=afresh)
            return
        leaves, say = target.leaves, self.scope.say
        if leaves and say and self._relaying.setdefault(f".{leaves.id}", target.id) == target.id:
            say(leaves.id, text)
        for port in ports:
            self.stream(target, port, text)

    def _guarded(self, target: Step, text: str) -> str:
        """What of an answer may be shown while it streams."""
        if target.id not in self._streamed:
            self._streamed[target.id] = self._services.guard.listen()
        return self._streamed[target.id](text)

    def _finish(self, step: Step, place: Place, outputs: Outputs, started: float, spent: list[Usage]) -> None:
        answers = step.kind.answers and self.scope.given is None
        self.tell(
            NodeFinished,
            step,
            place,
            outputs=outputs,
            seconds=time.perf_counter() - started,
            answer=as_text(next(iter(outputs.values()), "")) if answers else None,
            usage=total(spent),
        )
        self._streamed.pop(step.id, None)
        self.run.journal.over(place)

    def _fail(self, step: Step, problem: Problem, started: float) -> None:
        self.tell(NodeFailed, step, problem=problem.at(step.id), seconds=time.perf_counter() - started)

    def _give_up(self, step: Step, problem: Problem, started: float) -> Outputs:
        settings = step.node.settings
        self._fail(step, problem, started)
        match settings.on_error:
            case "value":
                return settings.fallback
            case "port":
                return {"error": str(problem.describe(self.run.language))}
            case _:
                raise Stopped(problem)


def _unheard(port: str, text: str) -> None:
    """What a tool says on its way."""
