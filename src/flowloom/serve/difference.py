"""Two versions of a flow in one drawing: what came, what changed and what is gone, each in its colour."""

from typing import NamedTuple

from flowloom.flow.diff import diff
from flowloom.flow.model import Edge, Flow
from flowloom.serve.picture import Mark, Marks


class Marked(NamedTuple):
    """A flow to draw, and what is different about its parts."""

    flow: Flow
    marks: Marks


def united(before: Flow, after: Flow) -> Marked:
    """The later flow with all that is gone at its old place."""
    marks = _marks(before, after)
    gone = [node for node in before.nodes if marks.nodes.get(node.id) == "removed"]
    lines = [edge for edge, mark in marks.edges.items() if mark == "removed"]
    places = {node.id: before.layout[node.id] for node in gone if node.id in before.layout}
    whole = after.model_copy(
        update={
            "nodes": (*after.nodes, *gone),
            "edges": (*after.edges, *lines),
            "layout": {**after.layout, **places},
        }
    )
    return Marked(whole, marks)


def side_by_side(before: Flow, after: Flow) -> tuple[Marked, Marked]:
    """Both flows, each with what the other does not have or has otherwise."""
    marks = _marks(before, after)
    return Marked(before, marks), Marked(after, marks)


def _marks(before: Flow, after: Flow) -> Marks:
    found = diff(before, after)
    old = {node.id for node in before.nodes}
    nodes: dict[str, Mark] = {
        id: "removed" if node is None else "changed" if id in old else "added" for id, node in found.nodes.items()
    }
    edges: dict[Edge, Mark] = {edge: "added" for edge in found.added_edges}
    edges |= {edge: "removed" for edge in found.removed_edges}
    return Marks(nodes, edges)
