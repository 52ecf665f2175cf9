"""A node as an agent's tool: each call is a nested event of the same run."""

import re
import time
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from flowloom.errors import FlowloomError, NodeError
from flowloom.kinds.context import NodeContext
from flowloom.kinds.values import ToolSpec, Usage
from flowloom.run.events import NodeFailed, NodeFinished, NodeStarted
from flowloom.run.plan import Step, step_schema

if TYPE_CHECKING:
    from flowloom.run.executor import Execution


class NodeTool:
    """One tool of one agent, for one run."""

    def __init__(self, run: "Execution", agent: Step, step: Step, spend: Callable[[Usage], None]) -> None:
        self._run, self._agent, self._step, self._spend = run, agent, step, spend
        self._calls, self._round = 0, run.round(agent)

    @property
    def spec(self) -> ToolSpec:
        name = re.sub(r"[^A-Za-z0-9_-]", "_", self._step.id)
        title = self._step.node.name or self._step.kind.label
        return ToolSpec(
            name=name, description=f"{title}. {self._step.kind.help}", parameters=step_schema(self._step)
        )

    async def call(self, arguments: Mapping[str, Any]) -> Any:
        """Run the node with a model's arguments. Raises FlowloomError."""
        self._calls += 1
        call = f"{self._agent.id}.{self._calls}"
        started = time.perf_counter()
        self._run.tell(NodeStarted, node=self._step.id, call=call, round=self._round, inputs=dict(arguments))
        try:
            outputs = await self._outputs(arguments)
        except FlowloomError as error:
            seconds = time.perf_counter() - started
            self._run.tell(
                NodeFailed,
                node=self._step.id,
                call=call,
                round=self._round,
                problem=error.problem.at(self._step.id),
                seconds=seconds,
            )
            raise
        seconds = time.perf_counter() - started
        self._run.tell(
            NodeFinished, node=self._step.id, call=call, round=self._round, outputs=outputs, seconds=seconds
        )
        return outputs

    async def _outputs(self, arguments: Mapping[str, Any]) -> dict[str, Any]:
        try:
            inputs = self._step.kind.inputs.model_validate(dict(arguments))
        except ValidationError as error:
            first = error.errors(include_url=False, include_input=False, include_context=False)[0]
            raise NodeError(
                "The tool was called with something it cannot use: {reason}.",
                code="tool.arguments",
                reason=f"{'.'.join(map(str, first['loc']))}: {first['msg']}",
            ) from None
        try:
            result = await self._run.call(self._step, inputs, self._context())
        except TimeoutError:
            raise NodeError("The tool took too long.", code="tool.timeout") from None
        return {name: value for name, value in result if name in result.model_fields_set}

    def _context(self) -> NodeContext:
        return self._run.tool_context(self._step, self._spend)
