"""Several items at once: each goes through the same nodes, which stand in a block that runs for each of them."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from flowloom.errors import Problem
from flowloom.exchange.drawing import Drawing
from flowloom.exchange.importers.n8n.workflow import N8nNode
from flowloom.exchange.importers.sketch import Template, Way
from flowloom.exchange.importers.values import Port, Record, Unread
from flowloom.flow.sorts import mappings
from flowloom.nodes.port_names import port_id

if TYPE_CHECKING:
    from flowloom.exchange.importers.n8n.walk import Out, Walk

TAKES_ALL = frozenset({"aggregate", "splitinbatches", "merge", "summarize", "limit"})
"""Nodes at which what runs for each item ends."""
INPUT, OUTPUT = "Item", "Result"


@dataclass(frozen=True)
class Items:
    """What a node puts out where it is several items: the output that holds their list, and the field of each."""

    at: str
    field: str = ""


def is_many(item: Any) -> bool:
    return isinstance(item, Items)


def split_out(walk: "Walk", node: N8nNode, way: Way, came: Any) -> "Out":
    named = node.settings.get("fieldToSplitOut")
    if not isinstance(named, str) or not named or "," in named or named.startswith("="):
        raise Unread
    whole: Any = walk.current
    for step in named.split("."):
        whole = walk.reader.part(whole, step, way)
    walk.tell(node, "")
    return {0: (Items(walk.sketch.port_of(whole, way), named.rpartition(".")[2]), way)}


def aggregate(walk: "Walk", node: N8nNode, way: Way, came: Any) -> "Out":
    """All items as one, a field of theirs each."""
    items = _list_of(walk, way)
    settings = node.settings
    if settings.get("aggregate") == "aggregateAllItemData":
        walk.tell(node, "")
        return {0: (Record({str(settings.get("destinationFieldName") or "data"): Port(items)}), way)}
    inner = settings.get("fieldsToAggregate")
    rows = inner.get("fieldToAggregate") if isinstance(inner, dict) else None
    fields = {}
    for row in mappings(rows):
        source = str(row.get("fieldToAggregate"))
        name = str(row.get("outputFieldName") or source) if row.get("renameField") else source
        path = "".join(f"?.[{part!r}]" for part in source.split("."))
        template = Template()
        script = f"{{{{{template.name(items)}}}}}.map(each => each{path}).filter(each => (each ?? null) !== null)"
        config = {"code": script, "engine": "javascript"}
        id = walk.sketch.place(way, "code.run", node.name, config, template.inputs, key=node.name)
        fields[name] = Port(f"{id}.result")
    if not fields:
        raise Unread
    walk.tell(node, next(iter(fields.values())).node)
    return {0: (Record(fields), way)}


def _list_of(walk: "Walk", way: Way) -> str:
    """The output that holds the items that come in as a list."""
    item = walk.current
    if not isinstance(item, Items):
        template = Template()
        script = f"[{walk.reader.written(item, way, template)}]"
        config = {"code": script, "engine": "javascript"}
        return f"{walk.sketch.place(way, 'code.run', '', config, template.inputs, key='list')}.result"
    return item.at


def for_each(walk: "Walk", node: N8nNode, way: Way) -> "Out":
    """The nodes from here on until one takes all items at once, run for each item."""
    body: set[str] = set()
    ends: list[tuple[str, int]] = []
    waiting = [(node.name, 0)]
    while waiting:
        name, input = waiting.pop()
        if walk.workflow.nodes[name].type in TAKES_ALL or name in walk.done - {node.name}:
            ends.append((name, input))
        elif name not in body:
            body.add(name)
            for output in walk.workflow.outputs(name):
                waiting += walk.workflow.after[name, output]
    into = dict.fromkeys(name for name, _ in ends)
    if len(into) > 1:
        raise Unread
    sink = next(iter(into), "")
    id = _block(walk, node, body, sink, way)
    walk.done |= body
    way.after = (f"{id}.result",)
    item = Items(f"{id}.result")
    walk.items.update(dict.fromkeys(body, item))
    walk.tell(node, "")
    if sink:
        walk.arrivals[sink].append((ends[0][1], item, way))
    elif walk.outer is None:
        walk.answer(item, way)
    else:
        walk.ends.append((0, item, way))
    return {}


def loop(walk: "Walk", node: N8nNode, way: Way, came: Any) -> "Out":
    """Loop Over Items: what its second output leads to, and back, for each item; the first when all are done."""
    old = node.version < 3
    each, done = (0, 1) if old else (1, 0)
    starts = [target for target, _ in walk.workflow.after.get((node.name, each), [])]
    body: set[str] = set()
    waiting = list(starts)
    while waiting:
        name = waiting.pop()
        if name in body or name == node.name:
            continue
        body.add(name)
        waiting += [
            target for output in walk.workflow.outputs(name) for target, _ in walk.workflow.after[name, output]
        ]
    if not body or len(starts) != 1:
        raise Unread
    first = walk.workflow.nodes[starts[0]]
    walk.current = walk.current if isinstance(walk.current, Items) else Items(_list_of(walk, way))
    id = _block(walk, first, body, node.name, way, name=node.name)
    walk.done |= body
    way.after = (f"{id}.result",)
    walk.tell(node, id, _ends_early())
    item = Items(f"{id}.result")
    for name in body:
        walk.items.setdefault(name, item)
    return {done: (item, way)}


def _block(walk: "Walk", first: N8nNode, body: set[str], sink: str, way: Way, name: str = "") -> str:
    from flowloom.exchange.importers.n8n.walk import Walk as Inner

    items = walk.current
    assert isinstance(items, Items)
    inner = Inner(walk.workflow, Drawing(walk.drawing.format, name or first.name), walk)
    entry = inner.drawing.block("flow.input", config={"name": INPUT}, key="item")
    inner.sketch.certain[entry] = set()
    item: Any = Port(f"{entry}.value")
    item = Record({items.field: item}) if items.field else item
    inner.arrivals[first.name].append((0, item, Way({})))
    inner.walk(body)
    found, end = _end(inner, sink)
    inner.current = found
    template = Template()
    script = inner.reader.written(found, end, template)
    config = {"code": script, "engine": "javascript"}
    made = inner.sketch.place(end, "code.run", "", config, template.inputs, key="result")
    out = inner.drawing.block("flow.output", config={"name": OUTPUT}, key="output")
    inner.drawing.join(f"{made}.result", f"{out}.value")
    inputs = {"item": items.at}
    for node_name, id in inner.given.items():
        port = port_id(str(inner.drawing.node(id).config["name"]))
        value = walk.item(node_name, way)
        inputs[port] = walk.sketch.port_of(
            value if not isinstance(value, Record) else _object(walk, value, way), way
        )
    walk.drawing.todo += [each for each in inner.drawing.todo if each not in walk.drawing.todo]
    walk.drawing.notes += [each for each in inner.drawing.notes if each not in walk.drawing.notes]
    walk.drawing.rows += [each.model_copy(update={"nodes": ()}) for each in inner.drawing.rows]
    flow = inner.drawing.flow().model_dump(mode="json", by_alias=True)
    # One after another, as n8n does.
    each: dict[str, Any] = {"flow": flow, "over": "item", "at_once": 1}
    return walk.sketch.place(
        way, "flow.each", name or first.name, each, inputs, acts=True, key=f"each {name or first.name}"
    )


def _object(walk: "Walk", value: Record, way: Way) -> Port:
    template = Template()
    script = walk.reader.written(value, way, template)
    id = walk.sketch.place(
        way, "code.run", "", {"code": script, "engine": "javascript"}, template.inputs, key="value"
    )
    return Port(f"{id}.result")


def _end(inner: "Walk", sink: str) -> tuple[Any, Way]:
    """What a round gives back. Raises Unread where that is nothing, or several items."""
    came = inner.arrivals.get(sink) or inner.ends
    if not came:
        raise Unread
    found, way = inner.joined(came)
    return (Port(found.at), way) if isinstance(found, Items) else (found, way)


def _ends_early() -> Problem:
    return Problem.of(
        "import.differs",
        "In n8n the loop ends, without “done”, when a round gives nothing or there are no items; here it goes on.",
        "You notice when a round gives nothing: what follows the loop runs all the same.",
    )
