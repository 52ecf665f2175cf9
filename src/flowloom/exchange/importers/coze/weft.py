"""The nodes of a Coze canvas on their way into a drawing: what each gives, and who runs after whom."""

import json
import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

import networkx as nx

from flowloom.errors import Problem
from flowloom.exchange.drawing import Drawing
from flowloom.exchange.importers.coze.canvas import Given, Line, Node, Reference
from flowloom.flow.sorts import mapping, words
from flowloom.locales import Verbatim
from flowloom.nodes.port_names import named_ports, port_id

NAME_IN_TEXT = re.compile(r"\{\{\s*([^{}\s.\[\]]+)((?:\.[^{}\s.\[\]]+|\[\d+\])*)\s*\}\}")
BLOCK = "block_output_"
AS_JSON = "import json\njson.dumps({{value}}, ensure_ascii=False, separators=(',', ':'))"
AS_WORD = "str({{value}}).lower()"
JOINED = """import json
def written(each):
    if isinstance(each, dict):
        return json.dumps(each, ensure_ascii=False, separators=(',', ':'), sort_keys=True)
    if isinstance(each, list):
        return '[' + ' '.join([written(part) for part in each]) + ']'
    return '' if each is None else str(each).lower() if isinstance(each, bool) else str(each)
{between}.join([written(each) for each in {{{{value}}}} or []])"""
"""A list as a text whose parts stand side by side."""


