"""Langflow's Loop as a block that runs a flow of its own for each item."""

from collections.abc import Callable

from flowloom.errors import Problem
from flowloom.exchange.drawing import Drawing
from flowloom.exchange.importers.langflow.graph import Component, Graph, Way
from flowloom.exchange.importers.langflow.weaving import Told, Weaving
from flowloom.flow.model import Flow
from flowloom.nodes.flows.embedded import document_of

ITEM, RESULT = "Item", "Result"


def body_of(graph: Graph, loop: str) -> set[str]:
    """The components that each item passes through: those between the way out for items and the line back."""
    back = graph.sources(loop, "@item")
    starts = [line.target for line in graph.out.get(loop, ()) if line.source.output == "item"]
    if not back:
        # Without a line back nothing of it runs; it is left out together.
        done = [line.target for line in graph.out.get(loop, ()) if line.source.output == "done"]
        return graph.reached(starts, but=[loop]) - graph.reached(done, but=[loop])
    beyond = graph.reached(starts, but=[loop])
    leading: set[str] = set()
    waiting = [way.id for way in back]
    while waiting:
        id = waiting.pop()
        if id in beyond and id not in leading:
            leading.add(id)
            waiting += [way.id for ways in graph.into.get(id, {}).values() for way in ways]
    return leading


def draw_loop(
    weaving: Weaving, component: Component, body: set[str], told: Told, draw: Callable[[Weaving], None]
) -> list[str]:
    back = weaving.graph.sources(component.id, "@item")
    source = weaving.incoming(component, "data")
    if not back or source is None:
        return _draw_empty(weaving, component, body, told)
    inner, shared = _inner(weaving, component, body, back[0], draw)
    config = {"flow": document_of(inner), "over": "item", "at_once": 1}
    block = weaving.block(component, "flow.each", config)
    weaving.drawing.join(_listed(weaving, component, source), f"{block}.item")
    for way, port in shared.items():
        weaving.drawing.join(weaving.port(way), f"{block}.{port}")
    rows = weaving.helper(
        component,
        "code.run",
        {"code": "[row if isinstance(row, dict) else {'text': row or ''} for row in {{rows}}]"},
        key=f"{component.id} rows",
    )
    weaving.drawing.join(f"{block}.result", f"{rows}.rows")
    weaving.gives(component, "done", f"{rows}.result", "rows")
    told.append(
        Problem.of(
            "import.loop",
            "An item that an If-Else stopped gives an empty row at the end, as it does there.",
            "You notice it where you count the rows. Leave empty ones out in the block behind the loop.",
        )
    )
    return [block, rows]


def _listed(weaving: Weaving, component: Component, source: Way) -> str:
    """The items as a list of rows."""
    port = weaving.value(component, source)
    if weaving.sort(source) == "rows":
        return port
    code = (
        "value = {{value}}\nrows = value if isinstance(value, list) else [value]\n"
        "[row if isinstance(row, dict) else {'text': row} for row in rows]\n"
    )
    block = weaving.helper(component, "code.run", {"code": code}, key=f"{component.id} items")
    weaving.drawing.join(port, f"{block}.value")
    return f"{block}.result"


def _inner(
    weaving: Weaving, component: Component, body: set[str], back: Way, draw: Callable[[Weaving], None]
) -> tuple[Flow, dict[Way, str]]:
    """The flow for one item, and what else comes into it from outside by which port."""
    drawing = Drawing(weaving.drawing.format, component.name)
    drawing.rows, drawing.notes, drawing.todo = weaving.drawing.rows, weaving.drawing.notes, weaving.drawing.todo
    graph = weaving.graph
    lines = tuple(line for line in graph.lines if line.target in body)
    inner = Weaving(
        Graph(graph.name, "", {id: graph.components[id] for id in graph.components if id in body}, lines), drawing
    )
    item = drawing.block("flow.input", "", {"name": ITEM, "type": "json"}, key="item")
    inner.gives(component, "item", f"{item}.value", "row")
    shared: dict[Way, str] = {}
    for line in lines:
        way = line.source
        if way.id in body or way.id == component.id or way in shared or not weaving.port(way):
            continue
        name = f"value {len(shared) + 1}"
        block = drawing.block("flow.input", "", {"name": name, "type": "any"}, key=name)
        shared[way] = name.replace(" ", "_")
        inner.ports[way], inner.sorts[way] = f"{block}.value", weaving.sort(way)
    draw(inner)
    result = drawing.block("flow.output", "", {"name": RESULT}, key="result")
    if inner.port(back):
        drawing.join(inner.port(back), f"{result}.value")
    return drawing.flow(), shared


def _draw_empty(weaving: Weaving, component: Component, body: set[str], told: Told) -> list[str]:
    """A loop whose body never runs there: without a line back, nothing comes of it."""
    block = weaving.block(component, "code.run", {"code": "[]"})
    weaving.gives(component, "done", f"{block}.result", "rows")
    weaving.gives(component, "item", "", "row")
    told.append(
        Problem.of(
            "import.loop_open",
            "No line leads back into this loop, so in Langflow its inside never runs and it gives nothing.",
            "Draw the line back there and import it again, or use a For each block.",
        )
    )
    for id in sorted(body):
        left = weaving.graph.components[id]
        weaving.drawing.carried(left.id, left.name, left.type, differs=[_never_runs()])
    return [block]


def _never_runs() -> Problem:
    return Problem.of(
        "import.never_runs", "It never runs in Langflow, so it was left out.", "The loop before it explains why."
    )
