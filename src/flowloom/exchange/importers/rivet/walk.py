"""The nodes of a graph one after another, each drawn with the values that its inputs bring."""

from typing import Any

from flowloom.errors import Problem
from flowloom.exchange.drawing import Drawing
from flowloom.exchange.importers.rivet.nodes import draw_node
from flowloom.exchange.importers.rivet.project import RivetGraph, RivetNode
from flowloom.exchange.importers.sketch import Sketch, Template, Way
from flowloom.exchange.importers.values import Known, Messages, Port, Text, Unread
from flowloom.locales import Verbatim

DEEPEST = 8


class Walk:
    """What has been drawn of a graph; `given` are the values of its inputs where it is within another one."""

    def __init__(
        self, graphs: dict[str, RivetGraph], graph: RivetGraph, drawing: Drawing, sketch: Sketch, message: str
    ) -> None:
        self.graphs, self.graph, self.drawing, self.sketch = graphs, graph, drawing, sketch
        self.message = message
        self.values: dict[tuple[str, str], Any] = {}
        self.outputs: dict[str, Any] = {}
        self.given: dict[str, Any] | None = None
        self.depth = 0

    def walk(self) -> None:
        for node in self.graph.in_order():
            if node.disabled or node.type == "comment":
                self._beside(node)
                continue
            try:
                if node.split:
                    raise Unread
                found = draw_node(self, node, self._way(node))
            except Unread:
                found = self._keep(node)
            for output, value in found.items():
                self.values[node.id, output] = value

    def _beside(self, node: RivetNode) -> None:
        if node.type == "comment":
            self.drawing.note(str(node.data.get("text") or ""), node.position)
        self.tell(node)

    def _way(self, node: RivetNode) -> Way:
        """The way a node is on: that of its own condition, where it has one."""
        test = self.value(node, "$if")
        if test is None:
            return Way({})
        self.drawing.remark(
            "Rivet forgets a node’s own condition when it saves a project; here it counts.",
            "You notice where such a node ran in Rivet whatever its condition said.",
        )
        code = "({V} ?? false) !== false && {V} !== 0 && {V} !== '' && {V} !== 'false'"
        port = f"{self.branch(node, test, code, Way({}))}.yes"
        return Way({}, (port,), (port,))

    def value(self, node: RivetNode, input: str) -> Any:
        """What arrives by an input, None where nothing is connected."""
        source = self.graph.into.get(node.id, {}).get(input)
        if source is None:
            return None
        if source not in self.values:
            raise Unread
        return self.values[source]

    def inputs(self, node: RivetNode, stem: str = "input") -> list[Any]:
        """What arrives by `input1`, `input2` and so on."""
        named = [name for name in self.graph.into.get(node.id, {}) if name.startswith(stem)]
        ordered = sorted(named, key=lambda name: (len(name), name))
        return [self.value(node, name) for name in ordered]

    def text(self, value: Any) -> Any:
        """A value as a text: of a message, its words."""
        if isinstance(value, Messages):
            return value.rows[-1][1] if value.rows else Known("")
        return value

    def script(self, node: RivetNode, code: str, values: dict[str, Any], way: Way, key: str = "") -> Port:
        """A block of JavaScript; each `{NAME}` in the code is one of the values."""
        template = Template()
        lines = []
        for name, value in values.items():
            plain = self.text(value)
            port = self.sketch.port_of(plain if plain is not None else Known(None), way)
            lines.append(f"const {name} = {{{{{template.name(port, ('tables',))}}}}};")
            code = code.replace(f"{{{name}}}", name)
        config = {"code": "\n".join([*lines, code]), "engine": "javascript"}
        id = self.sketch.place(way, "code.run", node.title, config, template.inputs, key=key or node.title)
        return Port(f"{id}.result")

    def branch(self, node: RivetNode, test: Any, code: str, way: Way) -> str:
        """A branch with the way `yes`, by a test in JavaScript of the value `{V}`."""
        found = self.script(node, code, {"V": test}, way, "test")
        template = Template()
        name = template.name(found.at)
        row = {"name": "yes", "conditions": [{"input": name, "operator": "is_yes"}]}
        return self.sketch.place(way, "branch", node.title, {"rows": [row]}, template.inputs, key=node.title)

    def on(self, value: Any, port: str) -> Any:
        """A value that is there only where a port brought something."""
        way = Way({}, (port,), (port,))
        if isinstance(value, Messages):
            rows = tuple(
                (role, Port(self.sketch.kept(self.sketch.port_of(text, way), way))) for role, text in value.rows
            )
            return Messages(rows)
        return Port(self.sketch.gated(value if value is not None else Known(""), way))

    def tell(self, node: RivetNode, id: str = "", *differs: Problem) -> None:
        self.drawing.carried(node.id, node.title, node.type, *filter(None, (id,)), differs=differs)

    def _keep(self, node: RivetNode) -> dict[str, Any]:
        into = self.graph.into.get(node.id, {})
        read = sorted(
            {
                output
                for inputs in self.graph.into.values()
                for source, output in inputs.values()
                if source == node.id
            }
        )
        outputs = read or ["output"]
        id = self.drawing.placeholder(
            node.title, node.type, node.data, inputs=list(into), outputs=outputs, key=node.title, at=node.position
        )
        self.sketch.certain[id] = set()
        from flowloom.nodes.port_names import named_ports

        for name, port in zip(into, named_ports(list(into)), strict=True):
            found = self.values.get(into[name])
            if isinstance(self.text(found), Port | Text):
                self.drawing.join(self.sketch.port_of(self.text(found), Way({})), f"{id}.{port.id}")
        differs = [_for_each(node)] if node.split else []
        self.tell(node, id, *differs)
        return {name: Port(f"{id}.{port.id}") for name, port in zip(outputs, named_ports(outputs), strict=True)}


def _for_each(node: RivetNode) -> Problem:
    return Problem.of(
        "import.differs",
        "“{name}” runs for each item of a list in Rivet, but stops in silence after {most}.",
        "Put what it does into a For each block, which takes all items.",
        name=Verbatim(node.title),
        most=node.split,
    )
