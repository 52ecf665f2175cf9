"""Texts as Flowise's editor keeps them: HTML turned into Markdown, with the references in them."""

import re
from html.parser import HTMLParser
from typing import NamedTuple

_STARTS = re.compile(r"^\s*<(?:p|div|h[1-6]|ul|ol|blockquote|pre|table)\b", re.IGNORECASE)
_REFERENCE = re.compile(r"\{\{([^{}]*+)\}\}")
_BLOCKS = frozenset("p div ul ol blockquote pre table tr h1 h2 h3 h4 h5 h6".split())
_MARKS = {"strong": "**", "b": "**", "em": "_", "i": "_", "code": "`"}


class Part(NamedTuple):
    """A stretch of text, or a reference."""

    text: str
    reference: str = ""


class _Markdown(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.pieces: list[str] = []
        self._lists: list[int] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _BLOCKS and not (tag == "p" and self.pieces and self.pieces[-1].endswith((". ", "- "))):
            self.pieces.append("\n\n" + ("#" * int(tag[1]) + " " if re.fullmatch(r"h\d", tag) else ""))
        if tag in ("ul", "ol"):
            self._lists.append(0 if tag == "ol" else -1)
        elif tag == "li":
            number = self._lists[-1] if self._lists else -1
            if number >= 0:
                self._lists[-1] = number + 1
            self.pieces.append("\n" + (f"{number + 1}. " if number >= 0 else "- "))
        elif tag == "br":
            self.pieces.append("\n")
        self.pieces.append(_MARKS.get(tag, ""))

    def handle_endtag(self, tag: str) -> None:
        if tag in ("ul", "ol") and self._lists:
            self._lists.pop()
        self.pieces.append(_MARKS.get(tag, "\n\n" if tag in _BLOCKS else ""))

    def handle_data(self, data: str) -> None:
        self.pieces.append(data)


def markdown(value: str) -> str:
    """A text without its HTML where it begins with a block of it, else as it is."""
    if not _STARTS.match(value):
        return value
    parser = _Markdown()
    parser.feed(value)
    parser.close()
    return re.sub(r"\n{3,}", "\n\n", "".join(parser.pieces)).strip()


def parts_of(value: str) -> list[Part]:
    """The text in stretches and references."""
    text, found, done = markdown(value), [], 0
    for place in _REFERENCE.finditer(text):
        found += [Part(text[done : place.start()]), Part(place[0], re.sub(r"[{}\\]", "", place[0]).strip())]
        done = place.end()
    return [part for part in [*found, Part(text[done:])] if part.text]
