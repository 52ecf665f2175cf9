"""Loops: the groups of nodes that lead back to themselves, each entered at one node."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import networkx as nx

from flowloom.flow.graph import FlowGraph, graph_of
from flowloom.flow.model import Flow


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
    graph = graph_of(flow)
    ports = set(ignored_ports)
    graph.remove_edges_from([edge for edge in graph.edges(keys=True) if edge[2][0] in ports])
    return _loops(graph)


def with_inner(loops: Iterable[Loop]) -> Iterator[Loop]:
    """Each loop, followed by all that are within it."""
    for loop in loops:
        yield loop
        yield from with_inner(loop.inner)


def entries_of(flow: Flow, ignored_ports: Iterable[str] = ()) -> set[str]:
    """The nodes at which a loop that can run is entered, inner ones included."""
    loops = with_inner(loops_of(flow, ignored_ports))
    return {loop.entries[0] for loop in loops if len(loop.entries) == 1}


def _loops(graph: FlowGraph) -> list[Loop]:
    found = []
    for members in nx.strongly_connected_components(graph):
        if len(members) == 1 and not graph.has_edge(*(2 * tuple(members))):
            continue
        entries = tuple(sorted({target for source, target in graph.in_edges(members) if source not in members}))
        has_exit = any(target not in members for _, target in graph.out_edges(members))
        inner = _loops(_without_edges_to(graph, members, entries[0])) if len(entries) == 1 else []
        found.append(Loop(frozenset(members), entries, has_exit, tuple(inner)))
    return sorted(found, key=lambda loop: sorted(loop.members))


def _without_edges_to(graph: FlowGraph, members: set[str], entry: str) -> FlowGraph:
    inside = graph.subgraph(members).copy()
    inside.remove_edges_from(list(inside.in_edges(entry, keys=True)))
    return inside
