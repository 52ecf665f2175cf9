"""The flow as a list to read: its blocks in the order in which they work, each under the way it hangs on."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from flowloom.errors import Problem
from flowloom.flow.model import Edge, Endpoint, Flow, Node
from flowloom.kinds.kind import ERROR_PORT, TOOL_PORT, NodeKind
from flowloom.kinds.port import Port
from flowloom.kinds.registry import Registry
from flowloom.run.planning.check import Ports, config_or_default, ports_now

if TYPE_CHECKING:
    import networkx as nx

    Graph = nx.DiGraph[str]


@dataclass(frozen=True, slots=True)
class Way:
    """What a block hangs on: a way that `owner` may go, or the input by which `owner` has it as a tool."""

    owner: str
    port: Port
    is_tool: bool = False


Ways = tuple[Way, ...]


@dataclass(frozen=True, slots=True)
class Line:
    """An edge with the ports at its ends."""

    edge: Edge
    output: Port
    input: Port

    @property
    def is_tool(self) -> bool:
        return self.output.id == TOOL_PORT.id


@dataclass(frozen=True, slots=True)
class Row:
    """One block of the list."""

    number: int
    node: Node
    kind: NodeKind | None
    ways: Ways
    """From the outermost to the one the block stands under."""
    takes: tuple[Line, ...]
    gives: tuple[Line, ...]
    outputs: tuple[Port, ...]
    problems: tuple[Problem, ...]

    @property
    def summary(self) -> str:
        """What the block holds, in short."""
        return self.kind.summarise(config_or_default(self.node, self.kind)) if self.kind else ""

    @property
    def notes(self) -> bool:
        """Whether it only speaks to whoever reads."""
        return self.kind is not None and self.kind.annotates

    def is_way(self, port: Port) -> bool:
        """Whether the flow goes on by this output only sometimes."""
        return may_stay_out(self.kind, port)


def may_stay_out(kind: NodeKind | None, port: Port) -> bool:
    if port.id == TOOL_PORT.id:
        return False
    return port.id == ERROR_PORT.id or (kind is not None and kind.chooses)


def outline(flow: Flow, kinds: Registry, problems: Iterable[Problem] = ()) -> list[Row]:
    """Every block once. What it takes comes before it, except where blocks lead back to themselves."""
    found = list(problems)
    ports = {node.id: ports_now(node, kinds) for node in flow.nodes}
    lines = [_line(edge, ports) for edge in flow.edges]
    kind_of = {node.id: kinds.get(node.kind) for node in flow.nodes}
    graph = _graph(flow, lines)
    ways = _all_ways(graph, kind_of)
    nodes = {node.id: node for node in flow.nodes}
    notes = [node.id for node in flow.nodes if (kind := kind_of[node.id]) and kind.annotates]
    worked = [id for id in _order(graph, ways, ports) if id not in notes]
    takes, gives = _by_node(lines, "end"), _by_node(lines, "start")
    return [
        Row(
            number=number,
            node=nodes[id],
            kind=kind_of[id],
            ways=ways[id],
            takes=tuple(takes.get(id, ())),
            gives=tuple(gives.get(id, ())),
            outputs=tuple(ports[id][1].values()),
            problems=tuple(problem for problem in found if problem.node == id),
        )
        for number, id in enumerate([*worked, *notes], 1)
    ]


def _line(edge: Edge, ports: Mapping[str, Ports]) -> Line:
    output = ports[edge.start.node][1].get(edge.start.port) or _gone(edge.start)
    return Line(edge, output, ports[edge.end.node][0].get(edge.end.port) or _gone(edge.end))


def _gone(end: Endpoint) -> Port:
    return Port(id=end.port, label=end.port, verbatim=True)


def _by_node(lines: Iterable[Line], side: str) -> dict[str, list[Line]]:
    found: dict[str, list[Line]] = {}
    for line in lines:
        found.setdefault(getattr(line.edge, side).node, []).append(line)
    return found


def _graph(flow: Flow, lines: Sequence[Line]) -> "Graph":
    """What follows what, without lines that lead back. A tool follows the agent that has it.

    The nodes stand in an order that all edges agree with.
    """
    import networkx as nx

    joined: Graph = nx.DiGraph()
    joined.add_nodes_from(node.id for node in reversed(flow.nodes))
    for line in sorted(reversed(lines), key=lambda line: line.is_tool):
        before, after = _direction(line)
        joined.add_edge(before, after, lines=[*joined.get_edge_data(before, after, {}).get("lines", ()), line])
    place = _places(joined)
    forward: Graph = nx.DiGraph()
    forward.add_nodes_from(place)
    forward.add_edges_from((a, b, data) for a, b, data in joined.edges(data=True) if place[a] < place[b])
    return forward


def _places(joined: "Graph") -> dict[str, int]:
    """A number for every node, higher than those of all that lead to it; each chain stays together."""
    import networkx as nx

    starts_first = sorted(joined, key=lambda node: bool(joined.pred[node]))
    walk: Graph = nx.DiGraph()
    walk.add_nodes_from(starts_first)
    walk.add_edges_from(joined.edges)
    # Depth first, read from its end, so everything was put in backwards.
    return {node: place for place, node in enumerate(reversed(list(nx.dfs_postorder_nodes(walk))))}


def _direction(line: Line) -> tuple[str, str]:
    ends = line.edge.start.node, line.edge.end.node
    return (ends[1], ends[0]) if line.is_tool else ends


def _all_ways(graph: "Graph", kind_of: Mapping[str, NodeKind | None]) -> dict[str, Ways]:
    """The ways every node stands under: those without which an input it needs stays empty."""
    ways: dict[str, Ways] = {}
    for node in graph:
        needed: dict[str, list[Ways]] = {}
        other: list[Ways] = []
        for owner, _, data in graph.in_edges(node, data=True):
            for line in data["lines"]:
                by = ways[owner] + _step(owner, line, kind_of)
                required = line.input.required and not line.is_tool
                (needed.setdefault(line.input.id, []) if required else other).append(by)
        ways[node] = max(map(_shared, needed.values()), key=len) if needed else _shared(other)
    return ways


def _step(owner: str, line: Line, kind_of: Mapping[str, NodeKind | None]) -> Ways:
    if line.is_tool:
        return (Way(owner, line.input, is_tool=True),)
    return (Way(owner, line.output),) if may_stay_out(kind_of[owner], line.output) else ()


def _shared(ways: Sequence[Ways]) -> Ways:
    """The beginning that all have in common."""
    shared = ways[0] if ways else ()
    for other in ways[1:]:
        shared = shared[: common(shared, other)]
    return shared


def common(one: Ways, other: Ways) -> int:
    """How many ways two blocks have in common."""
    pairs = enumerate(zip(one, other, strict=False))
    return next((at for at, (a, b) in pairs if a != b), min(len(one), len(other)))


def _order(graph: "Graph", ways: Mapping[str, Ways], ports: Mapping[str, Ports]) -> list[str]:
    """The nodes as they work, those under one way together as far as their lines allow."""
    import networkx as nx

    place = {node: number for number, node in enumerate(graph)}

    def rank(node: str) -> tuple[int, ...]:
        path = ((place[way.owner], _rank_of(way, ports)) for way in ways[node])
        return (*(number for step in path for number in step), place[node])

    return list(nx.lexicographical_topological_sort(graph, key=rank))


def _rank_of(way: Way, ports: Mapping[str, Ports]) -> int:
    """Where a way stands among those of its owner; tools come before all."""
    names = list(ports[way.owner][1])
    return -1 if way.is_tool else names.index(way.port.id) if way.port.id in names else len(names)
