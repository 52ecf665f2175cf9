"""A Dify app on its way: nodes, lines, where each value is found, and the report."""

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

from flowloom.exchange.exporters.account import Account
from flowloom.exchange.exporters.ways import by_input
from flowloom.exchange.fidelity import Carried
from flowloom.flow.model import Flow
from flowloom.kinds.port import PortType
from flowloom.kinds.registry import all_kinds, label_of
from flowloom.run.planning.plan import Link, Plan, Step

Selector = list[str]
PLAIN, SUCCESS, FAILURE = "source", "success-branch", "fail-branch"
READ_AS_VALUE = re.compile(r"\{\{#[a-zA-Z0-9_]{1,50}(?:\.[a-zA-Z_][a-zA-Z0-9_]{0,29})+#\}\}")
"""How a text of Dify names a value."""
BESIDE = 340
"""How far a node that was added stands ahead of the one it is for."""
TYPES = {
    PortType.NUMBER: "number",
    PortType.BOOLEAN: "boolean",
    PortType.JSON: "object",
    PortType.LIST: "array[any]",
}


class App(Account):
    """What is written, node by node. A writer of a kind adds a node and says where its outputs are found."""

    def __init__(self, flow: Flow) -> None:
        super().__init__(flow)
        self.ids = node_ids(self.plan)
        self.nodes: list[dict[str, Any]] = []
        self.edges: dict[tuple[str, str, str], None] = {}
        self.values: dict[tuple[str, str], Selector] = {}
        self.handles: dict[tuple[str, str], str] = {}
        self.memory: dict[str, dict[str, Any]] = {}

    def node(self, step: Step, type: str, *, suffix: str = "", title: str = "", **data: Any) -> str:
        """Add a node of Dify where a block stands; its id."""
        id = self.ids[step.id] + suffix
        if not suffix and READ_AS_VALUE.search(json.dumps(step.node.config, ensure_ascii=False)):
            self.differ(
                step,
                "Dify reads “{{#…#}}” in a text as a value.",
                "You notice it in the text that is put there instead.",
            )
        place = self.flow.layout.get(step.id)
        x, y = (place.x, place.y) if place else (60 + 320 * len(self.nodes), 200)
        at = {"x": x - BESIDE * bool(suffix), "y": y}
        said = {
            "type": type,
            "title": title or label_of(step.node, all_kinds()),
            **data,
            **self._settings(step, type),
        }
        self.nodes.append({"id": id, "type": "custom", "position": at, "data": said})
        return id

    def _settings(self, step: Step, type: str) -> dict[str, Any]:
        settings, found = step.node.settings, dict[str, Any]()
        if type not in ("llm", "http-request", "code"):
            return found
        if settings.on_error == "port":
            found["error_strategy"] = FAILURE
            self.handles[step.id, "error"] = FAILURE
            self.values[step.id, "error"] = [self.ids[step.id], "error_message"]
        if settings.retries:
            wait = int(settings.retry_wait * 1000)
            found["retry_config"] = {"retry_enabled": True, "max_retries": settings.retries, "retry_interval": wait}
        return found

    def gives(self, step: Step, **outputs: str) -> None:
        """Say under which name each output of a block is found at its node."""
        for port, name in outputs.items():
            self.values[step.id, port] = [self.ids[step.id], name]

    def value(self, step: Step, port: str) -> Selector:
        """Where what comes to an input is found; [] where nothing leads to it."""
        links = by_input(step).get(port, [])
        if len(links) > 1 and not step.inputs[port].many:
            return [self.first_of(step, port, links), "output"]
        return self.source(links[0]) if links else []

    def many(self, step: Step, port: str) -> list[Selector]:
        return [found for link in by_input(step).get(port, []) if (found := self.source(link))]

    def source(self, link: Link) -> Selector:
        return self.values.get((link.source.id, link.port), [])

    def text(self, step: Step, port: str) -> str:
        """What comes to an input, as a text of Dify names it."""
        selector = self.value(step, port)
        return f"{{{{#{'.'.join(selector)}#}}}}" if selector else ""

    def first_of(self, step: Step, port: str, links: Sequence[Link]) -> str:
        """A node that hands on the first of several values that is there."""
        suffix = f"_{re.sub(r'[^A-Za-z0-9]', '', port) or 'value'}_first"[:12]
        id = self.ids[step.id] + suffix
        if all(node["id"] != id for node in self.nodes):
            variables = [found for link in links if (found := self.source(link))]
            self.node(step, "variable-aggregator", suffix=suffix, output_type="string", variables=variables)
        return id

    def lacks(self, step: Step, message: str, hint: str) -> None:
        """Put a node in the place of a block that Dify has none for: it stops there with a sentence."""
        super().lacks(step, message, hint)
        said = str(self.differs[step.id][-1])
        code = f"def main() -> dict:\n    raise Exception({json.dumps(said, ensure_ascii=False)})\n"
        outputs = {"output": {"type": "string", "children": None}}
        self.node(step, "code", code_language="python3", code=code, variables=[], outputs=outputs)
        for port in step.outputs:
            self.values[step.id, port] = [self.ids[step.id], "output"]

    def connect(self) -> None:
        """Draw the lines: from each block that lets another run, by a node between where there is one."""
        between = {node["id"] for node in self.nodes}
        for link, at in self.ways.lines:
            target = self.ids[at]
            via = next((each for each in between if each.startswith(f"{target}_") and each.endswith("first")), "")
            links = by_input(link.target).get(link.input, []) if link.input else []
            if via and len(links) > 1:
                self.line(link, via)
                self.edges[via, PLAIN, target] = None
            else:
                self.line(link, target)

        self._begin()

    def _begin(self) -> None:
        """Have everything begin at the start: what no line leads to would never run there."""
        start = next((node["id"] for node in self.nodes if node["data"]["type"] == "start"), "")
        if not start:
            start = "begin"
            data = {"type": "start", "title": "Start", "variables": []}
            self.nodes.insert(0, {"id": start, "type": "custom", "position": {"x": -320, "y": 200}, "data": data})
        reached = {target for _, _, target in self.edges}
        for node in self.nodes:
            if node["id"] not in reached and node["id"] != start:
                self.edges[start, PLAIN, node["id"]] = None

    def line(self, link: Link, target: str) -> None:
        source = self.ids[link.source.id]
        if source != target:
            self.edges[source, self._handle(link), target] = None

    def _handle(self, link: Link) -> str:
        known = self.handles.get((link.source.id, link.port))
        if known:
            return known
        fails = link.source.node.settings.on_error == "port" and (link.source.id, "error") in self.handles
        return SUCCESS if fails else PLAIN

    def rows(self) -> list[Carried]:
        return [self._row(step) for step in self.plan.steps]

    def _row(self, step: Step) -> Carried:
        if step.id in self.ways.unclear:
            self.differ(
                step,
                "This block runs as soon as one of the ways to it is taken.",
                "You notice it where it needs several of them.",
            )
        return self.row(step, self.ids[step.id])


def settings(step: Step) -> Any:
    """The config of a step, whatever its kind."""
    return step.config


def node_ids(plan: Plan) -> Mapping[str, str]:
    """Ids that a text of Dify can name: letters, digits and `_`."""
    found: dict[str, str] = {}
    for step in plan.steps:
        id, number = step.id.replace("-", "_"), 1
        while id in found.values() or id in ("sys", "conversation", "env"):
            number += 1
            id = f"{step.id.replace('-', '_')[:36]}_{number}"
        found[step.id] = id
    return found
