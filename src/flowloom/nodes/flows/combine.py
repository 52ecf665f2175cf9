"""Several blocks made one, and one made several again."""

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping

from flowloom.errors import FlowEditError
from flowloom.flow.graph import nodes_between
from flowloom.flow.model import MAX_EDGES, MAX_NODES, NODE_ID, Edge, Endpoint, Flow, Node, Position
from flowloom.kinds.kind import TOOL_PORT
from flowloom.kinds.registry import all_kinds, label_of
from flowloom.nodes.data.group import regrouped
from flowloom.nodes.flows.embedded import document_of, flow_in
from flowloom.nodes.port_names import free_id, port_id

SUB_FLOW, INPUT, OUTPUT = "flow.sub", "flow.input", "flow.output"
COLUMN = 320.0
"""Canvas units between an input and the first block of what was combined."""
REACH = 1e6
"""Canvas units from its middle in which a block may stand."""


def combine(flow: Flow, chosen: Collection[str], new_id: str, name: str = "") -> Flow:
    """The flow with the chosen nodes as one node that holds them. Raises FlowEditError where they cannot be one.

    A node that brings the person's message, answers it or only annotates stays where it is, and an agent takes
    its tools along.
    """
    _require_free(flow, new_id)
    members = _members(flow, chosen)
    _require_no_way_through(flow, members)
    inside = [edge for edge in flow.edges if {edge.start.node, edge.end.node} <= members]
    ways_in = _named(
        (edge for edge in flow.edges if edge.end.node in members and edge not in inside), incoming=True
    )
    ways_out = _named(
        (edge for edge in flow.edges if edge.start.node in members and edge not in inside), incoming=False
    )
    inner = _inner(flow, members, inside, ways_in, ways_out, name)
    kept = (regrouped(node, members, [new_id]) for node in flow.nodes if node.id not in members)
    block = Node(id=new_id, kind=SUB_FLOW, name=name, config={"flow": document_of(inner)})
    places = [flow.layout[node] for node in members if node in flow.layout]
    return flow.model_copy(
        update={
            "nodes": (*kept, block),
            "edges": tuple(_outer_edges(flow, members, new_id, ways_in, ways_out)),
            "layout": {n: at for n, at in flow.layout.items() if n not in members} | {new_id: _middle(places)},
        }
    )


def _require_free(flow: Flow, id: str) -> None:
    if not re.match(NODE_ID, id):
        raise FlowEditError("This change can’t be read.", "Reload the page.")
    if flow.node(id):
        raise FlowEditError("There is already a block with the id “{node}”.", "Reload the page.", node=id)


def _members(flow: Flow, chosen: Collection[str]) -> set[str]:
    kinds = all_kinds()
    fixed = {
        node.id
        for node in flow.nodes
        if (kind := kinds.get(node.kind)) and (kind.starts or kind.answers or kind.annotates)
    }
    members = {node.id for node in flow.nodes if node.id in chosen} - fixed
    tools = [(edge.start.node, edge.end.node) for edge in flow.edges if edge.start.port == TOOL_PORT.id]
    members = members - {tool for tool, agent in tools if agent not in members}
    members |= {tool for tool, agent in tools if agent in members}
    if not members:
        raise FlowEditError(
            "These blocks can’t be turned into one block.",
            "Choose blocks between the Chat message and the Answer.",
        )
    return members


def _require_no_way_through(flow: Flow, members: set[str]) -> None:
    """What stands between two of the members has to be one of them, or the block would wait for itself."""
    between = nodes_between(flow, members)
    for node in flow.nodes:
        if node.id in between:
            raise FlowEditError(
                "“{node}” is between the blocks you selected.",
                "Select it too, or select fewer of the others.",
                node=label_of(node, all_kinds()),
            )


def _named(edges: Iterable[Edge], *, incoming: bool) -> dict[Endpoint, str]:
    """A name for each source that lines across the border come from."""
    names: dict[Endpoint, str] = {}
    used: set[str] = set()
    for edge in edges:
        if edge.start not in names:
            name = free_id(port_id(edge.end.port if incoming else edge.start.port), used)
            used.add(name)
            names[edge.start] = name
    return names


def _inner(
    flow: Flow,
    members: set[str],
    inside: list[Edge],
    ways_in: Mapping[Endpoint, str],
    ways_out: Mapping[Endpoint, str],
    name: str,
) -> Flow:
    used = set(members)
    nodes = [node for node in flow.nodes if node.id in members]
    edges, layout = list(inside), {node: at for node, at in flow.layout.items() if node in members}
    left = min((at.x for at in layout.values()), default=0) - COLUMN
    right = max((at.x for at in layout.values()), default=0) + COLUMN
    top = min((at.y for at in layout.values()), default=0)
    for row, (source, label) in enumerate(ways_in.items()):
        node = _own(INPUT, free_id(f"in_{row + 1}", used), {"name": label, "needed": False}, used)
        nodes.append(node)
        layout[node.id] = _place(left, top + 140 * row)
        ends = [edge.target for edge in flow.edges if edge.start == source and edge.end.node in members]
        edges += [Edge(source=f"{node.id}.value", target=end) for end in ends]
    for row, (source, label) in enumerate(ways_out.items()):
        node = _own(OUTPUT, free_id(f"out_{row + 1}", used), {"name": label}, used)
        nodes.append(node)
        layout[node.id] = _place(right, top + 140 * row)
        edges.append(Edge(source=str(source), target=f"{node.id}.value"))
    # It keeps the flow's id, by which its blocks find their documents.
    face = {"name": name, "description": "", "starters": (), "saved_answers": (), "icon": "", "variables": ()}
    return flow.model_copy(update={**face, "nodes": tuple(nodes), "edges": tuple(edges), "layout": layout})


