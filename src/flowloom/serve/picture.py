"""A flow as a drawing: an SVG that needs no script, for cards, the history and print."""

from dataclasses import dataclass
from html import escape

from flowloom.flow.model import Flow, Node, Position
from flowloom.kinds.registry import all_kinds, label_of
from flowloom.locales import translate
from flowloom.run.planning.check import config_or_default
from flowloom.run.planning.plan import ports_of_node

WIDTH, HEAD, ROW, MARGIN = 240, 58, 24, 40
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
LIGHT = {"paper": "#fafafb", "card": "#ffffff", "line": "#d9dbe3", "text": "#24262f", "muted": "#6b7080"}
DARK = {"paper": "#0f1116", "card": "#1d2027", "line": "#3a3f4b", "text": "#eceef4", "muted": "#a2a8b8"}


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

    def port(self, name: str, side: dict[str, str]) -> float:
        row = list(side).index(name) if name in side else 0
        return self.y + HEAD + ROW * (row + 0.5)


def picture(flow: Flow, language: str = "en", *, dark: bool = False, detailed: bool = False) -> str:
    """The flow as SVG text. Lines are curves from left to right; blocks without a place stand in rows.

    `detailed` adds what can be read only on a large sheet: the names of the ports.
    """
    cards = {node.id: _card(node, _place(flow, index), language) for index, node in enumerate(flow.nodes)}
    paint = DARK if dark else LIGHT
    left = min((card.x for card in cards.values()), default=0) - MARGIN
    top = min((card.y for card in cards.values()), default=0) - MARGIN
    width = max((card.x + WIDTH for card in cards.values()), default=WIDTH) + MARGIN - left
    height = max((card.y + card.height for card in cards.values()), default=HEAD) + MARGIN - top
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{left:g} {top:g} {width:g} {height:g}"'
        f' width="{width:g}" height="{height:g}" font-family="system-ui, sans-serif" role="img">',
        f"<title>{escape(flow.name)}</title>",
        f'<rect x="{left:g}" y="{top:g}" width="{width:g}" height="{height:g}" fill="{paint["paper"]}"/>',
        *_lines(flow, cards, paint),
        *(_drawn(card, paint) for card in cards.values()),
        *(_ports(card, paint) for card in cards.values() if detailed),
        "</svg>",
    ]
    return "".join(parts)


def _place(flow: Flow, index: int) -> Position:
    kept = flow.layout.get(flow.nodes[index].id)
    return kept or Position(x=(index % 4) * (WIDTH + 80.0), y=(index // 4) * 220.0)


def _card(node: Node, place: Position, language: str) -> Card:
    kinds = all_kinds()
    kind = kinds.get(node.kind)
    inputs, outputs = ports_of_node(node, kind, config_or_default(node, kind)) if kind else ({}, {})
    rows = max(len(inputs), len(outputs))
    return Card(
        x=place.x,
        y=place.y,
        height=HEAD + ROW * rows + (8 if rows else 0),
        name=translate(label_of(node, kinds), language),
        kind=translate(kind.label, language) if kind else node.kind,
        hue=HUES.get(kind.group, NO_HUE) if kind else NO_HUE,
        inputs={name: translate(port.said, language) for name, port in inputs.items()},
        outputs={name: translate(port.said, language) for name, port in outputs.items()},
    )


def _lines(flow: Flow, cards: dict[str, Card], paint: dict[str, str]) -> list[str]:
    lines = []
    for edge in flow.edges:
        source, target = cards.get(edge.start.node), cards.get(edge.end.node)
        if source and target:
            x, y = source.x + WIDTH, source.port(edge.start.port, source.outputs)
            u, v = target.x, target.port(edge.end.port, target.inputs)
            bend = max(40.0, abs(u - x) * 0.45)
            path = f"M{x:g} {y:g}C{x + bend:g} {y:g} {u - bend:g} {v:g} {u:g} {v:g}"
            lines.append(f'<path d="{path}" fill="none" stroke="{paint["muted"]}" stroke-width="2"/>')
    return lines


def _drawn(card: Card, paint: dict[str, str]) -> str:
    x, y = card.x, card.y
    dots = [(x, card.port(name, card.inputs)) for name in card.inputs]
    dots += [(x + WIDTH, card.port(name, card.outputs)) for name in card.outputs]
    return "".join(
        (
            f'<rect x="{x:g}" y="{y:g}" width="{WIDTH}" height="{card.height:g}" rx="12"'
            f' fill="{paint["card"]}" stroke="{paint["line"]}"/>',
            f'<rect x="{x + 12:g}" y="{y + 12:g}" width="32" height="32" rx="9" fill="{card.hue}"/>',
            f'<text x="{x + 54:g}" y="{y + 26:g}" font-size="15" font-weight="600" fill="{paint["text"]}">'
            f"{escape(_short(card.name, 24))}</text>",
            f'<text x="{x + 54:g}" y="{y + 43:g}" font-size="12" fill="{paint["muted"]}">'
            f"{escape(_short(card.kind, 30))}</text>",
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
        f"{escape(_short(said, 16))}</text>"
        for x, anchor, y, said in inner
    )


def _short(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - 1] + "…"
