"""Agents that another agent may hand over to or call, each a flow of its own that the agent uses as a tool."""

import ast
from collections.abc import Callable
from typing import TYPE_CHECKING

from flowloom.errors import Problem
from flowloom.exchange.drawing import Drawing
from flowloom.exchange.importers.agentbuilder.definitions import called, literal, settings_of, snake
from flowloom.exchange.importers.agentbuilder.expressions import Expressions
from flowloom.exchange.importers.sketch import Sketch, Way
from flowloom.exchange.importers.values import Agent, Messages, Port, Record

if TYPE_CHECKING:
    from flowloom.exchange.importers.agentbuilder.agents import Agents

DEEPEST = 3


class Handovers:
    """Draws agents within agents."""

    def __init__(self, agents: "Agents", deeper: Callable[[Sketch, Expressions], "Agents"]) -> None:
        self._agents, self._deeper = agents, deeper

    def draw(self, agent: Agent, depth: int) -> list[str]:
        """The blocks that an agent may use in place of other agents."""
        found = []
        for node in (agent.settings.get("handoffs"), agent.settings.get("tools")):
            for each in node.elts if isinstance(node, ast.List | ast.Tuple) else ():
                name, other, hands_over = self._named(each)
                if other is not None and depth < DEEPEST:
                    found.append(self._block(name, other, hands_over, depth))
        return found

    def _named(self, node: ast.expr) -> tuple[str, Agent | None, bool]:
        """The name of the tool, the agent behind it, and whether it takes over the conversation."""
        things = self._agents.things
        if isinstance(node, ast.Name):
            agent = things.get(node.id)
            return (_handing(agent), agent, True) if isinstance(agent, Agent) else ("", None, False)
        if not isinstance(node, ast.Call):
            return "", None, False
        settings = settings_of(node)
        if called(node) == "handoff" and node.args and isinstance(node.args[0], ast.Name):
            agent = things.get(node.args[0].id)
            named = literal(settings.get("tool_name_override"))
            return (named or _handing(agent), agent, True) if isinstance(agent, Agent) else ("", None, False)
        if snake(called(node)) == "as_tool" and isinstance(node.func, ast.Attribute):
            agent = things.get(getattr(node.func.value, "id", ""))
            named = literal(settings.get("tool_name")) or (agent.name if isinstance(agent, Agent) else "")
            return str(named), agent if isinstance(agent, Agent) else None, False
        return "", None, False

    def _block(self, name: str, agent: Agent, hands_over: bool, depth: int) -> str:
        outer = self._agents.drawing
        inner = Drawing(outer.format, agent.name)
        sketch = Sketch(inner)
        message = inner.block("chat.message", key="message")
        sketch.certain[message] = set()
        way = Way({})
        agents = self._deeper(sketch, Expressions(sketch, self._agents.things))
        given = Messages((("user", Port(f"{message}.message")),))
        answered = agents.run(agent, given, Record({}), way, depth + 1)
        # What leaves as “text” is told to the agent as it is.
        answer = inner.block("flow.output", config={"name": "Text"}, key="answer")
        inner.join(sketch.port_of(answered.text, way), f"{answer}.value")
        for each in (*inner.todo, *inner.notes):
            target = outer.todo if each in inner.todo else outer.notes
            if each not in target:
                target.append(each)
        flow = inner.flow().model_dump(mode="json", by_alias=True)
        id = outer.block("flow.sub", agent.name, {"flow": flow}, key=name)
        outer.carried(
            agent.name, agent.name, "Handoff" if hands_over else "Agent as a tool", id, differs=_unlike(hands_over)
        )
        return id


def _handing(agent: object) -> str:
    return f"transfer_to_{snake(agent.name.replace(' ', '_'))}" if isinstance(agent, Agent) else ""


def _unlike(hands_over: bool) -> list[Problem]:
    if not hands_over:
        return []
    return [
        Problem.of(
            "import.differs",
            "Here the first agent asks this one and passes on its answer; in the program this one took over.",
            "You notice when it should see the whole conversation, or when its answer is reworded.",
        )
    ]
