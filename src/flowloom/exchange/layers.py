"""Where blocks stand that came without a place, or too close together: columns from left to right."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from itertools import pairwise
from typing import NamedTuple

from flowloom.flow.model import Edge, Position

COLUMN, ROW = 260.0, 170.0
"""What a block takes with its margin, in canvas units."""
LOW, PORT, GAP = 76.0, 20.0, 20.0
"""How high a card is, how much higher with each row of ports, and what lies below it at least."""
MOST_ROWS = 60
WIDEST = 300.0
"""At most lies between where two begin that stand side by side; cards of other builders are wider than ours."""


def laid_out(ids: Sequence[str], edges: Collection[Edge], known: Mapping[str, Position]) -> dict[str, Position]:
    """A place for every block. Where all have one they stand as they stood, without the width that cards of another
    builder filled, drawn apart until no two overlap; else by layers.

    Layers follow the longest way to a block, lines back left out (Sugiyama 1981, without its crossing reduction).
    """
    heights = _heights(ids, edges)
    if ids and all(id in known for id in ids):
        return _apart(_closed_up({id: known[id] for id in ids}), heights)
    placed = _layered(ids, edges, heights)
    if not known:
        return placed
    # Blocks that an importer added beside known ones stand where their neighbours are.
    return _apart(_closed_up(_beside_neighbours(ids, edges, known, placed)), heights)


def _heights(ids: Sequence[str], edges: Collection[Edge]) -> dict[str, float]:
    """How high the card of each block is: a row for each connected port, on the side that has more."""
    sides: dict[tuple[str, str], set[str]] = defaultdict(set)
    for edge in edges:
        sides[edge.end.node, "in"].add(edge.end.port)
        sides[edge.start.node, "out"].add(edge.start.port)
    rows = {id: min(MOST_ROWS, max(len(sides[id, "in"]), len(sides[id, "out"]))) for id in ids}
    return {id: max(ROW - GAP, LOW + PORT * rows[id]) for id in ids}


def _layered(ids: Sequence[str], edges: Collection[Edge], heights: Mapping[str, float]) -> dict[str, Position]:
    layer = _layers(ids, edges)
    below: dict[int, float] = defaultdict(float)
    places = {}
    for id in ids:
        places[id] = Position(x=layer[id] * COLUMN, y=min(below[layer[id]], 1e6))
        below[layer[id]] += heights[id] + GAP
    return places


def _layers(ids: Sequence[str], edges: Collection[Edge]) -> dict[str, int]:
    """The longest way to each block over lines that lead on in the order a search meets them."""
    after: dict[str, list[str]] = {id: [] for id in ids}
    for edge in edges:
        if edge.start.node in after and edge.end.node in after:
            after[edge.start.node].append(edge.end.node)
    order = _finished_last(ids, after)
    rank = {id: place for place, id in enumerate(order)}
    layer = dict.fromkeys(ids, 0)
    for id in order:
        for target in after[id]:
            if rank[target] > rank[id]:
                layer[target] = max(layer[target], layer[id] + 1)
    return layer


def _finished_last(ids: Sequence[str], after: Mapping[str, list[str]]) -> list[str]:
    """Depth first, those that are finished last come first: lines back are those against this order."""
    into = {target for targets in after.values() for target in targets}
    seen: set[str] = set()
    finished: list[str] = []
    for root in (*(id for id in ids if id not in into), *ids):
        stack = [(root, iter(after[root]))] if root not in seen else []
        seen.add(root)
        while stack:
            id, targets = stack[-1]
            fresh = next((target for target in targets if target not in seen), None)
            if fresh is None:
                finished.append(id)
                stack.pop()
            else:
                seen.add(fresh)
                stack.append((fresh, iter(after[fresh])))
    return finished[::-1]


def _beside_neighbours(
    ids: Sequence[str], edges: Collection[Edge], known: Mapping[str, Position], placed: Mapping[str, Position]
) -> dict[str, Position]:
    found = dict(known)
    before: dict[str, list[str]] = defaultdict(list)
    behind: dict[str, list[str]] = defaultdict(list)
    for edge in edges:
        before[edge.end.node].append(edge.start.node)
        behind[edge.start.node].append(edge.end.node)
    # From left to right, so that each stands behind the last of those it comes from, and no line leads back to it.
    waiting = sorted((id for id in ids if id not in found), key=lambda id: placed[id].x)
    while waiting:
        left = []
        for id in waiting:
            sources = [found[each] for each in before[id] if each in found and placed[each].x < placed[id].x]
            targets = [found[each] for each in behind[id] if each in found and placed[each].x > placed[id].x]
            source = max(sources, key=lambda place: place.x, default=None)
            target = min(targets, key=lambda place: place.x, default=None)
            if source and not (target and target.x <= source.x):
                found[id] = _moved(source, COLUMN)
            elif target:
                found[id] = _moved(target, -COLUMN)
            else:
                left.append(id)
        if len(left) == len(waiting):
            found.update({id: placed[id] for id in left})
            break
        waiting = left
    return {id: found[id] for id in ids}


def _closed_up(places: Mapping[str, Position]) -> dict[str, Position]:
    """The places in the same order, none further right of the one before than a wide note takes."""
    ordered = sorted({place.x for place in places.values()})
    found = {x: x for x in ordered[:1]}
    for before, x in pairwise(ordered):
        found[x] = found[before] + min(x - before, WIDEST)
    return {id: Position(x=found[place.x], y=place.y) for id, place in places.items()}


def _moved(place: Position, by: float) -> Position:
    return Position(x=max(-1e6, min(1e6, place.x + by)), y=place.y)


class _Card(NamedTuple):
    x: float
    top: float
    bottom: float


Cells = dict[tuple[int, int], list[_Card]]


def _apart(places: Mapping[str, Position], heights: Mapping[str, float]) -> dict[str, Position]:
    """The places with whoever would overlap another moved down to the next free one."""
    cells: Cells = defaultdict(list)
    below: dict[tuple[int, int], float] = {}
    """Where the search went on from a cell before: many may be meant to stand at one place."""
    found = {}
    for id, place in sorted(places.items(), key=lambda each: (each[1].x, each[1].y)):
        wanted = int(place.x // COLUMN), int(place.y // ROW)
        y = max(place.y, below.get(wanted, place.y))
        while near := _overlapping(_Card(place.x, y, y + heights[id]), cells):
            y = max(other.bottom for other in near) + GAP
        moved = Position(x=place.x, y=min(y, 1e6)) if y <= 1e6 else place
        card = _Card(moved.x, moved.y, moved.y + heights[id])
        for row in _rows_of(card):
            cells[int(moved.x // COLUMN), row].append(card)
        if moved.y != place.y:
            below[wanted] = moved.y
        found[id] = moved
    return {id: found[id] for id in places}


def _rows_of(card: _Card) -> range:
    return range(int(card.top // ROW), int(card.bottom // ROW) + 1)


def _overlapping(card: _Card, cells: Cells) -> list[_Card]:
    if card.top > 1e6:
        return []
    column = int(card.x // COLUMN)
    near = (other for i in (-1, 0, 1) for row in _rows_of(card) for other in cells.get((column + i, row), ()))
    return [
        other
        for other in near
        if abs(other.x - card.x) < COLUMN - 40 and other.top < card.bottom and card.top < other.bottom
    ]
