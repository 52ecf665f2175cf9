"""Two versions of a flow that came from one, brought together: block by block, lines and places apart.

A three-way merge (diff3, Smith 1988) over blocks by their id instead of over lines of text.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TypeVar

from flowloom.flow.edit import DESCRIBED
from flowloom.flow.model import Edge, Flow, Node

T = TypeVar("T")
FACE = tuple(name for name in Flow.model_fields if name in DESCRIBED)


@dataclass(frozen=True, slots=True)
class Merged:
    """The flow that came of it. In `clashes`, changed on both sides in different ways, ours was kept."""

    flow: Flow
    clashes: tuple[str, ...]
    """Ids of blocks, and names of the flow's own fields."""


def merge(base: Flow, ours: Flow, theirs: Flow) -> Merged:
    """What changed from `base` to `theirs`, brought into `ours`.

    A block that one side removed and the other changed stays. A line stays where both of its blocks do and neither
    side took it away.
    """
    clashes: list[str] = []
    face = {
        name: _one(getattr(base, name), getattr(ours, name), getattr(theirs, name), name, clashes) for name in FACE
    }
    nodes = _nodes(base, ours, theirs, clashes)
    edges = _edges(base, ours, theirs, set(nodes))
    layout = _by_key(base.layout, ours.layout, theirs.layout, [])
    flow = ours.model_copy(
        update={
            **face,
            "nodes": tuple(nodes.values()),
            "edges": tuple(edges),
            "layout": {id: place for id, place in layout.items() if id in nodes},
        }
    )
    return Merged(flow, tuple(clashes))


def _one(base: T, ours: T, theirs: T, name: str, clashes: list[str]) -> T:
    if ours in (base, theirs):
        return theirs
    if theirs != base:
        clashes.append(name)
    return ours


def _nodes(base: Flow, ours: Flow, theirs: Flow, clashes: list[str]) -> dict[str, Node]:
    before, mine, other = ({node.id: node for node in flow.nodes} for flow in (base, ours, theirs))
    return _by_key(before, mine, other, clashes)


def _by_key(
    base: Mapping[str, T], ours: Mapping[str, T], theirs: Mapping[str, T], clashes: list[str]
) -> dict[str, T]:
    """Ours in its order, then what is new on the other side."""
    found: dict[str, T] = {}
    for key in dict.fromkeys([*ours, *theirs]):
        was, mine, other = base.get(key), ours.get(key), theirs.get(key)
        kept = _one(was, mine, other, key, clashes)
        # Removed here and changed there, or the other way round: what is changed is wanted by somebody.
        if kept is None and was is not None and (mine or other) not in (None, was):
            kept = mine or other
        if kept is not None:
            found[key] = kept
    return found


def _edges(base: Flow, ours: Flow, theirs: Flow, nodes: set[str]) -> Iterable[Edge]:
    before, other = set(base.edges), set(theirs.edges)
    kept = [edge for edge in ours.edges if edge not in before or edge in other]
    fresh = [edge for edge in theirs.edges if edge not in before and edge not in kept]
    return [edge for edge in (*kept, *fresh) if {edge.start.node, edge.end.node} <= nodes]
