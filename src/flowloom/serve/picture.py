"""A flow as a drawing: an SVG that needs no script, for cards, the history and print."""

from collections.abc import Mapping
from dataclasses import dataclass
from html import escape
from textwrap import wrap
from typing import Literal, NamedTuple

from flowloom.flow.model import Edge, Flow, Node, Position
from flowloom.kinds.registry import all_kinds, label_of
from flowloom.locales import translate
from flowloom.run.planning.check import config_or_default
from flowloom.run.planning.plan import ports_of_node

WIDTH, HEAD, ROW, FOOT, MARGIN = 180, 47, 20, 11, 36
"""The measures of a card of the canvas, whose places it takes."""
LEAD, ROUND = 22, 12
"""How far a line that leads back runs on before it turns, and the radius of its turns."""
FRAME = {"side": 20, "top": 50, "bottom": 20}
"""The room of a group around its members."""
HUES = {
    "talk": "#3b82f6",
    "models": "#8b5cf6",
    "knowledge": "#0f9d8f",
    "tools": "#ea7317",
    "logic": "#db4a8b",
    "data": "#2e9e4f",
    "people": "#c98a06",
}
NO_HUE = "#7a8194"
LIGHT = {
    "paper": "#fafafb",
    "card": "#ffffff",
    "line": "#d9dbe3",
    "text": "#24262f",
    "muted": "#6b7080",
    "note": "#fdf0b4",
    "ink": "#4a3b08",
}
DARK = {
    "paper": "#0f1116",
    "card": "#1d2027",
    "line": "#3a3f4b",
    "text": "#eceef4",
    "muted": "#a2a8b8",
    "note": "#4a401c",
    "ink": "#f6e7ae",
}


GROUP, NOTE = "group", "note"
BESIDE = (GROUP, NOTE)
"""Kinds that do no work: a frame around others, and words for whoever reads."""
NOTE_HEIGHT, NOTE_LINES, NOTE_LETTERS = 60, 3, 27


class Box(NamedTuple):
    x: float
    y: float
    width: float
    height: float


Mark = Literal["added", "changed", "removed"]
MARKED: dict[Mark, str] = {"added": "#16a34a", "changed": "#d97706", "removed": "#dc2626"}


class Marks(NamedTuple):
    """What is different about blocks, by their ids, and about lines."""

    nodes: Mapping[str, Mark] = {}
    edges: Mapping[Edge, Mark] = {}


NONE = Marks()


@dataclass(frozen=True, slots=True)
class Frame:
    """A group as it is drawn, around those of its members that are there."""

    box: Box
    name: str


@dataclass(frozen=True, slots=True)
class Card:
    """A node as it is drawn; its ports, by name with what they are called, stand in rows under its head."""

    x: float
    y: float
    height: float
    name: str
    kind: str
    hue: str
    inputs: dict[str, str]
    outputs: dict[str, str]

    @property
    def box(self) -> Box:
        return Box(self.x, self.y, WIDTH, self.height)

    def port(self, name: str, side: dict[str, str]) -> float:
        row = list(side).index(name) if name in side else 0
        return self.y + HEAD + ROW * (row + 0.5)


def picture(
    flow: Flow, language: str = "en", *, dark: bool = False, detailed: bool = False, marks: Marks = NONE
) -> str:
    """The flow as SVG text, as compact as the canvas: blocks show the ports that are connected.

    Lines are curves from left to right; those that lead back run between the rows. Blocks without a place stand in
    rows.

    `detailed` adds what can be read only on a large sheet: the names of the ports. `marks` colour what
    is different.
    """
    used, places = _connected(flow), {node.id: _place(flow, index) for index, node in enumerate(flow.nodes)}
    cards = {
        node.id: _card(node, places[node.id], language, used) for node in flow.nodes if node.kind not in BESIDE
    }
    notes = [(places[node.id], node) for node in flow.nodes if node.kind == NOTE]
    frames = [frame for node in flow.nodes if node.kind == GROUP and (frame := _frame(node, cards))]
    paint = DARK if dark else LIGHT
    boxes = [card.box for card in cards.values()] + [frame.box for frame in frames]
    boxes += [Box(place.x, place.y, WIDTH, NOTE_HEIGHT) for place, _ in notes]
    left, top, width, height = _around(boxes)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{left:g} {top:g} {width:g} {height:g}"'
        f' width="{width:g}" height="{height:g}" font-family="system-ui, sans-serif" role="img">',
        f"<title>{escape(flow.name)}</title>",
        f'<rect x="{left:g}" y="{top:g}" width="{width:g}" height="{height:g}" fill="{paint["paper"]}"/>',
        *(_framed(frame, paint) for frame in frames),
        *_lines(flow, cards, paint, marks),
        *(_noted(place, node, paint) for place, node in notes),
        *(_drawn(card, paint, marks.nodes.get(id)) for id, card in cards.items()),
        *(_ports(card, paint) for card in cards.values() if detailed),
        "</svg>",
    ]
    return "".join(parts)


