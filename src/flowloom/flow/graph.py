"""The flow as a networkx graph: nodes carry the Node, edges are keyed by their two ports.

networkx takes a third of a short run to import, so it is where something asks for a way through a flow.
"""

from collections.abc import Collection, Set
from typing import TYPE_CHECKING

from flowloom.flow.model import Flow

if TYPE_CHECKING:
    import networkx as nx

    FlowGraph = nx.MultiDiGraph[str]


def graph_of(flow: Flow) -> "FlowGraph":
    """The flow's structure. Shape: one graph node a Node, one keyed multi-edge an Edge."""
    import networkx as nx

    graph: FlowGraph = nx.MultiDiGraph()
    graph.add_nodes_from((node.id, {"node": node}) for node in flow.nodes)
    for edge in flow.edges:
        graph.add_edge(edge.start.node, edge.end.node, key=(edge.start.port, edge.end.port), edge=edge)
    return graph


def nodes_before(flow: Flow, nodes: Collection[str]) -> set[str]:
    """The nodes from which a way leads to one of these; none of an id that the flow does not have."""
    import networkx as nx

    graph = graph_of(flow)
    return set().union(*(nx.ancestors(graph, node) for node in nodes if node in graph))


def nodes_after(flow: Flow, nodes: Collection[str]) -> set[str]:
    """The nodes to which a way leads from one of these; none of an id that the flow does not have."""
    import networkx as nx

    graph = graph_of(flow)
    return set().union(*(nx.descendants(graph, node) for node in nodes if node in graph))


def nodes_between(flow: Flow, members: Set[str]) -> set[str]:
    """The nodes outside of a group through which a way leads from one of its members to another."""
    return nodes_after(flow, members) & nodes_before(flow, members) - members
