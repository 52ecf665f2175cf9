"""A block of MCP tools: one tool with its values as inputs, or several; each by its own name for an agent."""

import asyncio
from dataclasses import dataclass, field, replace
from typing import Any

import pytest

from flowloom.errors import NodeError
from flowloom.kinds.kind import OpenPorts
from flowloom.kinds.mcp import McpResult, McpTool, NoMcp
from flowloom.kinds.registry import all_kinds
from tests.nodes.conftest import Ports, World, finished

TEXT = {"type": "string"}
ECHO = {
    "name": "echo",
    "title": "Echo",
    "takes": {"type": "object", "properties": {"text": TEXT}, "required": ["text"]},
}
ADD = {
    "name": "maths/add",
    "about": "Adds.",
    "takes": {"type": "object", "properties": {"first number": {"type": "integer"}, "error": TEXT}, "required": []},
}
FREE = {"name": "free", "takes": {"type": "object"}}


@dataclass
class CannedMcp:
    result: McpResult = field(default_factory=lambda: McpResult(text="said", data={"n": 1}))
    calls: list[tuple[str, str, Any]] = field(default_factory=list)

    async def call(self, server: str, tool: McpTool, arguments: Any, seconds: float) -> McpResult:
        self.calls.append((server, tool.name, dict(arguments)))
        return self.result

    def where(self, server: str) -> str:
        return server


def run(world: World, tools: list[Any], values: dict[str, Any], called: str = "", mcp: Any = None) -> Any:
    kind, context = all_kinds()["mcp.tools"], world.context
    canned = mcp or CannedMcp()
    context = replace(context, services=replace(context.services, mcp=canned), called=called)
    config = kind.config.model_validate({"server": "files", "tools": tools})
    result = asyncio.run(finished(kind.function(config, OpenPorts.model_validate(values), context)))
    return {name: getattr(result, name) for name in result.model_fields_set}, getattr(canned, "calls", [])


def test_ports(ports: Ports) -> None:
    assert ports.inputs("mcp.tools") == []
    assert ports.inputs("mcp.tools", server="files", tools=[ECHO]) == ["text"]
    assert ports.inputs("mcp.tools", server="files", tools=[ADD]) == ["first_number", "error_2"]
    assert ports.inputs("mcp.tools", server="files", tools=[ECHO, ADD]) == ["which", "values"]
    assert ports.outputs("mcp.tools") == ["text", "data", "tool"]


def test_problems(ports: Ports) -> None:
    assert ports.problems("mcp.tools") == ["mcp.none"]
    assert ports.problems("mcp.tools", server="files") == ["mcp.no_tools"]
    assert ports.problems("mcp.tools", server="files", tools=[ECHO]) == []


CALLS = [
    ([ECHO], {"text": "hi"}, "", ("echo", {"text": "hi"})),
    ([ADD], {"first_number": "7"}, "", ("maths/add", {"first number": 7})),
    ([FREE], {"any": [1]}, "", ("free", {"any": [1]})),
    ([ECHO, ADD], {"which": "maths/add", "values": {"first_number": 2}}, "", ("maths/add", {"first number": 2})),
    ([ECHO, ADD], {"which": "Echo", "values": {"text": "x"}}, "", ("echo", {"text": "x"})),
    ([ECHO, ADD], {"first_number": 3}, "maths_add", ("maths/add", {"first number": 3})),
    ([ECHO], {"text": "hi"}, "echo", ("echo", {"text": "hi"})),
]


@pytest.mark.parametrize(("tools", "values", "called", "asked"), CALLS)
def test_calls(world: World, tools: list[Any], values: dict[str, Any], called: str, asked: Any) -> None:
    given, calls = run(world, tools, values, called)
    assert given == {"text": "said", "data": {"n": 1}}
    assert calls == [("files", *asked)]


WRONG = [
    ([ECHO], {}, "Nothing arrived for “text”"),
    ([ADD], {"first_number": "many"}, "should be a whole number"),
    ([ECHO, ADD], {"which": "other"}, "There is no tool called “other” here"),
    ([ECHO, ADD], {}, "There is no tool called"),
]


@pytest.mark.parametrize(("tools", "values", "said"), WRONG)
def test_what_does_not_fit_asks_nobody(world: World, tools: list[Any], values: dict[str, Any], said: str) -> None:
    mcp = CannedMcp()
    with pytest.raises(NodeError, match=said):
        run(world, tools, values, mcp=mcp)
    assert mcp.calls == []


def test_a_broken_promise_warns_and_goes_on(world: World) -> None:
    given, _ = run(world, [ECHO], {"text": "x"}, mcp=CannedMcp(McpResult(text="a", data=None, unfit="n")))
    assert given == {"text": "a"}
    assert [problem.code for problem in world.warned] == ["mcp.unfit"]


def test_where_nothing_is_connected(world: World) -> None:
    with pytest.raises(Exception, match="“files” isn’t connected here"):
        run(world, [ECHO], {"text": "x"}, mcp=NoMcp())


def test_an_agent_gets_each_by_its_name() -> None:
    kind = all_kinds()["mcp.tools"]
    assert kind.offers is not None
    long = {**ECHO, "name": "x" * 80}
    specs = kind.offers(kind.config.model_validate({"server": "f", "tools": [ECHO, ADD, long, long]}))
    assert [spec.name for spec in specs] == ["echo", "maths_add", "x" * 40, "x" * 40 + "_2"]
    assert specs[0].parameters == {"type": "object", "properties": {"text": TEXT}, "required": ["text"]}
    assert [spec.description for spec in specs[:2]] == ["Echo", "Adds."]


def test_only_what_goes_elsewhere_is_told_of() -> None:
    kind = all_kinds()["mcp.tools"]
    told = [list(kind.hosts(kind.config.model_validate({"server": name}))) for name in ("practice", "files")]
    assert told == [[], ["files"]]
    assert kind.lets_out
    assert not kind.may_repeat({})
