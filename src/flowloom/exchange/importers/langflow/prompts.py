"""Prompts as Langflow writes them: `{name}` with format specs, or `{{name}}` where double brackets are chosen."""

import re
import string
from typing import NamedTuple

_MUSTACHE = re.compile(r"\{\{\{?\s*([A-Za-z_]\w*)\s*\}?\}\}")


class Piece(NamedTuple):
    """A stretch of plain text, or a name to fill in with its format."""

    text: str
    name: str = ""
    spec: str = ""


def pieces_of(template: str, double: bool = False) -> list[Piece] | None:
    """The template in pieces; None where Langflow fails on it, as on bare JSON."""
    return _mustache(template) if double else _formatted(template)


def _formatted(template: str) -> list[Piece] | None:
    found = []
    try:
        for text, name, spec, conversion in string.Formatter().parse(template):
            if text:
                found.append(Piece(text))
            if name is None:
                continue
            if not name.strip() or re.search(r"[.\[\]\"'{}]", name) or "{" in (spec or ""):
                return None
            found.append(Piece("", name, (f"!{conversion}" if conversion else "") + (f":{spec}" if spec else "")))
    except ValueError:
        return None
    return found


def _mustache(template: str) -> list[Piece]:
    found, done = [], 0
    for place in _MUSTACHE.finditer(template):
        found += [Piece(template[done : place.start()]), Piece("", place[1])]
        done = place.end()
    return [piece for piece in [*found, Piece(template[done:])] if piece.text or piece.name]
