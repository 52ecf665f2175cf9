"""A run of an agent as a block: a model, or an agent where it has tools."""

import ast
from collections.abc import Mapping
from typing import Any

from flowloom.errors import Problem
from flowloom.exchange.importers.agentbuilder.definitions import definition, entries, literal
from flowloom.exchange.importers.agentbuilder.expressions import Expressions
from flowloom.exchange.importers.agentbuilder.handovers import Handovers
from flowloom.exchange.importers.agentbuilder.shapes import fields_of
from flowloom.exchange.importers.agentbuilder.tools import Tools, tools_of
from flowloom.exchange.importers.model_names import model_name
from flowloom.exchange.importers.sketch import Sketch, Template, Way
from flowloom.exchange.importers.values import (
    Agent,
    Answered,
    Known,
    Messages,
    Port,
    Record,
    Text,
    Thing,
    Unread,
    Written,
)
from flowloom.locales import Verbatim
from flowloom.nodes.models.answer_fields import AnswerField, field_ports
from flowloom.nodes.models.model import TAKEN

_UNSENT = {"top_p", "max_tokens", "reasoning", "tool_choice", "verbosity", "frequency_penalty", "presence_penalty"}


class Agents:
    """Draws runs of agents."""

    def __init__(self, sketch: Sketch, reader: Expressions, things: Mapping[str, Any]) -> None:
        self._sketch, self._reader, self.things = sketch, reader, things
        self.drawing = sketch.drawing
        self._tools = Tools(sketch)
        self._handovers = Handovers(self, lambda inner, reading: Agents(inner, reading, things))
        self._others: dict[str, list[str]] = {}

    def run(self, agent: Agent, given: Any, context: Any, way: Way, depth: int = 0) -> Answered:
        """What an agent answers to what it is given. Raises Unread."""
        config: dict[str, Any] = {"model": self._model(agent), "history_turns": 100}
        config |= self._settings(agent)
        if agent.name not in self._others:
            self._others[agent.name] = self._handovers.draw(agent, depth)
        tools = self._tool_blocks(agent) + self._others[agent.name]
        fields = fields_of(agent.settings.get("output_type"), self.things)
        differs = list(self._unlike(agent, fields, bool(tools)))
        system = self._instructions(agent, context, way)
        rows, before = self._rows(given, way)
        kind, main = ("agent", "message") if tools else ("model", "prompt")
        inputs, optional = self._said(config, system, rows, before, main, way)
        if fields and not tools:
            config["fields"] = fields
        id = self._sketch.place(way, kind, agent.name, config, inputs, acts=True, key=agent.name, optional=optional)
        for tool in tools:
            self.drawing.join(f"{tool}.tool", f"{id}.tools")
        way.after = (f"{id}.answer",)
        self.drawing.carried(agent.name, agent.name, "Agent", id, differs=differs)
        return self._answered(id, fields, bool(tools))

    def _answered(self, id: str, fields: list[dict[str, Any]], with_tools: bool) -> Answered:
        answer = Port(f"{id}.answer")
        if not fields:
            return Answered(answer)
        if with_tools:
            return Answered(answer, answer)
        rows = [AnswerField(**row) for row in fields]
        ports = {
            row.name: Port(f"{id}.{port.id}", row.type)
            for row, port in zip(rows, field_ports(rows, TAKEN), strict=True)
        }
        return Answered(Written(Record(ports)), Record(ports))

    # -- what it is told

    def _rows(self, given: Any, way: Way) -> tuple[tuple[tuple[str, Any], ...], Any]:
        """The messages to write out, and the output that holds those before them."""
        if not isinstance(given, Messages):
            return (("user", given),), None
        if given.before is None or not given.rows:
            return given.rows, given.before
        # Only the person's last message may follow what was said before.
        last = given.rows[-1:] if given.rows[-1][0] == "user" else ()
        earlier = Messages(given.rows[: len(given.rows) - len(last)], given.before)
        return last, Port(self._sketch.port_of(earlier, way)) if earlier.rows else given.before

    def _said(
        self,
        config: dict[str, Any],
        system: Any,
        rows: tuple[tuple[str, Any], ...],
        before: Any,
        main: str,
        way: Way,
    ) -> tuple[dict[str, str], dict[str, str]]:
        """Put instructions and messages into the settings; the inputs they need, and those they can do without."""
        fixed = isinstance(system, Known)
        if fixed and isinstance(system.value, str):
            config["instructions"] = system.value
        if fixed and before is None and len(rows) == 1 and rows[0][0] == "user":
            # One message is the block's own prompt, which reads best on the canvas.
            return {main: self._sketch.port_of(rows[0][1], way)}, {}
        template = Template()
        told = [] if fixed else [("system", system)]
        taken = (main, "history", "passages", "tools")
        config["messages"] = [
            self._sketch.message_row(role, text, template, taken, way) for role, text in (*told, *rows)
        ]
        if before is None:
            return template.inputs, {}
        if not rows and fixed:
            # What was said before needs a message to stand beside: the instructions.
            config["messages"] = [{"role": "system", "text": config.pop("instructions", "") or "…"}]
        return template.inputs | {"history": self._sketch.port_of(before, way)}, {}

    def _instructions(self, agent: Agent, context: Any, way: Way) -> Any:
        node = agent.settings.get("instructions")
        if node is None:
            return Known("")
        thing = self.things.get(node.id) if isinstance(node, ast.Name) else None
        if isinstance(thing, Thing) and isinstance(thing.node, ast.FunctionDef | ast.AsyncFunctionDef):
            return self._from_function(thing.node, context, way)
        if isinstance(node, ast.Lambda):
            returned = ast.FunctionDef(name="", args=node.args, body=[ast.Return(node.body)], decorator_list=[])
            return self._from_function(returned, context, way)
        found = self._reader.value(node, way)
        return Known(found.value or "") if isinstance(found, Known) else found

    def _from_function(self, function: ast.FunctionDef | ast.AsyncFunctionDef, context: Any, way: Way) -> Any:
        """The text that a function of the context returns."""
        inner = Way(dict(way.names), way.after, way.gate)
        for place, argument in enumerate(function.args.args):
            inner.names[argument.arg] = (
                Record({"context": context, "name": Known("")}) if place == 0 else Record({})
            )
        for statement in function.body:
            if isinstance(statement, ast.Assign) and isinstance(statement.targets[0], ast.Name):
                inner.names[statement.targets[0].id] = self._reader.value(statement.value, inner)
            if isinstance(statement, ast.Return) and statement.value is not None:
                found = self._reader.value(statement.value, inner)
                return found if isinstance(found, Known | Text) else Text((found,))
        raise Unread

    # -- how it is set

    def _model(self, agent: Agent) -> str:
        named = literal(agent.settings.get("model"))
        if isinstance(named, str) and named.strip():
            return model_name("openai", named)
        self.drawing.do(
            "“{agent}” names no model that is known here, so it uses the default model.",
            "Choose a model in its block.",
            agent=Verbatim(agent.name),
        )
        return "default"

    def _settings(self, agent: Agent) -> dict[str, Any]:
        found = entries(agent.settings.get("model_settings"))
        temperature = literal(found.get("temperature"))
        unsent = sorted(
            name for name in _UNSENT & found.keys() if not (name == "top_p" and literal(found[name]) == 1)
        )
        if unsent:
            self.drawing.remark(
                "How long an answer may be, how hard a model thinks, and similar settings are not carried over.",
                "Models use their own. You may notice longer or shorter answers.",
            )
        if isinstance(temperature, int | float) and 0 <= temperature <= 2:
            return {"temperature": temperature}
        return {}

    def _tool_blocks(self, agent: Agent) -> list[str]:
        node = agent.settings.get("tools")
        tools = tools_of(node, self.things, definition)
        drawn = [self._tools.draw(tool, agent.name) for tool in tools]
        return [each for each in dict.fromkeys(drawn) if each]

    def _unlike(self, agent: Agent, fields: list[dict[str, Any]], with_tools: bool) -> list[Problem]:
        found = []
        if fields and with_tools:
            found.append(
                Problem.of(
                    "import.differs",
                    "An agent with tools answers in words here, not in fields; its words are read as the fields.",
                    "You notice when it answers in another form: ask for JSON in its instructions.",
                )
            )
        if fields and not with_tools:
            self.drawing.remark(
                "An answer that doesn’t have the fields it should have is asked for again.",
                "You notice extra requests where the exported program would have stopped with an error.",
            )
        if any(not row["required"] for row in fields) and not with_tools:
            found.append(
                Problem.of(
                    "import.differs",
                    "A field that the model leaves out gives nothing here, instead of an empty value.",
                    "You notice when a block that needs the field doesn’t run.",
                )
            )
        if "input_guardrails" in agent.settings or "output_guardrails" in agent.settings:
            found.append(
                Problem.of(
                    "import.differs",
                    "The agent’s own guardrails are functions of the program, which are not carried over.",
                    "You notice when a text should be stopped: add a Moderate block before or after it.",
                )
            )
        return found
