"""What the addresses in a text say in clear: an answer may carry a text away in the end of a link or a picture."""

import base64
import binascii
import re
from collections.abc import Iterator
from html import unescape
from urllib.parse import unquote_plus

from flowloom.services.protection.disguises import decoded

_ADDRESS = re.compile(r"(?:(?<![A-Za-z0-9+.-])[A-Za-z][A-Za-z0-9+.-]{1,30}:|//|(?<![\w.-])www\.)[^\s<>\"`]+")
_BETWEEN = re.compile(r"[/?&=#;.,:@|~]+")
_LAYERS = 4
"""How often one address may have been encoded in another way."""
_SHORTEST = 4
"""Characters of the shortest part that is read as base64."""
Span = tuple[int, int]


def in_addresses(text: str) -> Iterator[tuple[Span, str]]:
    """Each address in a text, and what it says once nothing in it is encoded."""
    for found in _ADDRESS.finditer(text):
        for said in _readings(found[0]):
            yield found.span(), said


def _readings(address: str) -> Iterator[str]:
    for _ in range(_LAYERS):
        plain = unescape(unquote_plus(address))
        names = _names(plain)
        parts = _BETWEEN.split(plain)
        yield plain
        if names:
            yield names
        yield " ".join(filter(None, map(_from_base64, parts)))
        for part in parts:
            yield from (said for _, said in decoded(part))
        if plain == address:
            return
        address = plain


def _names(address: str) -> str:
    """The parts of a host's name that stand for letters beyond English."""
    coded = [part for part in re.split(r"[/.:?]+", address) if part[:4].lower() == "xn--"]
    found = []
    for part in coded:
        try:
            found.append(part[4:].encode("ascii").decode("punycode"))
        except (UnicodeError, ValueError, OverflowError):
            continue
    return " ".join(found)


def _from_base64(part: str) -> str:
    """What a part says in base64; short ones may be pieces of one text. Empty where it says nothing."""
    if len(part) < _SHORTEST:
        return ""
    packed = part.rstrip("=").replace("-", "+").replace("_", "/")
    packed = packed[: len(packed) - 1] if len(packed) % 4 == 1 else packed
    try:
        return base64.b64decode(packed + "=" * (-len(packed) % 4), validate=True).decode("utf-8")
    except (binascii.Error, ValueError):
        return ""
