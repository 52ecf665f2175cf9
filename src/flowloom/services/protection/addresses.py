"""What the addresses in a text say in clear: an answer may carry a text away in the end of a link or a picture.

All addresses of a text are read as one, so that a text in slices is found as well, and a long text in one go.
"""

import base64
import binascii
import re
from collections.abc import Iterator
from html import unescape
from urllib.parse import unquote_plus

from flowloom.services.protection.disguises import decoded

_ADDRESS = re.compile(r"(?:(?<![A-Za-z0-9+.-])[A-Za-z][A-Za-z0-9+.-]{1,30}:|//|(?<![\w.-])www\.)[^\s<>\"`]+")
_BETWEEN = re.compile(r"[/?&=#;.,:@|~\n]+")
_LAYERS = 4
"""How often an address may have been encoded in another way."""
_SHORTEST = 4
"""Characters of the shortest part that is read as base64."""
Span = tuple[int, int]


def spans_of(text: str) -> list[Span]:
    """Where the addresses of a text stand."""
    return [found.span() for found in _ADDRESS.finditer(text)]


def readings(text: str) -> Iterator[str]:
    """What the addresses of a text say, one after the other, for each way in which they may be encoded."""
    written = "\n".join(text[start:end] for start, end in spans_of(text))
    for _ in range(_LAYERS if written else 0):
        parts = _BETWEEN.split(written)
        yield " ".join(filter(None, map(_from_base64, parts)))
        yield " ".join(filter(None, map(_from_punycode, parts)))
        # Part by part: what stands before one would be taken for its beginning.
        yield from (said for _, said in decoded("|".join(parts)))
        plain = unescape(unquote_plus(written))
        if plain == written:
            return
        yield plain
        written = plain


def _from_punycode(part: str) -> str:
    """The letters beyond English in a part of a host's name."""
    if part[:4].lower() != "xn--":
        return ""
    try:
        return part[4:260].encode("ascii").decode("punycode")
    except (UnicodeError, ValueError, OverflowError):
        return ""


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
