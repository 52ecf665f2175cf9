"""The flow as a networkx graph: nodes carry the Node, edges are keyed by their two ports."""

from collections.abc import Set
from typing import TYPE_CHECKING

import networkx as nx

from flowloom.flow.model import Flow

if TYPE_CHECKING:
    FlowGraph = nx.MultiDiGraph[str]
else:
    FlowGraph = nx.MultiDiGraph


def graph_of(flow: Flow) -> FlowGraph:
    """The flow's structure. Shape: one graph node a Node, one keyed multi-edge an Edge."""
    graph: FlowGraph = nx.MultiDiGraph()
    graph.add_nodes_from((node.id, {"node": node}) for node in flow.nodes)
    for edge in flow.edges:
        graph.add_edge(edge.start.node, edge.end.node, key=(edge.start.port, edge.end.port), edge=edge)
    return graph


def nodes_between(flow: Flow, members: Set[str]) -> set[str]:
    """The nodes outside of a group through which a way leads from one of its members to another."""
    graph = graph_of(flow)
    after: set[str] = set().union(*(nx.descendants(graph, node) for node in members))
    before: set[str] = set().union(*(nx.ancestors(graph, node) for node in members))
    return after & before - members
