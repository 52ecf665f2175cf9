"""Texts with `{{name}}` placeholders: the names they hold, and filling them in. No code runs."""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple
from unicodedata import normalize

from flowloom.errors import NodeError
from flowloom.kinds.port import Port, PortType
from flowloom.locales import add_texts
from flowloom.nodes.readable import readable

MAX_FILLED = 2_000_000

# A name starts with a letter of any script and may hold digits, `_`, `-` and single spaces: no dots, no code.
_SIGNS = r"\s{}.,:;|%\"'()\[\]<>=+*/\\!?#@&^~`$"
PLACEHOLDER = re.compile(rf"\{{\{{[ \t]*([^{_SIGNS}\d-](?: ?[^{_SIGNS}]){{0,59}})[ \t]*\}}\}}")

add_texts(
    {
        "zh": {
            "Nothing arrived for “{name}”.": "“{name}”没有收到任何内容。",
            "Join a block to this input.": "请把一个模块连到这个输入。",
            "The text grew longer than {limit} characters.": "文本超过了 {limit} 个字符。",
            "Hand on less text to this block.": "请减少传给这个模块的文本。",
        },
        "fr": {
            "Nothing arrived for “{name}”.": "Rien n’est arrivé pour « {name} ».",
            "Join a block to this input.": "Reliez un bloc à cette entrée.",
            "The text grew longer than {limit} characters.": "Le texte dépasse {limit} caractères.",
            "Hand on less text to this block.": "Transmettez moins de texte à ce bloc.",
        },
    }
)


class Placeholder(NamedTuple):
    """One `{{name}}` and where it stands."""

    name: str
    start: int
    end: int


Writer = Callable[[Placeholder, Any], str]


def find_placeholders(text: str) -> Iterator[Placeholder]:
    """Every placeholder in the order of the text; a name is the same however its accents are encoded."""
    for found in PLACEHOLDER.finditer(text):
        name = normalize("NFC", found[1])
        if name.isprintable():
            yield Placeholder(name, found.start(), found.end())


def names_in(*texts: str) -> tuple[str, ...]:
    """The names in some texts, each once, in the order they are met."""
    return tuple(dict.fromkeys(found.name for text in texts for found in find_placeholders(text)))


def text_ports(*texts: str) -> tuple[Port, ...]:
    """A required text input for every name."""
    return tuple(Port(id=name, label=name, type=PortType.TEXT, verbatim=True) for name in names_in(*texts))


def value_at(place: Placeholder, values: Mapping[str, Any]) -> Any:
    """What is to stand there. Raises NodeError where nothing arrived."""
    if place.name not in values:
        raise NodeError(
            "Nothing arrived for “{name}”.", "Join a block to this input.", code="input", name=place.name
        )
    return values[place.name]


def fill(text: str, values: Mapping[str, Any], write: Writer = lambda place, value: readable(value)) -> str:
    """The text with each placeholder replaced by its value, as `write` writes it."""
    pieces, length, done = [], 0, 0
    for place in find_placeholders(text):
        pieces += [text[done : place.start], write(place, value_at(place, values))]
        length, done = length + len(pieces[-2]) + len(pieces[-1]), place.end
        if length > MAX_FILLED:
            raise NodeError(
                "The text grew longer than {limit} characters.",
                "Hand on less text to this block.",
                code="too_long",
                limit=MAX_FILLED,
            )
    return "".join([*pieces, text[done:]])
