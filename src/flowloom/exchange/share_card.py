"""A card to share: one picture with name, starters and a link as a QR code, which holds the flow in its metadata.

The card is drawn as SVG; the browser makes a PNG of it, with the fonts of the person's language, and puts the flow
file into a `tEXt` chunk (PNG, third edition, 11.3.3.2) as base64.
"""

import base64
import binascii
import struct
from html import escape
from textwrap import wrap

from flowloom.flow.model import Flow
from flowloom.locales import translate

WIDTH, HEIGHT, MARGIN = 1200, 630, 64
CHUNK = b"flowloom"
PNG = b"\x89PNG\r\n\x1a\n"
MAX_CHUNK = 14_000_000
STARTERS, LETTERS, TITLE = 3, 44, 24
INK, MUTED, PAPER, FRAME, HUE = "#24262f", "#6b7080", "#ffffff", "#e4e5ee", "#5b50e8"


def share_card(flow: Flow, drawing: str, language: str = "en", link: str = "") -> str:
    """The card as SVG text; `drawing` is that of the flow, `link` what the code leads to, "" for none."""
    y = 250 + 44 * (len(_name(flow)) - 1)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{HEIGHT}" viewBox="0 0 {WIDTH} {HEIGHT}"'
        ' font-family="system-ui, sans-serif">',
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="{PAPER}"/>',
        f'<rect width="{WIDTH}" height="14" fill="{HUE}"/>',
        *_face(flow),
        *_starters(flow, y),
        _drawing(drawing),
        *_code(link),
        _text(MARGIN, HEIGHT - 48, translate("Made with Flowloom", language), 20, MUTED),
        "</svg>",
    ]
    return "".join(parts)


def _name(flow: Flow) -> list[str]:
    return wrap(flow.name or "GPT", TITLE, max_lines=2, placeholder="…") or ["GPT"]


def _face(flow: Flow) -> list[str]:
    lines = _name(flow)
    left = MARGIN
    parts = []
    if flow.picture:
        parts.append(f'<image href="{escape(flow.picture)}" x="{MARGIN}" y="70" width="96" height="96"/>')
        left += 120
    elif flow.icon and not flow.icon.isascii():
        parts.append(_text(MARGIN, 148, flow.icon, 84, INK))
        left += 120
    parts += [_text(left, 128 + 48 * number, line, 44, INK, bold=True) for number, line in enumerate(lines)]
    told = wrap(flow.description, 56, max_lines=1, placeholder="…")
    if told:
        parts.append(_text(MARGIN, 206 + 44 * (len(lines) - 1), told[0], 24, MUTED))
    return parts


def _starters(flow: Flow, top: int) -> list[str]:
    parts = []
    for number, starter in enumerate(flow.starters[:STARTERS]):
        y = top + 74 * number
        line = wrap(starter, LETTERS, max_lines=1, placeholder="…")
        parts.append(
            f'<rect x="{MARGIN}" y="{y}" width="560" height="58" rx="14" fill="none" stroke="{FRAME}"'
            ' stroke-width="2"/>'
        )
        parts.append(_text(MARGIN + 22, y + 37, line[0] if line else "", 22, INK))
    return parts


def _drawing(drawing: str) -> str:
    data = base64.b64encode(drawing.encode()).decode()
    return f'<image href="data:image/svg+xml;base64,{data}" x="680" y="76" width="456" height="300"/>'


def _code(link: str) -> list[str]:
    if not link:
        return []
    import segno

    code = segno.make(link, micro=False).svg_data_uri(scale=4, border=0, dark=INK)
    return [
        f'<image href="{escape(code)}" x="986" y="420" width="150" height="150"/>',
        _text(970, 505, link.removeprefix("https://")[:34], 18, MUTED, anchor="end"),
    ]


def _text(x: int, y: int, text: str, size: int, fill: str, *, bold: bool = False, anchor: str = "start") -> str:
    weight = ' font-weight="650"' if bold else ""
    shown = escape("".join(sign for sign in text if sign.isprintable()))
    return f'<text x="{x}" y="{y}" font-size="{size}" fill="{fill}" text-anchor="{anchor}"{weight}>{shown}</text>'


def flow_in_png(data: bytes) -> bytes | None:
    """The flow file that a picture holds; None for a picture without one, and for what is no picture."""
    if not data.startswith(PNG):
        return None
    at = len(PNG)
    while at + 12 <= len(data):
        length, kind = struct.unpack_from(">I4s", data, at)
        body = data[at + 8 : at + 8 + length]
        if len(body) != length:
            return None
        if kind == b"tEXt" and body.startswith(CHUNK + b"\0") and length <= MAX_CHUNK:
            try:
                return base64.b64decode(body[len(CHUNK) + 1 :], validate=True)
            except binascii.Error:
                return None
        at += 12 + length
    return None
