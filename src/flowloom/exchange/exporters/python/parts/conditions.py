"""Comparisons as people mean them: capital letters make no difference, and 3,50 is a number."""

from typing import Any

from flowloom.exchange.exporters.python.parts.errors import NodeError
from flowloom.exchange.exporters.python.parts.settings import LANGUAGE
from flowloom.exchange.exporters.python.parts.values import first_words, readable
from flowloom.nodes.numbers import parse_number
from flowloom.nodes.yes_no import parse_yes_no


def folded(value: Any) -> str:
    return readable(value).strip().casefold()


def is_empty(value: Any) -> bool:
    return value is None or value in ([], {}, ()) or (isinstance(value, str) and not value.strip())


def is_same(value: Any, wanted: str, *, exact: bool = False) -> bool:
    """Numbers are the same by size, yes and no by meaning, all else by its words."""
    if isinstance(value, bool):
        return parse_yes_no(wanted) is value
    if isinstance(value, int | float):
        return parse_number(wanted, LANGUAGE) == value
    return readable(value) == wanted if exact else folded(value) == folded(wanted)


def contains(value: Any, part: str) -> bool:
    return folded(part) in folded(value)


def starts_with(value: Any, part: str) -> bool:
    return folded(value).startswith(folded(part))


def ends_with(value: Any, part: str) -> bool:
    return folded(value).endswith(folded(part))


def says(value: Any, yes: bool) -> bool:
    """Whether a value says yes, or no. An empty one says neither."""
    if is_empty(value):
        return False
    meant = parse_yes_no(value)
    if meant is None:
        raise NodeError("“{value}” means neither yes nor no.", value=first_words(readable(value)))
    return meant is yes


def number(value: Any) -> float:
    if isinstance(value, int | float) and not isinstance(value, bool):
        return value
    text = readable(value)
    found = None if isinstance(value, bool) else parse_number(text, LANGUAGE)
    if found is None:
        raise NodeError("“{value}” is not a number, so it cannot be compared as one.", value=first_words(text))
    return found