def _around(boxes: list[Box]) -> Box:
    """The sheet that holds them all, with a margin."""
    if not boxes:
        return Box(-MARGIN, -MARGIN, WIDTH + 2 * MARGIN, HEAD + 2 * MARGIN)
    return _bounds(boxes, MARGIN, MARGIN, MARGIN)


def _bounds(boxes: list[Box], side: float, top: float, bottom: float) -> Box:
    """The smallest box around others, with so much room beside, above and below them."""
    x, y = min(box.x for box in boxes) - side, min(box.y for box in boxes) - top
    right, foot = max(box.x + box.width for box in boxes), max(box.y + box.height for box in boxes)
    return Box(x, y, right + side - x, foot + bottom - y)


def _frame(group: Node, cards: Mapping[str, Card]) -> Frame | None:
    members = group.config.get("members")
    held = [cards[id].box for id in members if id in cards] if isinstance(members, list) else []
    return Frame(_bounds(held, **FRAME), group.name) if held else None


def _framed(frame: Frame, paint: dict[str, str]) -> str:
    x, y, width, height = frame.box
    return (
        f'<rect x="{x:g}" y="{y:g}" width="{width:g}" height="{height:g}" rx="14" fill="{paint["line"]}"'
        f' fill-opacity="0.35" stroke="{paint["line"]}" stroke-width="1.5"/>'
        f'<text x="{x + 14:g}" y="{y + 24:g}" font-size="13" font-weight="600" fill="{paint["muted"]}">'
        f"{escape(_short(frame.name, int(width / 7.5)))}</text>"
    )


def _noted(place: Position, note: Node, paint: dict[str, str]) -> str:
    """As much of a note as its small sheet holds."""
    lines = wrap(str(note.config.get("text") or ""), NOTE_LETTERS, max_lines=NOTE_LINES, placeholder=" …")
    words = "".join(
        f'<tspan x="{place.x + 10:g}" dy="{16 if number else 0}">{escape(line)}</tspan>'
        for number, line in enumerate(lines)
    )
    return (
        f'<rect x="{place.x:g}" y="{place.y:g}" width="{WIDTH}" height="{NOTE_HEIGHT}" rx="6"'
        f' fill="{paint["note"]}"/>'
        f'<text x="{place.x + 10:g}" y="{place.y + 19:g}" font-size="12" fill="{paint["ink"]}">{words}</text>'
    )


