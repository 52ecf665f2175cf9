"""Problems with one certain way out, as the edits that take it."""

from flowloom.errors import Problem
from flowloom.flow.edit import Add, Connect, Disconnect, Operation
from flowloom.flow.graph import nodes_after
from flowloom.flow.model import Flow, Node, Position
from flowloom.kinds.kind import ERROR_PORT, NodeKind
from flowloom.kinds.port import Port, PortType, may_join
from flowloom.kinds.registry import Registry
from flowloom.locales import translate
from flowloom.run.planning.check import config_or_default
from flowloom.run.planning.plan import ports_of_node

Edits = tuple[Operation, ...]
SORRY = "Sorry, I can’t help with that."
STEP = 230.0
"""How far beside its neighbour a new block stands, in canvas units."""
ROW = 110.0
"""How far below."""


def mend(flow: Flow, problem: Problem, kinds: Registry) -> Edits:
    """The edits that solve a problem; none where a person has to choose."""
    match problem.code:
        case "run.input":
            return _join(flow, problem, kinds)
        case "run.no_answer":
            return _add_answer(flow, kinds)
        case "run.loose_way":
            return _answer_with_text(flow, problem, kinds)
        case "run.no_port":
            return _cut(flow, problem)
    return ()


def _join(flow: Flow, problem: Problem, kinds: Registry) -> Edits:
    """A line to an empty input, from the only output that fits it best."""
    target = flow.node(problem.node or "")
    port = _ports(target, kinds)[0].get(problem.port or "") if target else None
    if target is None or port is None:
        return ()
    after = {target.id, *nodes_after(flow, [target.id])}
    outputs = [(node.id, output) for node in flow.nodes if node.id not in after for output in _outputs(node, kinds)]
    exact = [place for place in outputs if place[1].type == port.type]
    fitting = exact or [place for place in outputs if may_join(place[1].type, port.type)]
    # Of many, the one that leads nowhere yet was meant.
    used = {edge.start for edge in flow.edges}
    idle = [place for place in fitting if (place[0], place[1].id) not in used]
    for places in (fitting, idle):
        if len(places) == 1:
            ((node, output),) = places
            return (line_of(f"{node}.{output.id}", f"{target.id}.{port.id}"),)
    return ()


def _add_answer(flow: Flow, kinds: Registry) -> Edits:
    """A block that answers, after the only block whose text leads nowhere."""
    kind = next((kind for kind in kinds.values() if kind.answers and _takes_text(kind)), None)
    leading = {edge.start.node for edge in flow.edges}
    ends = [
        (node, output)
        for node in flow.nodes
        if node.id not in leading
        for output in _outputs(node, kinds)[:1]
        if may_join(output.type, PortType.TEXT)
    ]
    if kind is None or len(ends) != 1:
        return ()
    ((node, output),) = ends
    place = flow.layout.get(node.id) or Position(x=0, y=0)
    answer = Node(id=free_id(flow, "answer"), kind=kind.id)
    entry = next(iter(kind.input_ports(kind.config()))).id
    return (
        Add(node=answer, at=Position(x=place.x + STEP, y=place.y)),
        line_of(f"{node.id}.{output.id}", f"{answer.id}.{entry}"),
    )


def _answer_with_text(flow: Flow, problem: Problem, kinds: Registry) -> Edits:
    """A block that says that no help can be given, after a way out that leads nowhere."""
    found = next(((kind.id, *kind.fixed_answer) for kind in kinds.values() if kind.fixed_answer), None)
    if found is None or not (problem.node and problem.port):
        return ()
    kind, text, entry = found
    answer = Node(id=free_id(flow, "answer"), kind=kind, config={text: translate(SORRY, flow.language)})
    return (
        Add(node=answer, at=_free_place(flow, problem.node)),
        line_of(f"{problem.node}.{problem.port}", f"{answer.id}.{entry}"),
    )


def _free_place(flow: Flow, beside: str) -> Position:
    """To the right of a block, below what lies there."""
    start = flow.layout.get(beside) or Position(x=0, y=0)
    taken = [at for id, at in flow.layout.items() if id != beside]
    place = Position(x=start.x + STEP, y=start.y)
    while any(abs(at.x - place.x) < STEP and abs(at.y - place.y) < ROW for at in taken):
        place = Position(x=place.x, y=place.y + ROW)
    return place


def _takes_text(kind: NodeKind) -> bool:
    return any(port.type == PortType.TEXT for port in kind.input_ports(kind.config()))


def _cut(flow: Flow, problem: Problem) -> Edits:
    """Away with the lines to a port that is gone."""
    gone = (problem.node, problem.port)
    return tuple(
        Disconnect.model_validate({"from": edge.source, "to": edge.target})
        for edge in flow.edges
        if gone in (edge.start, edge.end)
    )


def line_of(source: str, target: str) -> Connect:
    return Connect.model_validate({"from": source, "to": target})


def _outputs(node: Node, kinds: Registry) -> list[Port]:
    kind = kinds.get(node.kind)
    if kind is None or kind.annotates:
        return []
    outputs = _ports(node, kinds)[1].values()
    return [port for port in outputs if port.type != PortType.TOOL and port.id != ERROR_PORT.id]


def _ports(node: Node, kinds: Registry) -> tuple[dict[str, Port], dict[str, Port]]:
    kind: NodeKind | None = kinds.get(node.kind)
    return ports_of_node(node, kind, config_or_default(node, kind)) if kind else ({}, {})


def free_id(flow: Flow, wanted: str) -> str:
    taken = {node.id for node in flow.nodes}
    return next(id for id in (wanted, *(f"{wanted}-{number}" for number in range(2, 9_999))) if id not in taken)
