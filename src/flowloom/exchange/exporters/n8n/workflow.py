"""A workflow of n8n on its way: nodes, where each value is found, and the report."""

import json
from collections.abc import Mapping
from typing import Any

from flowloom.exchange.exporters.account import Account
from flowloom.exchange.exporters.n8n.control import Control, Decision, End
from flowloom.exchange.exporters.n8n.expressions import (
    all_of,
    as_text,
    expression,
    first_of,
    mixed,
    output_of,
    was_run,
)
from flowloom.exchange.exporters.ways import by_input
from flowloom.flow.model import Flow
from flowloom.kinds.port import PortType
from flowloom.kinds.registry import all_kinds, label_of
from flowloom.nodes.templates import find_placeholders
from flowloom.run.planning.plan import Link, Step

BASE, AI = "n8n-nodes-base.", "@n8n/n8n-nodes-langchain."
UNFIT = str.maketrans({'"': "”", "\\": "/", "{": "(", "}": ")", "\n": " ", "\r": " "})
"""Signs that would end the name of a node within an expression."""


class Workflow(Account):
    """What is written, node by node. A writer of a kind adds a node and says where its outputs are found."""

    def __init__(self, flow: Flow) -> None:
        super().__init__(flow)
        # Which steps need several ways at once is known once the lines are.
        assert self.ways.lines is not None
        self.nodes: dict[str, dict[str, Any]] = {}
        self.serving: list[tuple[str, str, str]] = []
        """Nodes that serve another: from, as what, to."""
        self.control = Control()
        self.values: dict[tuple[str, str], str] = {}
        self.marks: dict[tuple[str, str], str] = {}
        """The node that runs where an output of a choice is taken."""
        self.names = self._named()

    def _named(self) -> dict[str, str]:
        found: dict[str, str] = {}
        taken = set[str]()
        for _, step in self.plan.all_steps():
            if step.id not in found:
                found[step.id] = self._free(label_of(step.node, all_kinds()), taken)
                taken.add(found[step.id])
        return found

    def _free(self, wanted: str, taken: set[str]) -> str:
        name = base = " ".join(wanted.translate(UNFIT).split())[:100] or "Node"
        number = 1
        while name in taken:
            number += 1
            name = f"{base} {number}"
        return name

    def add(
        self, name: str, type: str, version: float, parameters: Mapping[str, Any], step: Step, **more: Any
    ) -> str:
        """Add a node that belongs to a block; its name, which may get a number."""
        name = self._free(name, set(self.nodes))
        place = self.flow.layout.get(step.id)
        x, y = (place.x, place.y) if place else (260.0 * len(self.nodes), 0.0)
        own = name == self.names[step.id]
        position = [round(x), round(y)] if own else [round(x) - 130, round(y) + 180]
        self.nodes[name] = {
            "parameters": dict(parameters),
            "id": f"n{len(self.nodes)}",
            "name": name,
            "type": type,
            "typeVersion": version,
            "position": position,
            **more,
        }
        return name

    def node(
        self,
        step: Step,
        type: str,
        version: float,
        parameters: Mapping[str, Any],
        outputs: Mapping[int, str] | None = None,
        **more: Any,
    ) -> str:
        """Add the node of a block and have it run after those before it; `outputs` by number where it chooses."""
        name = self.names[step.id]
        if step.node.settings.retries and type not in (f"{BASE}set", f"{BASE}noOp"):
            more |= {"retryOnFail": True, "maxTries": min(step.node.settings.retries + 1, 5)}
            more["waitBetweenTries"] = min(int(step.node.settings.retry_wait * 1000), 5000)
        if step.node.settings.on_error == "port" and outputs is None:
            more["onError"] = "continueErrorOutput"
            outputs = {0: "", 1: "error"}
            self.values[step.id, "error"] = output_of(name, "error")
        self.add(name, type, version, parameters, step, **more)
        decisions = {number: (step.id, port) for number, port in (outputs or {}).items()}
        self.control.join(name, self._ends(step), decisions or None)
        for number, port in (outputs or {}).items():
            if port and self._needs_mark(step, port):
                self._mark(step, port, number)
        return name

    def before(self, step: Step, name: str, type: str, version: float, parameters: Mapping[str, Any]) -> None:
        """Add a node that runs before that of a block."""
        ends = self._ends(step)
        self.control.join(self.add(name, type, version, parameters, step), ends)

    def behind(self, step: Step, name: str, type: str, version: float, parameters: Mapping[str, Any]) -> None:
        """Add a node that runs after that of a block, and ahead of all that follows."""
        ends = [end for end in self.control.ends if (end.node, end.output) == (self.names[step.id], 0)]
        self.control.join(self.add(name, type, version, parameters, step), ends)

    def fields(self, step: Step, **fields: str) -> str:
        """A node that puts out fields, each a setting."""
        rows = [
            {"id": str(number), "name": name, "value": value, "type": "string"}
            for number, (name, value) in enumerate(fields.items())
        ]
        parameters = {"assignments": {"assignments": rows}, "includeOtherFields": False, "options": {}}
        return self.node(step, f"{BASE}set", 3.4, parameters)

    def set_value(self, step: Step, **fields: str) -> str:
        """A node that puts out values of any type, each worked out by code."""
        inner = ", ".join(f"{name}: {code}" for name, code in fields.items())
        parameters = {"mode": "raw", "jsonOutput": expression(f"JSON.stringify({{ {inner} }})"), "options": {}}
        return self.node(step, f"{BASE}set", 3.4, parameters)

    def serve(self, step: Step, to: str, role: str, name: str, type: str, version: float, **settings: Any) -> str:
        """A node that serves another: a model, a memory, a parser, a tool."""
        credentials = {"credentials": settings.pop("credentials")} if "credentials" in settings else {}
        made = self.add(name, type, version, settings, step, **credentials)
        self.serving.append((made, role, to))
        return made

    def gives(self, step: Step, **outputs: str) -> None:
        """Say in which field of its node each output of a block is found."""
        for port, field in outputs.items():
            self.values[step.id, port] = output_of(self.names[step.id], field)

    # -- what comes in

    def code(self, step: Step, port: str) -> str:
        """What comes to an input, as code; "" where nothing leads to it."""
        links = by_input(step).get(port, [])
        choices = [(self.when(step, link), self.source(link)) for link in links]
        if not choices:
            return ""
        if step.inputs[port].many:
            return all_of(choices)
        return choices[0][1] if not choices[0][0] else first_of(choices)

    def text_code(self, step: Step, port: str) -> str:
        """The same as a text."""
        links = by_input(step).get(port, [])
        code = self.code(step, port)
        types = {link.source.outputs[link.port].type for link in links if link.port in link.source.outputs}
        if not code:
            return '""'
        return code if types == {PortType.TEXT} and not code.startswith("(") else as_text(code)

    def text(self, step: Step, port: str) -> str:
        """What comes to an input, as a setting."""
        code = self.text_code(step, port)
        return "" if code == '""' else expression(code)

    def with_values(self, step: Step, text: str) -> str:
        """A text of ours as a setting, with what its placeholders name."""
        pieces, done = list[tuple[str, bool]](), 0
        for place in find_placeholders(text):
            pieces.append((text[done : place.start], False))
            if place.name in step.inputs:
                pieces.append((self.text_code(step, place.name), True))
            done = place.end
        return mixed([*pieces, (text[done:], False)])

    def source(self, link: Link) -> str:
        return self.values.get((link.source.id, link.port), "undefined")

    def when(self, step: Step, link: Link) -> str:
        """When a value is there, as code; "" where it is whenever the step runs."""
        source = link.source
        alone = len(by_input(step)[link.input]) == 1 and step.id not in self.ways.unclear
        if link.port in self.ways_out(source):
            if alone and step.inputs[link.input].required:
                return ""
            mark = self.marks.get((source.id, link.port))
            return was_run(mark) if mark else self._found(link)
        condition = self.ways.condition(source)
        if not condition or (alone and self.ways.condition(step) == condition):
            return ""
        return was_run(self.names[source.id])

    def _found(self, link: Link) -> str:
        value = self.source(link)
        ran = "" if not self.ways.condition(link.source) else f"{was_run(self.names[link.source.id])} && "
        return f"{ran}{value} != null"

    @staticmethod
    def config(step: Step) -> Any:
        """The config of a step, whatever its kind."""
        return step.config

    def ways_out(self, step: Step) -> frozenset[str]:
        """The outputs of a step that may give nothing."""
        return self.ways.optional.get(step.id, frozenset()) & step.outputs.keys()

    # -- when it runs

    def _ends(self, step: Step) -> list[End]:
        """The ends where a step runs; where that is not clear from the way, a node asks first."""
        condition = self.ways.condition(step)
        if not self.control.ends:
            return []
        yes, perhaps, _ = self.control.matching(condition)
        known = all(fork in self.marked for fork, _ in condition)
        if known and not perhaps and step.id not in self.ways.unclear and (yes or not condition):
            return yes
        ends = yes + perhaps if known and yes + perhaps else list(self.control.ends)
        name = self.add(f"{self.names[step.id]}?", f"{BASE}if", 2.2, _if(self._ready(step)), step)
        return [self.control.split(name, ends, condition)]

    @property
    def marked(self) -> set[str]:
        """The steps at which the line of nodes forks."""
        return {fork for end in self.control.ends for path in end.paths for fork, _ in path}

    def _ready(self, step: Step) -> str:
        """Whether all that a step needs has arrived."""
        groups = by_input(step)
        needed = [links for name, links in groups.items() if step.inputs[name].required]
        needed = needed or [[link for links in groups.values() for link in links]]
        told = [[self._arrived(link) for link in links] for links in needed]
        return " && ".join(f"({' || '.join(each)})" for each in told if "true" not in each) or "true"

    def _arrived(self, link: Link) -> str:
        mark = self.marks.get((link.source.id, link.port))
        if mark:
            return was_run(mark)
        if link.port in self.ways_out(link.source):
            return f"({self._found(link)})"
        return was_run(self.names[link.source.id]) if self.ways.condition(link.source) else "true"

    def _needs_mark(self, step: Step, port: str) -> bool:
        """Whether another asks later if an output was taken."""
        for link in step.outgoing:
            if link.port == port and link.back is None:
                target, into = link.target, by_input(link.target).get(link.input, [])
                if len(into) > 1 or not target.inputs[link.input].required or target.id in self.ways.unclear:
                    return True
        return False

    def _mark(self, step: Step, port: str, number: int) -> None:
        label = step.outputs[port].label if port in step.outputs else port
        decision: Decision = (step.id, port)
        (end,) = [each for each in self.control.ends if (each.node, each.output) == (self.names[step.id], number)]
        name = self.add(f"{self.names[step.id]}: {label}".translate(UNFIT), f"{BASE}noOp", 1, {}, step)
        self.control.join(name, [end])
        self.marks[decision] = name

    def lacks(self, step: Step, message: str, hint: str) -> None:
        """Put a node in the place of a block that n8n has none for: it stops there with a sentence."""
        super().lacks(step, message, hint)
        said = str(self.differs[step.id][-1])
        # It has an output, so that what follows is joined already to what takes its place.
        self.node(step, f"{BASE}code", 2, {"jsCode": f"throw new Error({json.dumps(said, ensure_ascii=False)});"})
        for port in step.outputs:
            self.values[step.id, port] = output_of(self.names[step.id], port)


def _if(code: str) -> dict[str, Any]:
    return conditions([condition(code, "boolean", "true")], "and")


def condition(left: str, type: str, operation: str, right: str = "") -> dict[str, Any]:
    """One condition of a node that chooses; `left` is code."""
    operator: dict[str, Any] = {"type": type, "operation": operation}
    if operation in ("true", "false", "exists", "notExists", "empty", "notEmpty"):
        operator["singleValue"] = True
    return {"leftValue": expression(left), "rightValue": right, "operator": operator}


def conditions(each: list[dict[str, Any]], combinator: str) -> dict[str, Any]:
    options = {"caseSensitive": True, "leftValue": "", "typeValidation": "loose", "version": 2}
    rows = [{"id": str(number), **row} for number, row in enumerate(each)]
    return {"conditions": {"options": options, "conditions": rows, "combinator": combinator}, "options": {}}