def _place(flow: Flow, index: int) -> Position:
    kept = flow.layout.get(flow.nodes[index].id)
    return kept or Position(x=(index % 4) * (WIDTH + 80.0), y=(index // 4) * 220.0)


def _connected(flow: Flow) -> dict[str, set[str]]:
    """The ports that lines lead to, by their nodes."""
    used: dict[str, set[str]] = {}
    for edge in flow.edges:
        used.setdefault(edge.start.node, set()).add(edge.start.port)
        used.setdefault(edge.end.node, set()).add(edge.end.port)
    return used


def _card(node: Node, place: Position, language: str, used: Mapping[str, set[str]]) -> Card:
    kinds = all_kinds()
    kind = kinds.get(node.kind)
    inputs, outputs = ports_of_node(node, kind, config_or_default(node, kind)) if kind else ({}, {})
    if shown := used.get(node.id):
        inputs = {name: port for name, port in inputs.items() if name in shown}
        outputs = {name: port for name, port in outputs.items() if name in shown}
    rows = max(len(inputs), len(outputs))
    return Card(
        x=place.x,
        y=place.y,
        height=HEAD + ROW * rows + FOOT,
        name=translate(label_of(node, kinds), language),
        kind=translate(kind.label, language) if kind else node.kind,
        hue=HUES.get(kind.group, NO_HUE) if kind else NO_HUE,
        inputs={name: translate(port.said, language) for name, port in inputs.items()},
        outputs={name: translate(port.said, language) for name, port in outputs.items()},
    )


def _lines(flow: Flow, cards: dict[str, Card], paint: dict[str, str], marks: Marks) -> list[str]:
    lines = []
    for edge in flow.edges:
        source, target = cards.get(edge.start.node), cards.get(edge.end.node)
        if source and target:
            x, y = source.x + WIDTH, source.port(edge.start.port, source.outputs)
            u, v = target.x, target.port(edge.end.port, target.inputs)
            path = _forward(x, y, u, v) if u >= x + LEAD else _back(x, y, u, v, _lane(source, target))
            stroke = _stroke(marks.edges.get(edge), paint["muted"], 2)
            lines.append(f'<path d="{path}" fill="none" {stroke}/>')
    return lines


def _forward(x: float, y: float, u: float, v: float) -> str:
    bend = max(LEAD, (u - x) * 0.45)
    return f"M{x:g} {y:g}C{x + bend:g} {y:g} {u - bend:g} {v:g} {u:g} {v:g}"


def _lane(source: Card, target: Card) -> float:
    """The height at which a line runs back: between two rows, or below two blocks of one row."""
    upper, lower = sorted((source, target), key=lambda card: card.y)
    foot = upper.y + upper.height
    return (foot + lower.y) / 2 if lower.y > foot else max(foot, lower.y + lower.height) + ROUND


def _back(x: float, y: float, u: float, v: float, lane: float) -> str:
    """Out to the right, along the lane to the left, and in again, with round corners."""
    right, left = x + LEAD, u - LEAD
    out, back = min(ROUND, abs(lane - y) / 2), min(ROUND, abs(v - lane) / 2)
    down, on = (1 if lane > y else -1), (1 if v > lane else -1)
    return (
        f"M{x:g} {y:g}H{right - out:g}Q{right:g} {y:g} {right:g} {y + down * out:g}"
        f"V{lane - down * out:g}Q{right:g} {lane:g} {right - out:g} {lane:g}"
        f"H{left + back:g}Q{left:g} {lane:g} {left:g} {lane + on * back:g}"
        f"V{v - on * back:g}Q{left:g} {v:g} {left + back:g} {v:g}H{u:g}"
    )


def _stroke(mark: Mark | None, plain: str, width: float) -> str:
    """How a border or line is drawn; what is gone is dashed, so that it can be told without its colour."""
    if mark is None:
        return f'stroke="{plain}" stroke-width="{width:g}"'
    dashes = {"removed": ' stroke-dasharray="6 5"', "changed": ' stroke-dasharray="14 4"'}.get(mark, "")
    return f'stroke="{MARKED[mark]}" stroke-width="3"{dashes}'


def _drawn(card: Card, paint: dict[str, str], mark: Mark | None = None) -> str:
    x, y = card.x, card.y
    dots = [(x, card.port(name, card.inputs)) for name in card.inputs]
    dots += [(x + WIDTH, card.port(name, card.outputs)) for name in card.outputs]
    return "".join(
        (
            f'<rect x="{x:g}" y="{y:g}" width="{WIDTH}" height="{card.height:g}" rx="10"'
            f' fill="{paint["card"]}" {_stroke(mark, paint["line"], 1)}/>',
            f'<rect x="{x + 8:g}" y="{y + 11:g}" width="28" height="28" rx="8" fill="{card.hue}"/>',
            f'<text x="{x + 44:g}" y="{y + 23:g}" font-size="13" font-weight="600" fill="{paint["text"]}">'
            f"{escape(_short(card.name, 17))}</text>",
            f'<text x="{x + 44:g}" y="{y + 38:g}" font-size="12" fill="{paint["muted"]}">'
            f"{escape(_short(card.kind, 20))}</text>",
            *(f'<circle cx="{u:g}" cy="{v:g}" r="5" fill="{card.hue}"/>' for u, v in dots),
        )
    )


def _ports(card: Card, paint: dict[str, str]) -> str:
    inner = [(card.x + 14, "start", card.port(name, card.inputs), said) for name, said in card.inputs.items()]
    inner += [
        (card.x + WIDTH - 14, "end", card.port(name, card.outputs), said) for name, said in card.outputs.items()
    ]
    return "".join(
        f'<text x="{x:g}" y="{y + 4:g}" text-anchor="{anchor}" font-size="12" fill="{paint["muted"]}">'
        f"{escape(_short(said, 11))}</text>"
        for x, anchor, y, said in inner
    )


def _short(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - 1] + "…"
