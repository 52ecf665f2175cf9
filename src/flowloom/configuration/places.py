"""Where a new block stands on the canvas: near those it belongs to, over none."""

from flowloom.flow.model import Flow, Position

WIDTH, HEIGHT, GAP = 200.0, 95.0, 25.0
"""What a block takes at most while it is folded, and what stays free below it, in canvas units."""
TALLER = {"knowledge.search": 150.0}
"""Blocks that hold more: here documents are dropped."""


def free_place(flow: Flow, wanted: Position, kind: str = "") -> Position:
    """The wanted place for a block of a kind, or the next below it where no block stands."""
    height = TALLER.get(kind, HEIGHT)
    taken = [(flow.layout[node.id], TALLER.get(node.kind, HEIGHT)) for node in flow.nodes if node.id in flow.layout]
    beside = [(at.y, tall) for at, tall in taken if abs(at.x - wanted.x) < WIDTH]
    y = wanted.y
    for top, tall in sorted(beside):
        if top - height - GAP < y < top + tall + GAP:
            y = top + tall + GAP
    return Position(x=wanted.x, y=min(y, 1e6))