def _own(kind: str, id: str, config: dict[str, object], used: set[str]) -> Node:
    used.add(id)
    return Node(id=id, kind=kind, config=config)


def _outer_edges(
    flow: Flow, members: set[str], block: str, ways_in: Mapping[Endpoint, str], ways_out: Mapping[Endpoint, str]
) -> Iterator[Edge]:
    seen: set[tuple[str, str]] = set()
    for edge in flow.edges:
        source, target = edge.source, edge.target
        if edge.start.node in members and edge.end.node in members:
            continue
        if edge.end.node in members:
            target = f"{block}.{ways_in[edge.start]}"
        elif edge.start.node in members:
            source = f"{block}.{ways_out[edge.start]}"
        if (source, target) not in seen:
            seen.add((source, target))
            yield Edge(source=source, target=target)


def _middle(places: list[Position]) -> Position:
    if not places:
        return Position(x=0, y=0)
    return Position(x=sum(at.x for at in places) / len(places), y=sum(at.y for at in places) / len(places))


def _place(x: float, y: float) -> Position:
    """As near to the place as the canvas reaches."""
    return Position(x=max(-REACH, min(REACH, x)), y=max(-REACH, min(REACH, y)))


def can_unpack(node: Node) -> bool:
    """Whether the nodes within it can be put in its place."""
    return _held(node) is not None


def _held(node: Node | None) -> Flow | None:
    return flow_in(node.config.get("flow") or {}) if node and node.kind == SUB_FLOW else None


def unpack(flow: Flow, block: str) -> Flow:
    """The flow with the nodes within a node in its place. Raises FlowEditError where it holds none."""
    inner = _held(flow.node(block))
    if inner is None:
        raise FlowEditError("This block contains nothing to unpack.", "Select a block that contains a flow.")
    kinds = all_kinds()
    doors = {each.id for each in inner.nodes if (k := kinds.get(each.kind)) and (k.enters or k.leaves)}
    names = _fresh_names(flow, block, [each.id for each in inner.nodes if each.id not in doors])
    kept = [edge for edge in flow.edges if block not in (edge.start.node, edge.end.node)]
    edges = dict.fromkeys((*kept, *_joined(flow, block, inner, names)))
    _require_room(len(flow.nodes) - 1 + len(names), len(edges))
    return flow.model_copy(
        update={
            "nodes": (
                *(regrouped(each, [block], names.values()) for each in flow.nodes if each.id != block),
                *(each.model_copy(update={"id": names[each.id]}) for each in inner.nodes if each.id in names),
            ),
            "edges": tuple(edges),
            "layout": _spread(flow, block, inner, names),
        }
    )


def _require_room(nodes: int, edges: int) -> None:
    if nodes > MAX_NODES:
        raise FlowEditError("A flow can have up to {limit} blocks.", "Split it into two GPTs.", limit=MAX_NODES)
    if edges > MAX_EDGES:
        raise FlowEditError(
            "A flow can have up to {limit} connections.", "Split it into two GPTs.", limit=MAX_EDGES
        )


def _fresh_names(flow: Flow, block: str, wanted: list[str]) -> dict[str, str]:
    used = {node.id for node in flow.nodes if node.id != block}
    names = {}
    for name in wanted:
        names[name] = free_id(name[:36], used)
        used.add(names[name])
    return names


def _joined(flow: Flow, block: str, inner: Flow, names: Mapping[str, str]) -> Iterator[Edge]:
    """The lines within, and those that went through an input or an output, end to end."""
    into, out = defaultdict[str, list[str]](list), defaultdict[str, list[str]](list)
    for edge in flow.edges:
        if edge.end.node == block:
            into[edge.end.port].append(edge.source)
        elif edge.start.node == block:
            out[edge.start.port].append(edge.target)
    for edge in inner.edges:
        sources = _outside(inner, edge.start, into) if edge.start.node not in names else [_at(names, edge.start)]
        targets = _outside(inner, edge.end, out) if edge.end.node not in names else [_at(names, edge.end)]
        yield from (Edge(source=source, target=target) for source in sources for target in targets)


def _at(names: Mapping[str, str], end: Endpoint) -> str:
    return f"{names[end.node]}.{end.port}"


def _outside(inner: Flow, end: Endpoint, lines: Mapping[str, list[str]]) -> list[str]:
    """What is joined from outside to the door that stands at this end."""
    node = inner.node(end.node)
    kind = all_kinds().get(node.kind) if node else None
    if node is None or kind is None:
        return []
    config = kind.config.model_validate(node.config)
    ports = kind.enters(config) if kind.enters else [kind.leaves(config)] if kind.leaves else []
    # A door of several ports calls them as its own outputs are called; that of one port has only one.
    found = [port.id for port in ports if len(ports) == 1 or port.id == end.port]
    return [line for port in found for line in lines.get(port, [])]


def _spread(flow: Flow, block: str, inner: Flow, names: Mapping[str, str]) -> dict[str, Position]:
    places = {names[node]: at for node, at in inner.layout.items() if node in names}
    middle, centre = _middle(list(places.values())), flow.layout.get(block, Position(x=0, y=0))
    moved = {node: _place(at.x - middle.x + centre.x, at.y - middle.y + centre.y) for node, at in places.items()}
    return {node: at for node, at in flow.layout.items() if node != block} | moved
