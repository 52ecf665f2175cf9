"""One row answered by one version of a GPT: nobody is asked, and nothing is sent that must not happen twice."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from typing import Any, cast
from uuid import uuid4

from pydantic import BaseModel

from flowloom.errors import FlowloomError, NodeError, Problem
from flowloom.evaluation.evaluators.evaluator import Case
from flowloom.flow.model import Flow
from flowloom.guards import Guards
from flowloom.kinds.context import NodeContext, Turn
from flowloom.kinds.kind import NodeKind
from flowloom.kinds.registry import Registry, all_kinds
from flowloom.kinds.services import Models, Services
from flowloom.kinds.values import Attachment
from flowloom.partial_runs import in_passing
from flowloom.run.events import RunEvent
from flowloom.run.execution.executor import Run
from flowloom.run.planning.plan import Plan, plan_of
from flowloom.run.reading.steps import story_of
from flowloom.run.reading.view import view_of
from flowloom.saved_answers import Nearness, answering_at_once, find_saved
from flowloom.store.datasets import DataRow

NO_END = Problem.of(
    "evaluate.end", "The run came to no end.", "Open the GPT in Build and run it once to see where it stops."
)


@dataclass(frozen=True)
class Subject:
    """A version that is tried: its plan is made once for all rows."""

    flow: Flow
    plan: Plan
    services: Services
    guards: Guards
    nearness: Nearness | None = None
    attached: Callable[[Attachment], Attachment] = lambda file: file
    """A file of a row with its text."""

    @classmethod
    def of(
        cls,
        flow: Flow,
        services: Services,
        guards: Guards,
        models: Models,
        nearness: Nearness | None,
        attached: Callable[[Attachment], Attachment] = lambda file: file,
    ) -> "Subject":
        """Raises FlowFileError where it cannot run."""
        plan = plan_of(flow, harmless(all_kinds()))
        # What is known of a person is read once, not for each row.
        return cls(flow, plan, replace(in_passing(services), models=models), guards, nearness, attached)

    async def answer(self, row: DataRow, asked: str) -> Case:
        """What comes of a row."""
        events = list[RunEvent]()
        try:
            files = tuple(self.attached(file) for file in row.files)
        except FlowloomError as error:
            return Case(row, asked, "", self.flow, problem=error.problem)
        # A message with files is about them, as in the chat.
        plan, services = self.plan if files else self._plan(asked), in_passing(self.services)
        services = replace(services, guard=self.guards.of(plan, (), plan.language))
        await Run(plan, Turn(asked, attachments=files), services, events.extend, uuid4().hex).go()
        view = view_of(events)
        problem = view.problem or (None if view.state == "finished" else NO_END)
        return Case(
            row=row,
            asked=asked,
            answer=view.text,
            flow=self.flow,
            passages=view.passages,
            steps=story_of(events),
            events=events,
            cost=view.usage.cost,
            seconds=max(0.0, (view.ended or view.started) - view.started),
            problem=problem,
        )

    def _plan(self, asked: str) -> Plan:
        """The plan; that of a saved answer where the message asks for one, as in the chat."""
        saved = find_saved(self.flow.saved_answers, asked, self.nearness) if self.flow.saved_answers else None
        return plan_of(answering_at_once(self.flow, saved), all_kinds()) if saved else self.plan


def harmless(kinds: Registry) -> Registry:
    """The kinds, of which those that do what must not happen twice, or ask a person, do nothing."""
    return {id: _harmless(kind) for id, kind in kinds.items()}


def _harmless(kind: NodeKind) -> NodeKind:
    if kind.safe_to_repeat and kind.repeats is None:
        return kind
    before = kind.function

    async def tried(config: Any, inputs: BaseModel, ctx: NodeContext) -> BaseModel:
        if not kind.may_repeat(config.model_dump()):
            raise NodeError(
                "Nothing is sent, saved or ordered while a GPT is evaluated.",
                "Pin an output to this block, or say what to do if it fails, to try the rest.",
                code="evaluate.harmless",
            )
        found = before(config, inputs, ctx)
        return await cast(Awaitable[BaseModel], found) if kind.is_async else cast(BaseModel, found)

    return replace(kind, function=tried)
