"""A node as an agent's tool: each call is a nested event of the same run."""

import re
import time
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import replace
from itertools import count
from typing import Any, Protocol

from pydantic import BaseModel, ValidationError

from flowloom.errors import FlowloomError, NodeError
from flowloom.kinds.context import NodeContext
from flowloom.kinds.values import ToolSpec, Usage
from flowloom.run.events import NodeFailed, NodeFinished, NodeStarted, Place
from flowloom.run.execution.context import RunContext
from flowloom.run.execution.outcome import outputs_of
from flowloom.run.execution.questions import Asker
from flowloom.run.execution.scope import TOOL, Scope, call_within
from flowloom.run.planning.plan import Step, step_schema

Spend = Callable[[Usage], None]


class Host(Protocol):
    """The flow under way whose agent uses the tool."""

    run: RunContext
    scope: Scope

    def place(self, step: Step) -> Place: ...

    def context(
        self, step: Step, place: Place, spend: Spend, attempt: int = 0, *, as_tool: bool
    ) -> NodeContext: ...

    def cleaned(self, values: Mapping[str, Any], context: NodeContext) -> dict[str, Any]: ...

    async def call(self, step: Step, inputs: BaseModel, context: NodeContext) -> BaseModel: ...


def tools_of(host: Host, agent: Step, spend: Spend, attempt: int) -> "list[NodeTool]":
    """The tools of an agent; those that are one block are counted together."""
    found: list[NodeTool] = []
    taken: set[str] = set()
    for step in agent.tools:
        calls = count(1)
        for offer, spec in offers_of(step):
            spec = _told_apart(spec, taken)
            taken.add(spec.name)
            found.append(NodeTool(host, agent, step, spend, attempt, offer, spec, calls))
    return found


def _told_apart(spec: ToolSpec, taken: Collection[str]) -> ToolSpec:
    """The same under a name that no other tool of the agent has: people may give two blocks one."""
    names = (spec.name if number == 1 else f"{spec.name[:60]}_{number}" for number in count(1))
    name = next(name for name in names if name not in taken)
    return spec if name == spec.name else spec.model_copy(update={"name": name})


def offers_of(step: Step) -> list[tuple[str, ToolSpec]]:
    """What a model is told of a block that it may use, each with its name within the block."""
    name = step.node.settings.tool_name or re.sub(r"[^A-Za-z0-9_-]", "_", step.id)
    title = step.node.name or step.kind.label
    if step.kind.offers is None:
        about = f"{title}. {step.kind.help}"
        return [("", ToolSpec(name=name, description=about, parameters=step_schema(step)))]
    return [
        (
            spec.name,
            ToolSpec(
                name=f"{name}_{spec.name}" if spec.name else name,
                description=f"{title}. {spec.description}",
                parameters=spec.parameters,
            ),
        )
        for spec in step.kind.offers(step.config)
    ]


class NodeTool:
    """One tool of one agent, for one run. A call that the log holds the end of is not made again."""

    def __init__(
        self,
        host: Host,
        agent: Step,
        step: Step,
        spend: Spend,
        attempt: int,
        offer: str,
        spec: ToolSpec,
        calls: Iterator[int],
    ) -> None:
        self._host, self._step, self._spend, self._attempt = host, step, spend, attempt
        self._agent = host.place(agent)
        self._calls = calls
        self._offer, self._spec = offer, spec

    @property
    def spec(self) -> ToolSpec:
        return self._spec

    async def call(self, arguments: Mapping[str, Any]) -> Any:
        """Run the node with a model's arguments. Raises FlowloomError, and Waiting where a person is asked."""
        scope, journal = self._host.scope, self._host.run.journal
        call = call_within(self._agent, TOOL, next(self._calls), self._attempt)
        place = (call, scope.prefix + self._step.id, self._agent[2])
        for event in journal.within(self._agent, call):
            if event.node == place[1] and isinstance(event, NodeFinished):
                return event.outputs
            if event.node == place[1] and isinstance(event, NodeFailed):
                raise NodeError.from_problem(event.problem)
        return await self._call(place, arguments)

    async def _call(self, place: Place, arguments: Mapping[str, Any]) -> Any:
        journal, started = self._host.run.journal, time.perf_counter()
        where: dict[str, Any] = {"call": place[0], "node": place[1], "round": place[2]}
        if journal.begins(place):
            journal.tell(NodeStarted, inputs=dict(arguments), **where)
        try:
            if self._step.node.settings.ask_first:
                Asker(self._host.run, place).allow(self._step, arguments)
            outputs = await self._outputs(place, arguments)
        except FlowloomError as error:
            problem, seconds = error.problem.at(place[1]), time.perf_counter() - started
            journal.tell(NodeFailed, problem=problem, seconds=seconds, **where)
            raise
        journal.tell(NodeFinished, outputs=outputs, seconds=time.perf_counter() - started, **where)
        journal.flush()
        return outputs

    async def _outputs(self, place: Place, arguments: Mapping[str, Any]) -> dict[str, Any]:
        context = self._host.context(self._step, place, self._spend, as_tool=True)
        context = replace(context, called=self._offer)
        if self._step.kind.lets_out:
            arguments = self._host.cleaned(arguments, context)
        try:
            inputs = self._step.kind.inputs.model_validate(dict(arguments))
        except ValidationError as error:
            first = error.errors(include_url=False, include_input=False, include_context=False)[0]
            raise NodeError(
                "The tool was called with an invalid value: {reason}.",
                code="tool.arguments",
                reason=f"{'.'.join(map(str, first['loc']))}: {first['msg']}",
            ) from None
        try:
            result = await self._host.call(self._step, inputs, context)
        except TimeoutError:
            raise NodeError("The tool took too long.", code="tool.timeout") from None
        return dict(outputs_of(result))
