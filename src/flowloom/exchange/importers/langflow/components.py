"""Every component of a Langflow flow as blocks, in the order in which values pass."""

import re
from collections.abc import Callable, Mapping, Sequence

from flowloom.errors import Problem
from flowloom.exchange.importers.langflow import data, documents, logic, models, talk, tools
from flowloom.exchange.importers.langflow.graph import Component, Graph
from flowloom.exchange.importers.langflow.loops import body_of, draw_loop
from flowloom.exchange.importers.langflow.weaving import Told, Weaving
from flowloom.nodes.port_names import named_ports

Draw = Callable[[Weaving, Component, Told], list[str]]
DRAWS: Mapping[str, Draw] = {
    **talk.DRAWS,
    **models.DRAWS,
    **logic.DRAWS,
    **data.DRAWS,
    **documents.DRAWS,
    **tools.DRAWS,
}


def draw_all(weaving: Weaving) -> None:
    """Draw a whole graph; where it has loops, their insides go into a block of their own."""
    bodies = {
        id: body_of(weaving.graph, id)
        for id, each in weaving.graph.components.items()
        if each.type == "LoopComponent"
    }
    within = set().union(*bodies.values()) if bodies else set()
    for component in _ordered(weaving.graph, bodies):
        if component.id not in within:
            _draw(weaving, component, bodies.get(component.id))
    weaving.finish()


def _draw(weaving: Weaving, component: Component, body: set[str] | None) -> None:
    told: Told = []
    if body is not None:
        blocks = draw_loop(weaving, component, body, told, draw_all)
    elif tools.is_tool(weaving.graph, component):
        blocks = tools.draw_tool(weaving, component, told)
    else:
        blocks = _draw_of(component)(weaving, component, told)
    if component.raw.get("edited") is True and component.type in DRAWS:
        told.append(
            Problem.of(
                "import.edited",
                "Its code was changed in Langflow. Flowloom never runs it and uses a block of its own.",
                "You notice it where the change made a difference. Its code is in the original file.",
            )
        )
    weaving.drawing.carried(component.id, component.name, component.type, *blocks, differs=told)


def _draw_of(component: Component) -> Draw:
    if component.type in DRAWS:
        return DRAWS[component.type]
    values = component.values
    if re.search(r"Embedding", component.type):
        return documents.draw_embeddings
    if re.search(r"Model(Component)?$", component.type) or ("system_message" in values and "input_value" in values):
        return models.draw_model
    if "search_query" in values or "ingest_data" in values or "number_of_results" in values:
        return documents.draw_search
    return draw_kept


def draw_kept(weaving: Weaving, component: Component, told: Told) -> list[str]:
    """A component that has no counterpart, with its settings and its lines."""
    fields = list(weaving.graph.into.get(component.id, {}))
    outputs = list(
        dict.fromkeys(line.source.output or "output" for line in weaving.graph.out.get(component.id, ()))
    )
    block = weaving.drawing.placeholder(
        component.name,
        component.type,
        component.settings,
        inputs=fields,
        outputs=outputs or ["output"],
        key=component.id,
        at=component.place,
    )
    for field, port in zip(fields, named_ports(fields), strict=True):
        weaving.joined(component, field, f"{block}.{port.id}")
    for output, port in zip(outputs or ["output"], named_ports(outputs or ["output"]), strict=True):
        weaving.gives(component, output, f"{block}.{port.id}")
    return [block]


def _ordered(graph: Graph, bodies: Mapping[str, set[str]]) -> Sequence[Component]:
    """The components, each after those that bring it something; lines back count for nothing."""
    inside = {id: loop for loop, body in bodies.items() for id in body}
    after: dict[str, list[str]] = {id: [] for id in graph.components}
    into: set[str] = set()
    for line in graph.lines:
        source, target = line.source.id, inside.get(line.target, line.target)
        if source in graph.components and inside.get(source, source) != target:
            after[source].append(target)
            into.add(target)
    done: dict[str, None] = {}
    for root in (*(id for id in after if id not in into), *after):
        _visit(root, after, done)
    return [graph.components[id] for id in reversed(done)]


def _visit(root: str, after: Mapping[str, list[str]], done: dict[str, None]) -> None:
    """Depth first: what is finished first comes last, so that lines back are those against the order."""
    path: dict[str, None] = {}
    stack = [(root, iter(after[root]))] if root not in done else []
    while stack:
        id, targets = stack[-1]
        path[id] = None
        target = next((each for each in targets if each not in done and each not in path), None)
        if target is not None:
            stack.append((target, iter(after[target])))
        else:
            done.setdefault(id)
            path.pop(id, None)
            stack.pop()
