"""What would change if a model went away: others answer saved chats once more, and nothing is done twice."""

import asyncio
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import uuid4

from pydantic import BaseModel
from pydantic_core import to_json

from flowloom.errors import FlowloomError, NodeError, Problem
from flowloom.flow.edit import Configure
from flowloom.flow.model import Flow, Node
from flowloom.kinds.context import NodeContext, Turn
from flowloom.kinds.kind import SENDS, NodeKind
from flowloom.kinds.registry import Registry, all_kinds
from flowloom.kinds.services import Models, OnText, Services
from flowloom.kinds.values import ModelReply, ModelRequest
from flowloom.partial_runs import in_passing
from flowloom.run.events import RunEvent
from flowloom.run.execution.executor import Run
from flowloom.run.planning.plan import plan_of
from flowloom.run.reading.steps import Step, story_of
from flowloom.run.reading.view import RunView
from flowloom.runner import Runner
from flowloom.services.models.fallbacks import line_up
from flowloom.services.models.settings import ModelSettings
from flowloom.store.runs import RunStore

AT_ONCE = 3
KEPT = 5
"""How many rehearsals of a change stay in memory."""
ASKS_PEOPLE = "people"
"""The group of the kinds that ask a person."""
LOOKS = "picture.look"
"""The kind that shows a picture to a chat model, which is what is tried out."""


@dataclass(frozen=True, slots=True)
class Answered:
    """How one message was answered. `route` are the blocks that worked, `tools` what each call was given."""

    text: str
    problem: Problem | None
    route: tuple[str, ...]
    tools: tuple[tuple[str, Mapping[str, Any]], ...]
    cost: float | None
    seconds: float


@dataclass(frozen=True, slots=True)
class Replay:
    """One saved message, as it was answered then and by each candidate."""

    run: str
    flow: str
    asked: str
    before: Answered
    after: Mapping[str, Answered]


@dataclass(slots=True)
class Rehearsed:
    """A change of models that is tried out, as far as it has come."""

    gone: str
    candidates: tuple[str, ...]
    of: int
    replays: list[Replay] = field(default_factory=list)
    future: "Future[None] | None" = None

    @property
    def ended(self) -> bool:
        return self.future is not None and self.future.done()


class ModelChanges:
    """Changes of models under way and lately ended."""

    def __init__(self, runs: RunStore, runner: Runner) -> None:
        self._runs, self._runner = runs, runner
        self._kept: dict[str, Rehearsed] = {}

    def start(
        self, settings: ModelSettings, gone: str, candidates: Sequence[str], saved: Sequence[tuple[str, Flow]]
    ) -> str:
        """Answer saved messages by each candidate wherever `gone` would; returns an id.

        `saved` are runs, each with its flow as it is now.
        """
        id, found = uuid4().hex, Rehearsed(gone, tuple(candidates), len(saved))
        self._kept[id] = found
        for old in list(self._kept)[:-KEPT]:
            del self._kept[old]
        found.future = self._runner.begin(self._go(found, settings, saved))
        return id

    def find(self, id: str) -> Rehearsed | None:
        return self._kept.get(id)

    def cancel(self, id: str) -> None:
        found = self._kept.get(id)
        if found and found.future:
            found.future.cancel()

    async def _go(self, found: Rehearsed, settings: ModelSettings, saved: Sequence[tuple[str, Flow]]) -> None:
        room = asyncio.Semaphore(AT_ONCE)

        async def answer(run_id: str, flow: Flow) -> None:
            async with room:
                found.replays.append(await self._replay(found, settings, run_id, flow))

        async with asyncio.TaskGroup() as group:
            for run_id, flow in saved:
                group.create_task(answer(run_id, flow))

    async def _replay(self, found: Rehearsed, settings: ModelSettings, run_id: str, flow: Flow) -> Replay:
        events = self._runs.events(run_id)
        view = self._runner.view(run_id) or RunView()
        conversation, turn = self._runs.turn_of(run_id)
        after = {}
        for model in found.candidates:
            # Each its own: what one remembers in passing is not for the next.
            services = in_passing(self._runner.services(flow.id, conversation))
            services = replace(services, models=_Instead(services.models, settings, found.gone, model))
            after[model] = await self._answer(flow, events, turn, services)
        return Replay(run_id, flow.id, turn.message, answered(view, events), after)

    async def _answer(self, flow: Flow, past: Sequence[RunEvent], turn: Turn, services: Services) -> Answered:
        events, view = list[RunEvent](), RunView()

        def emit(told: Sequence[RunEvent]) -> None:
            nonlocal view
            events.extend(told)
            view = view.apply_all(told)

        try:
            plan = plan_of(flow, recorded(all_kinds(), story_of(past)))
        except FlowloomError as error:
            return Answered("", error.problem, (), (), None, 0.0)
        await Run(plan, turn, services, emit, uuid4().hex).go()
        return answered(view, events)


