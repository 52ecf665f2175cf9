"""Loops: the groups of nodes that lead back to themselves, each entered at one node."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter
from typing import TYPE_CHECKING

from flowloom.flow.graph import graph_of
from flowloom.flow.model import Flow

if TYPE_CHECKING:
    from flowloom.flow.graph import FlowGraph


@dataclass(frozen=True, slots=True)
class Loop:
    """A strongly connected component (Tarjan 1972) of a flow, or of a loop without its edges back.

    `entries` are the nodes that edges from outside lead to. Only a loop with one entry can run; its other edges
    into that node lead back, and `inner` are the loops that are left without them.
    """

    members: frozenset[str]
    entries: tuple[str, ...]
    has_exit: bool
    inner: "tuple[Loop, ...]" = ()


def loops_of(flow: Flow, ignored_ports: Iterable[str] = ()) -> list[Loop]:
    """The outermost loops of a flow; edges that begin at `ignored_ports` do not count."""
    ports = set(ignored_ports)
    if not _leads_back(flow, ports):
        return []
    graph = graph_of(flow)
    graph.remove_edges_from([edge for edge in graph.edges(keys=True) if edge[2][0] in ports])
    return _loops(graph)


def _leads_back(flow: Flow, ignored_ports: set[str]) -> bool:
    """Whether there is any loop: asked of the standard library, as most flows have none and need no networkx."""
    order: TopologicalSorter[str] = TopologicalSorter()
    for edge in flow.edges:
        if edge.start.port not in ignored_ports:
            order.add(edge.end.node, edge.start.node)
    try:
        order.prepare()
    except CycleError:
        return True
    return False


def with_inner(loops: Iterable[Loop]) -> Iterator[Loop]:
    """Each loop, followed by all that are within it."""
    for loop in loops:
        yield loop
        yield from with_inner(loop.inner)


def entries_of(flow: Flow, ignored_ports: Iterable[str] = ()) -> set[str]:
    """The nodes at which a loop that can run is entered, inner ones included."""
    loops = with_inner(loops_of(flow, ignored_ports))
    return {loop.entries[0] for loop in loops if len(loop.entries) == 1}


def _loops(graph: "FlowGraph") -> list[Loop]:
    import networkx as nx

    found = []
    for members in nx.strongly_connected_components(graph):
        if len(members) == 1 and not graph.has_edge(*(2 * tuple(members))):
            continue
        entries = tuple(sorted({target for source, target in graph.in_edges(members) if source not in members}))
        has_exit = any(target not in members for _, target in graph.out_edges(members))
        inner = _loops(_without_edges_to(graph, members, entries[0])) if len(entries) == 1 else []
        found.append(Loop(frozenset(members), entries, has_exit, tuple(inner)))
    return sorted(found, key=lambda loop: sorted(loop.members))


def _without_edges_to(graph: "FlowGraph", members: set[str], entry: str) -> "FlowGraph":
    inside = graph.subgraph(members).copy()
    inside.remove_edges_from(list(inside.in_edges(entry, keys=True)))
    return inside
