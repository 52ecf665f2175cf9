"""Lines that could be drawn and blocks that could be added, for whoever edits by choosing instead of dragging."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from flowloom.errors import FlowEditError
from flowloom.flow.edit import Add, Connect
from flowloom.flow.graph import nodes_before
from flowloom.flow.model import Endpoint, Flow, Node, Position
from flowloom.kinds.kind import NodeKind
from flowloom.kinds.port import Port, may_join
from flowloom.kinds.registry import Registry
from flowloom.run.planning.check import ports_now
from flowloom.run.planning.fixes import STEP, Edits, free_id, line_of

CARD = Position(x=240, y=140)
"""The room a block takes on the canvas."""
GAP = 30.0
DOWN = 180.0


@dataclass(frozen=True, slots=True)
class End:
    """A port where a line may begin or end."""

    node: Node
    port: Port

    @property
    def name(self) -> str:
        return f"{self.node.id}.{self.port.id}"


def inputs_for(flow: Flow, kinds: Registry, source: str) -> list[End]:
    """The inputs a new line from an output may lead to: empty ones first. No line leads back."""
    start = _output(flow, kinds, source)
    if start is None:
        return []
    before = {start.node.id, *nodes_before(flow, [start.node.id])}
    drawn = {edge.target for edge in flow.edges if edge.source == source}
    taken = {edge.target for edge in flow.edges}
    ends = [
        end
        for node in flow.nodes
        if node.id not in before
        for end in _ends(node, ports_now(node, kinds)[0].values())
        if may_join(start.port.type, end.port.type) and end.name not in drawn
    ]
    return sorted(ends, key=lambda end: end.name in taken and not end.port.many)


def connect(flow: Flow, kinds: Registry, source: str, target: str) -> Connect:
    """The edit that draws a line. Raises FlowEditError where the flow does not allow it any more."""
    if all(end.name != target for end in inputs_for(flow, kinds, source)):
        raise FlowEditError("This connection is no longer possible.", "The flow has changed. Choose again.")
    return line_of(source, target)


def outputs_for(flow: Flow, kinds: Registry, kind: NodeKind) -> list[End]:
    """The outputs that a new block of this kind can follow."""
    return [
        end
        for node in flow.nodes
        for end in _ends(node, ports_now(node, kinds)[1].values())
        if _entry(kind, end.port) is not None
    ]


def add(flow: Flow, kinds: Registry, kind: NodeKind, after: str | None = None) -> tuple[Node, Edits]:
    """A new block and the edits that put it into the flow, to the right of the one it follows.

    Raises FlowEditError where what it should follow is gone.
    """
    node = Node(id=free_id(flow, _stem(kind.id)), kind=kind.id)
    if after is None:
        return node, (Add(node=node, at=_below(flow)),)
    start = _output(flow, kinds, after)
    entry = _entry(kind, start.port) if start else None
    if start is None or entry is None:
        raise FlowEditError("This connection is no longer possible.", "The flow has changed. Choose again.")
    at = _beside(flow, start.node.id)
    return node, (Add(node=node, at=at), line_of(after, f"{node.id}.{entry.id}"))


def _ends(node: Node, ports: Iterable[Port]) -> Iterator[End]:
    return (End(node, port) for port in ports)


def _output(flow: Flow, kinds: Registry, name: str) -> End | None:
    end = Endpoint(*name.split(".", 1))
    node = flow.node(end.node)
    port = ports_now(node, kinds)[1].get(end.port) if node else None
    return End(node, port) if node and port else None


def _entry(kind: NodeKind, source: Port) -> Port | None:
    """The input of a new block that a line should lead to: of its very type first, and needed ones first."""
    fitting = [port for port in kind.input_ports(kind.config()) if may_join(source.type, port.type)]
    return min(fitting, key=lambda port: (port.type != source.type, not port.required), default=None)


def _stem(kind: str) -> str:
    """A readable beginning of an id."""
    letters = "".join(letter if letter.isascii() and letter.isalnum() else "-" for letter in kind.split(".")[-1])
    return letters.lower().lstrip("-0123456789").rstrip("-")[:32] or "block"


def _places(flow: Flow) -> dict[str, Position]:
    """Where every block lies; one without a place of its own lies in rows, as the canvas draws it."""
    rows = {node.id: Position(x=at % 4 * (CARD.x + 80), y=at // 4 * 220.0) for at, node in enumerate(flow.nodes)}
    return rows | flow.layout


def _beside(flow: Flow, node: str) -> Position:
    """The first free place to the right of a block, going down."""
    places = _places(flow)
    x, y = places[node].x + STEP, places[node].y
    while any(abs(x - at.x) < CARD.x + GAP and abs(y - at.y) < CARD.y + GAP for at in places.values()):
        y += DOWN
    return _within(x, y)


def _below(flow: Flow) -> Position:
    """A free place under all blocks."""
    places = _places(flow).values()
    if not places:
        return Position(x=0, y=0)
    return _within(min(at.x for at in places), max(at.y for at in places) + CARD.y + 2 * GAP)


def _within(x: float, y: float) -> Position:
    return Position(x=max(-1e6, min(1e6, x)), y=max(-1e6, min(1e6, y)))
