"""The links of a text in Markdown, led elsewhere: as a browser would read their addresses."""

import re
from collections.abc import Callable
from html import unescape

_ESCAPED = re.compile(r"\\([!-/:-@\[-`{-~])")
_ENDS = "?!.,:*_~'\""
"""What a bare address does not end with."""
_SIGNS = re.compile(r"([\\`*_{}\[\]()<>#+!|~$:])")
_ENTITY = re.compile(r"&[A-Za-z0-9]{1,32};\Z")


def target_of(written: str) -> str:
    """The address a link is written with, without escapes and entities."""
    return _ESCAPED.sub(r"\1", unescape(written))


def inner_link(target: str, lead: Callable[[str], str]) -> str:
    """What stands behind the brackets of a link."""
    return f"(<{lead(target_of(target))}>)"


def bare_link(written: str, lead: Callable[[str], str], in_link: bool) -> tuple[str, int]:
    """What stands for an address within a text or for a tag, and how much of the text it takes."""
    if written.startswith("<"):
        inside = written[1:-1]
        if not re.match(r"[A-Za-z][A-Za-z0-9+.-]{1,31}:", inside):
            return written, len(written)  # a tag of HTML, which is shown as it is written
        return _said(inside, inside, lead, in_link), len(written)
    address = _trimmed(written)
    target = f"http://{address}" if address[:4].lower() == "www." else address
    return _said(address, target, lead, in_link), len(address)


def _said(shown: str, target: str, lead: Callable[[str], str], in_link: bool) -> str:
    words = _SIGNS.sub(r"\\\1", shown)
    return words if in_link else f"[{words}](<{lead(target_of(target))}>)"


def _trimmed(address: str) -> str:
    """An address without what closes the sentence around it."""
    while address:
        last = address[-1]
        if last in _ENDS or (last == ")" and address.count(")") > address.count("(")):
            address = address[:-1]
        elif last == ";" and (found := _ENTITY.search(address[-40:])):
            address = address[: -len(found[0])]
        else:
            break
    return address