class Weft:
    """One canvas, or what stands within a batch or loop, with what its items are in `items`."""

    def __init__(
        self, drawing: Drawing, nodes: Sequence[Node], lines: Sequence[Line], outer: "Weft | None" = None
    ) -> None:
        self.drawing, self.nodes, self.outer = drawing, {node.id: node for node in nodes}, outer
        self.lines = [line for line in lines if line.source in self.nodes and line.target in self.nodes]
        self.message = ""
        self.values: dict[tuple[str, str], tuple[str, str]] = {}
        self.fired: dict[tuple[str, str], list[str]] = defaultdict(list)
        self.needs: dict[str, Given] = {}
        self.differs: dict[str, list[Problem]] = defaultdict(list)

    def draw(self) -> None:
        if self.outer is None:
            self.message = self.drawing.block("chat.message", key="message")
        for id in self._order():
            node = self.nodes[id]
            emit = getattr(self, f"_{node.type}", self._kept) if node.type.isidentifier() else self._kept
            blocks = emit(node)
            self.drawing.carried(id, node.title, node.type, *blocks, differs=self.differs[id])

    def _order(self) -> list[str]:
        graph: nx.DiGraph[str] = nx.DiGraph()
        graph.add_nodes_from(self.nodes)
        graph.add_edges_from((line.source, line.target) for line in self.lines if line.source != line.target)
        if not nx.is_directed_acyclic_graph(graph):
            return list(self.nodes)
        place = {id: number for number, id in enumerate(self.nodes)}
        return list(nx.lexicographical_topological_sort(graph, key=place.__getitem__))

    def block(self, node: Node, kind: str, config: Mapping[str, Any], values: Mapping[str, str]) -> str:
        """A block of a node with its lines, that runs where the node is to run."""
        block = self.drawing.block(kind, node.title, config, key=f"{node.type} {node.id}", at=node.at)
        for input, port in values.items():
            self.drawing.join(port, f"{block}.{input}")
        self.gate(block, node)
        return block

    def gate(self, block: str, node: Node) -> None:
        lines = [line for line in self.lines if line.target == node.id]
        ports = [port for line in lines for port in self.fired[line.source, line.port]]
        if ports:
            self.drawing.after(block, *dict.fromkeys(ports))

    def give(self, node: Node, ports: Mapping[str, str], done: str) -> None:
        for name, port in ports.items():
            self.values[node.id, name] = (port, node.outputs.get(name, "string"))
        self.fired[node.id, ""].append(done)

    def port(self, value: Given) -> tuple[str, str]:
        """The port of a value and its type."""
        if value.reference is None:
            literal = value.literal
            if isinstance(literal, str) and value.type in ("integer", "float", "boolean", "list", "object"):
                literal = _read(literal)
            return self.constant(literal), value.type
        return self._referred(value.reference, value)

    def constant(self, value: Any) -> str:
        if isinstance(value, str):
            return f"{self.drawing.block('text', value[:40] or 'Text', {'text': value}, key='text')}.text"
        return f"{self.drawing.block('code.run', 'Value', {'code': repr(value)}, key='value')}.result"

    def _referred(self, reference: Reference, value: Given) -> tuple[str, str]:
        if reference.node == "@memory":
            name = reference.name or "value"
            return f"{self.drawing.block('memory.recall', name, {'name': name[:80]}, key=name)}.value", value.type
        found = self.values.get((reference.node, reference.name))
        if found is None and self.outer is not None and self.outer.knows(reference):
            name = (
                reference.name
                if port_id(reference.name) not in self.needs
                else f"{reference.name} {reference.node}"
            )
            input = self.drawing.block("flow.input", name, {"name": name[:60]}, key=name)
            self.needs[port_id(name[:60])] = Given(value.type, Reference(reference.node, reference.name))
            found = self.values[reference.node, reference.name] = (f"{input}.value", value.type)
        if found is None:
            return self.constant(""), "string"
        return (self.pick(found[0], reference.path), value.type) if reference.path else found

    def knows(self, reference: Reference) -> bool:
        known = (reference.node, reference.name) in self.values
        return known or (self.outer is not None and self.outer.knows(reference))

    def pick(self, port: str, path: str) -> str:
        block = self.drawing.block("json.pick", path, {"path": path.lstrip(".")}, key=path)
        self.drawing.join(port, f"{block}.data")
        return f"{block}.value"

    def read(self, port: str, type: str) -> str:
        """A value as a text: lists and objects as JSON, yes and no in its words."""
        code = AS_JSON if type in ("list", "object") else AS_WORD if type == "boolean" else ""
        if not code:
            return port
        block = self.drawing.block("code.run", "As text", {"code": code}, key="as text")
        self.drawing.join(port, f"{block}.value")
        return f"{block}.result"

    def text(
        self, template: str, local: Mapping[str, Given], between: str | None = None
    ) -> tuple[str, dict[str, str]]:
        """A template of ours for one of theirs, and the port of each name in it.

        With `between`, lists are written as their parts with that between them, else as JSON.
        """
        ports: dict[str, str] = {}

        def named(found: re.Match[str]) -> str:
            name, path = found[1], found[2]
            value = local.get(name)
            if name.startswith(BLOCK):
                first, _, rest = path.lstrip(".").partition(".")
                value, path = Given("string", Reference(name.removeprefix(BLOCK), first)), rest
                if value.reference and not self.knows(value.reference):
                    value = None
            port = self.constant(found[0]) if value is None else self._part(value, path, between)
            key = next((known for known, other in ports.items() if other == port), f"value_{len(ports) + 1}")
            ports[key] = port
            return f"{{{{{key}}}}}"

        return NAME_IN_TEXT.sub(named, template), ports

    def _part(self, value: Given, path: str, between: str | None) -> str:
        port, type = self.port(value)
        if type == "list" and not path and between is not None:
            code = JOINED.format(between=repr(between).replace("{{", "{\\x7b"))
            block = self.drawing.block("code.run", "Joined", {"code": code}, key="joined")
            self.drawing.join(port, f"{block}.value")
            return f"{block}.result"
        return self.pick(port, path) if path else self.read(port, type)

    def _on_error(self, node: Node, block: str, outputs: Mapping[str, str]) -> None:
        rule = mapping(node.inputs.get("settingOnError"))
        retries = rule.get("retryTimes")
        if isinstance(retries, int) and 0 < retries <= 10:
            self.drawing.settle(block, retries=retries)
        if rule.get("processType") == 3:
            self.drawing.settle(block, on_error="port")
            self.fired[node.id, "branch_error"].append(f"{block}.error")
        elif rule.get("switch") is True or rule.get("processType") == 2:
            data = _read(words(rule.get("dataOnErr")))
            instead = {outputs[name]: value for name, value in mapping(data).items() if name in outputs}
            self.drawing.settle(block, on_error="value", fallback=instead)

    def _choose_model(self, name: str) -> None:
        self.drawing.do(
            "Choose a model for the blocks that used “{model}”.",
            "They use the default model until then. Models are connected under Settings.",
            model=Verbatim(name or "?"),
        )

    def _kept(self, node: Node) -> list[str]:
        names = list(node.parameters)
        outputs = list(node.outputs) or ["output"]
        block = self.drawing.placeholder(
            node.title, node.type, dict(node.inputs), inputs=names, outputs=outputs, key=node.title, at=node.at
        )
        for found, value in zip(named_ports(names), node.parameters.values(), strict=True):
            self.drawing.join(self.port(value)[0], f"{block}.{found.id}")
        self.gate(block, node)
        ports = [f"{block}.{port.id}" for port in named_ports(outputs)]
        self.give(node, dict(zip(outputs, ports, strict=True)), ports[0])
        self.drawing.do(
            "Replace “{name}”, which Coze runs elsewhere.",
            "Describe the service as an Action, import the flow it calls, or choose other blocks.",
            name=Verbatim(node.title),
        )
        return [block]


def _read(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return text
