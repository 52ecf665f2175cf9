"""What changed between two versions of a flow."""

from collections.abc import Sequence
from dataclasses import dataclass

from flowloom.flow.model import Edge, Flow, Node, Position


@dataclass(frozen=True, slots=True)
class Diff:
    """From one flow to another; None stands for what is gone."""

    nodes: dict[str, Node | None]
    added_edges: Sequence[Edge]
    removed_edges: Sequence[Edge]
    layout: dict[str, Position | None]


def diff(before: Flow, after: Flow) -> Diff:
    """Compares by identity first, since an edit shares all that it leaves alone."""
    old, new = {node.id: node for node in before.nodes}, {node.id: node for node in after.nodes}
    nodes: dict[str, Node | None] = {id: node for id, node in new.items() if not _same(old.get(id), node)}
    nodes.update({id: None for id in old.keys() - new.keys()})
    before_edges, after_edges = set(before.edges), set(after.edges)
    layout: dict[str, Position | None] = {
        id: place for id, place in after.layout.items() if not _same(before.layout.get(id), place)
    }
    layout.update({id: None for id in before.layout.keys() - after.layout.keys()})
    return Diff(
        nodes=nodes,
        added_edges=[edge for edge in after.edges if edge not in before_edges],
        removed_edges=[edge for edge in before.edges if edge not in after_edges],
        layout=layout,
    )


def _same(before: Node | Position | None, after: Node | Position) -> bool:
    return before is after or before == after