class _Instead:
    """Fulfils `Models`: who would ask the model that goes away asks another."""

    def __init__(self, models: Models, settings: ModelSettings, gone: str, by: str) -> None:
        self._models, self._settings, self._gone, self._by = models, settings, gone, by

    async def reply(self, request: ModelRequest, on_text: OnText) -> ModelReply:
        if line_up(self._settings, request.model)[0] == self._gone:
            request = request.model_copy(update={"model": self._by})
        return await self._models.reply(request, on_text)


def answered(view: RunView, events: Iterable[RunEvent]) -> Answered:
    """What came of a run."""
    story = story_of(events)
    done = [step for step in story if step.outcome in ("done", "failed")]
    return Answered(
        text=view.text,
        problem=view.problem,
        route=tuple(step.node for step in done if not step.caller),
        tools=tuple((step.node, step.inputs) for step in done if step.caller),
        cost=view.usage.cost,
        seconds=sum(step.seconds or 0.0 for step in done if not step.caller),
    )


def recorded(kinds: Registry, story: Iterable[Step]) -> Registry:
    """The kinds, of which those that reach out or ask a person give what they gave then, and do nothing."""
    given: dict[str, list[Step]] = defaultdict(list)
    for step in story:
        if step.outcome in ("done", "failed"):
            given[step.node.rpartition("/")[2]].append(step)
    return {id: _recorded(kind, given) if _acts(kind) else kind for id, kind in kinds.items()}


def _acts(kind: NodeKind) -> bool:
    reaches_out = SENDS in kind.effects and kind.id != LOOKS
    return kind.group == ASKS_PEOPLE or reaches_out or not kind.safe_to_repeat


def _recorded(kind: NodeKind, given: Mapping[str, list[Step]]) -> NodeKind:
    async def replayed(config: Any, inputs: BaseModel, ctx: NodeContext) -> Any:
        steps = given.get(ctx.node.rpartition("/")[2], [])
        if not steps:
            raise NodeError(
                "This block wasn’t used in the saved chat, and nothing is sent or asked while models are compared.",
                "This model takes another way here than the one before.",
                code="change.unrecorded",
            )
        wanted = _written(inputs.model_dump(exclude_unset=True))
        found = next((step for step in steps if _written(step.inputs) == wanted), steps[0])
        if len(steps) > 1:
            steps.remove(found)
        if found.problem:
            raise NodeError.from_problem(found.problem)
        return kind.outputs.model_validate(found.outputs)

    return replace(kind, function=replayed)


def _written(inputs: Mapping[str, Any]) -> bytes:
    return to_json(inputs, fallback=str, inf_nan_mode="null")


def asks(flow: Flow, settings: ModelSettings, model: str) -> bool:
    """Whether a flow that can run asks this `provider/model`."""
    try:
        plan = plan_of(flow, all_kinds())
    except FlowloomError:
        return False
    calls = (call for _, step in plan.all_steps() for call in step.kind.calls(step.config, len(step.tools)))
    return any(line_up(settings, call.model)[0] == model for call in calls)


def named_in(flow: Flow, kinds: Registry, model: str) -> list[Node]:
    """The blocks of a flow that name this `provider/model` themselves."""
    return [node for node in flow.nodes if node.kind in kinds and node.config.get("model") == model]


def switched(flow: Flow, kinds: Registry, gone: str, by: str) -> list[Configure]:
    """The edits by which the blocks of a flow that name a model name another."""
    return [Configure(node=node.id, config={**node.config, "model": by}) for node in named_in(flow, kinds, gone)]


def played_by(settings: ModelSettings, gone: str, by: str) -> ModelSettings:
    """The settings in which another model plays the roles of one that goes away, and nobody waits for it."""
    roles = {role: by if model == gone else model for role, model in settings.roles.items()}
    fallbacks = {
        role: tuple(model for model in line if model not in (gone, roles.get(role)))
        for role, line in settings.fallbacks.items()
    }
    return settings.model_copy(update={"roles": roles, "fallbacks": fallbacks})
