"""The disguises in which a text may leave: turned round, shifted, or written in another code."""

import base64
import binascii
import codecs
import re
from collections.abc import Iterator
from urllib.parse import unquote

_BASE64 = re.compile(r"(?:[A-Za-z0-9+/_-]\s*+){24,}+={0,2}")
_HEX = re.compile(r"(?:(?:0x|\\x)?[0-9A-Fa-f]{2}[\s:,]*+){16,}+")
_PERCENT = re.compile(r"(?<![^\s%])(?:[^\s%]*+%[0-9A-Fa-f]{2}){4,}+\S*+")


def shifted(folded: str) -> str:
    """ROT13, its own opposite."""
    return codecs.encode(folded, "rot13")


def decoded(text: str) -> Iterator[tuple[tuple[int, int], str]]:
    """Each stretch that may be written in base64, hex or percent signs, and what it says."""
    for pattern, read in ((_BASE64, _from_base64), (_HEX, _from_hex), (_PERCENT, unquote)):
        for match in pattern.finditer(text):
            said = read(match[0])
            if said:
                yield match.span(), said


def _from_base64(text: str) -> str:
    packed = re.sub(r"\s", "", text).rstrip("=").replace("-", "+").replace("_", "/")
    packed = packed[: len(packed) - 1] if len(packed) % 4 == 1 else packed
    try:
        return base64.b64decode(packed + "=" * (-len(packed) % 4)).decode("utf-8", "ignore")
    except (binascii.Error, ValueError):
        return ""


def _from_hex(text: str) -> str:
    digits = re.sub(r"0x|\\x|[\s:,]", "", text)
    try:
        return bytes.fromhex(digits[: len(digits) // 2 * 2]).decode("utf-8", "ignore")
    except ValueError:
        return ""
