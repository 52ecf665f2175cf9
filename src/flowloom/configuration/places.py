"""Where a new block stands on the canvas: near those it belongs to, over none."""

from flowloom.flow.model import Flow, Position

WIDTH, HEIGHT, GAP = 200.0, 90.0, 10.0
"""What a block takes at most while it is folded, in canvas units."""


def free_place(flow: Flow, wanted: Position) -> Position:
    """The wanted place, or the next below it where no block stands."""
    taken = [flow.layout[node.id] for node in flow.nodes if node.id in flow.layout]
    rows = (min(wanted.y + row * (HEIGHT + GAP), 1e6) for row in range(len(taken)))
    places = (Position(x=wanted.x, y=y) for y in rows)
    below = Position(x=wanted.x, y=min(wanted.y + len(taken) * (HEIGHT + GAP), 1e6))
    return next((place for place in places if not any(_overlap(place, other) for other in taken)), below)


def _overlap(one: Position, other: Position) -> bool:
    return abs(one.x - other.x) < WIDTH and abs(one.y - other.y) < HEIGHT
