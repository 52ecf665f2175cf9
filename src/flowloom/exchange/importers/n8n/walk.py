"""The nodes of a workflow one after another, each drawn with what comes in and what goes out."""

from collections import defaultdict
from typing import Any

from flowloom.errors import Problem
from flowloom.exchange.drawing import Drawing
from flowloom.exchange.importers.n8n.expressions import N8nExpressions
from flowloom.exchange.importers.n8n.lists import Items
from flowloom.exchange.importers.n8n.nodes import draw_node
from flowloom.exchange.importers.n8n.ran import Ran
from flowloom.exchange.importers.n8n.workflow import N8nNode, N8nWorkflow
from flowloom.exchange.importers.sketch import Sketch, Way
from flowloom.exchange.importers.values import Choice, Known, Port, Record, Text, Unread, Written
from flowloom.exchange.importers.ways import one_of
from flowloom.locales import Verbatim
from flowloom.nodes.readable import first_words

Out = dict[int, tuple[Any, Way]]


class Walk:
    """What has been drawn of a workflow so far."""

    def __init__(self, workflow: N8nWorkflow, drawing: Drawing, outer: "Walk | None" = None) -> None:
        self.workflow, self.drawing, self.outer = workflow, drawing, outer
        self.sketch = Sketch(drawing, "true", "false", "")
        self.ran = Ran(self.sketch)
        self.reader = N8nExpressions(self.sketch, self.item, self.ran, self.listed)
        self.items: dict[str, Any] = {}
        self.ends: list[tuple[int, Any, Way]] = []
        """What is left at the ends of its ways, where it is a part of another walk."""
        self.arrivals: dict[str, list[tuple[int, Any, Way]]] = defaultdict(list)
        self.current: Any = Record({})
        self.message = ""
        self.tools: dict[str, str] = {}
        self.done: set[str] = set()
        self.given: dict[str, str] = {}
        """Inputs of a flow within a block, by the node outside whose output they bring."""

    def item(self, name: str, way: Way) -> Any:
        """What a node put out, "" for what comes in now. Raises Unread."""
        if not name:
            if isinstance(self.current, Items):
                raise Unread
            return self.current
        if name in self.items:
            found = self.items[name]
            if isinstance(found, Items):
                raise Unread
            return found
        if self.outer is None or name not in self.outer.items:
            raise Unread
        if name not in self.given:
            id = self.drawing.block("flow.input", config={"name": f"From {name}"[:60]}, key=f"from {name}")
            self.sketch.certain[id] = set()
            self.given[name] = id
        return Port(f"{self.given[name]}.value")

    def listed(self, name: str, way: Way) -> str | None:
        """The output that holds the items of a node as a list, "" for what comes in; None where it is one item."""
        found = self.items.get(name) if name else self.current
        return found.at if isinstance(found, Items) else None

    def walk(self, only: set[str] | None = None) -> None:
        for node in self.workflow.in_order():
            if (only is None or node.name in only) and node.name not in self.done:
                self.step(node)

    def step(self, node: N8nNode) -> None:
        came = self.arrivals.get(node.name, [])
        if not came and not self.begins(node):
            return
        self.done.add(node.name)
        self.current, way = self.joined(came)
        self.ran.reached(node.name, way)
        try:
            out = draw_node(self, node, way, came)
        except Unread:
            out = self._keep(node, way)
        if out:
            self.items[node.name] = out[min(out)][0]
        self._send(node, out)

    def begins(self, node: N8nNode) -> bool:
        """Whether a run begins at a node: a trigger, or whatever stands first where there is no trigger."""
        if node.starts or self.outer is not None:
            return node.starts
        first = not self.workflow.before.get(node.name) and bool(self.workflow.outputs(node.name))
        return first and not any(each.starts for each in self.workflow.nodes.values())

    def joined(self, came: list[tuple[int, Any, Way]]) -> tuple[Any, Way]:
        if not came:
            return Record({}), Way({})
        if len(came) == 1:
            _, item, way = came[0]
            return item, Way(dict(way.names), way.after, way.gate)
        gate = tuple(dict.fromkeys(port for _, _, way in came for port in (way.after or way.gate)))
        values = [item for _, item, _ in came]
        ways = [(way, item) for _, item, way in came]
        item = one_of(ways, gate) if not any(isinstance(each, Items) for each in values) else values[0]
        quiet = all(way.names.get("quiet") for way, _ in ways)
        return item, Way({"quiet": True} if quiet else {}, gate, gate)

    def _send(self, node: N8nNode, out: Out) -> None:
        """Hand on what a node put out; a way that ends answers."""
        for output, (item, way) in out.items():
            targets = sorted(self.workflow.after.get((node.name, output), []), key=self._place)
            if not targets and self.outer is not None:
                self.ends.append((0, item, way))
            elif not targets and not way.ended and not way.names.get("quiet"):
                self.answer(item, way)
            for number, (target, input) in enumerate(targets):
                names = dict(way.names)
                if number < len(targets) - 1:
                    # n8n runs these one after another, and shows what the last of them gives.
                    names["quiet"] = True
                    self.drawing.remark(
                        "Branches that n8n runs one after another run side by side here.",
                        "You notice when one relies on what another has done before.",
                    )
                self.arrivals[target].append((input, item, Way(names, way.after, way.gate)))

    def _place(self, target: tuple[str, int]) -> tuple[float, float]:
        x, y = self.workflow.nodes[target[0]].position
        return y, x

    def answer(self, item: Any, way: Way, text: Any = None) -> None:
        """What a chat shows of the last item."""
        value = shown(item, self) if text is None else text
        if isinstance(value, Items):
            value = self.reader.part(Port(value.at), 0, way)
        if isinstance(value, Known):
            words = "" if value.value is None else str(value.value)
            id = self.drawing.block("chat.answer", "", {"text": words}, key="answer")
            for source in way.after or ((f"{self.message}.message",) if self.message else ()):
                self.drawing.join(source, f"{id}.after")
            return
        self.sketch.place(
            way, "chat.answer", "", {}, {"text": self.sketch.port_of(value, way)}, acts=True, key="answer"
        )

    # -- the report

    def tell(self, node: N8nNode, id: str, *differs: Problem) -> None:
        told = list(differs)
        for code in dict.fromkeys(self.reader.unread):
            told.append(_only_there(code))
        self.reader.unread.clear()
        if node.on_error:
            told.append(_goes_on())
        self.drawing.carried(node.name, node.name, node.type, *filter(None, (id,)), differs=told)
        if id:
            self._credentials(node)

    def serves(self, node: N8nNode, exactly: bool) -> None:
        """A node that is part of the block it serves."""
        if node.name in self.done:
            return
        self.done.add(node.name)
        self.drawing.carried(node.name, node.name, node.type, differs=[] if exactly else [_other_settings()])
        self._credentials(node)

    def _credentials(self, node: N8nNode) -> None:
        if node.credentials and node.type.startswith(("lm", "embeddings")):
            self.drawing.do("Add the keys of the models that it uses.", "Open Models and paste each key once.")
        elif node.credentials:
            self.drawing.do(
                "“{name}” used an account that stays in n8n.",
                "Add it under Settings → Accounts, then choose it in the block.",
                name=Verbatim(node.name),
            )

    def documents(self, node: N8nNode) -> None:
        self.drawing.do(
            "Add the documents that “{name}” searched.",
            "Open the Search knowledge block and upload them.",
            name=Verbatim(node.name),
        )

    def _keep(self, node: N8nNode, way: Way) -> Out:
        outputs = self.workflow.outputs(node.name) or [0]
        names = ["output"] + [f"output {number + 1}" for number in outputs if number]
        id = self.drawing.placeholder(
            node.name, node.type, node.settings, inputs=["input"], outputs=names, key=node.name
        )
        self.sketch.certain[id] = set()
        if isinstance(self.current, Record | Port | Choice | Text):
            self.drawing.join(self.sketch.port_of(self.current, way), f"{id}.input")
        if way.after:
            self.drawing.after(id, *way.after)
        self.tell(node, id)
        ports = {number: f"{id}.output" if not number else f"{id}.output_{number + 1}" for number in outputs}
        return {number: (Port(port), Way(dict(way.names), (port,), way.gate)) for number, port in ports.items()}


def shown(item: Any, walk: Walk) -> Any:
    """The words that n8n's chat shows of an item."""
    if isinstance(item, Record):
        for name in ("output", "text", "message"):
            if name in item.fields:
                found = item.fields[name]
                return Written(found) if isinstance(found, Record) else found
        values = list(item.fields.values())
        return values[0] if len(values) == 1 else Written(item)
    if isinstance(item, Choice):
        return Choice(tuple((arm, shown(each, walk)) for arm, each in item.ways), item.gate)
    return item


def _only_there(code: str) -> Problem:
    return Problem.of(
        "import.differs",
        "Only n8n can work out “{written}”: it stands here as it is written.",
        "You notice at once. Write a value in its place, or connect a block that gives it.",
        written=Verbatim(first_words(code, 80)),
    )


def _goes_on() -> Problem:
    return Problem.of(
        "import.differs",
        "In n8n the flow goes on when this node fails: IF sends the item to “false”, Switch to its first output.",
        "You notice when it fails here: the run stops. Set what happens then in the block’s settings.",
    )


def _other_settings() -> Problem:
    return Problem.of(
        "import.differs",
        "Some of its settings are not carried over.",
        "You notice when an answer is longer, or something is remembered in another place.",
    )
