"""Proving that a site is a builder's: by a TXT record of its name, or by a file on it."""

import json
import re
from typing import Any, Protocol
from urllib.parse import quote

from flowloom.gallery.problems import GalleryError
from flowloom.kinds.http import Http, HttpRequest

RECORD = "flowloom-verification="
"""How the TXT record begins; the token follows."""
FILE = "/.well-known/flowloom-verification.txt"
RESOLVER = "https://cloudflare-dns.com/dns-query"
"""Who is asked for the records of a name, by HTTPS (RFC 8484's JSON form)."""
TXT = 16
_NAME = re.compile(r"(?=.{4,253}$)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]")
_PARTS = re.compile(r'\\.|"|[^"\\]+|\\', re.DOTALL)
"""A character after a backslash, a quote, or what stands between."""


class TxtRecords(Protocol):
    """Looks up what a name says of itself."""

    async def of(self, name: str) -> list[str]:
        """The TXT records of a name; none where it has none. Raises HttpError."""


class DnsOverHttps:
    """Fulfils `TxtRecords` by a public resolver."""

    def __init__(self, http: Http, resolver: str = RESOLVER) -> None:
        self._http, self._resolver = http, resolver

    async def of(self, name: str) -> list[str]:
        address = f"{self._resolver}?name={quote(name)}&type=TXT"
        reply = await self._http.request(
            HttpRequest(url=address, headers={"accept": "application/dns-json"}, timeout=15)
        )
        return _records(reply.text) if reply.status == 200 else []


def _records(text: str) -> list[str]:
    """The texts of an answer; long ones come in pieces in quotes."""
    try:
        answers: Any = json.loads(text).get("Answer", [])
        found = [str(each["data"]) for each in answers if each.get("type") == TXT]
    except (ValueError, AttributeError, KeyError, TypeError, RecursionError):
        return []
    return [_joined(each) if each.startswith('"') else each for each in found]


def _joined(text: str) -> str:
    """What stands between quotes, one piece after the other."""
    pieces, is_inside = [], False
    for part in _PARTS.findall(text):
        if part == '"':
            is_inside = not is_inside
        elif is_inside:
            pieces.append(part)
    return "".join(pieces)


def site_of(given: str) -> str:
    """The name of a site as it is kept. Raises GalleryError."""
    plain = given.strip().lower().removeprefix("https://").removeprefix("http://").partition("/")[0]
    try:
        name = plain.encode("idna").decode() if plain and not plain.isascii() else plain
    except UnicodeError:
        name = ""
    if not _NAME.fullmatch(name):
        raise GalleryError(
            "“{site}” isn’t the name of a website.",
            "Write it as www.example.org.",
            code="store.site",
            site=given.strip()[:100],
        )
    return name


async def proven(site: str, token: str, records: TxtRecords, http: Http) -> bool:
    """Whether the site says the token, in a record or in a file. Raises HttpError where neither can be asked."""
    if f"{RECORD}{token}" in [each.strip() for each in await records.of(site)]:
        return True
    reply = await http.request(HttpRequest(url=f"https://{site}{FILE}", timeout=15))
    return reply.status == 200 and token in reply.text[:10_000].split()
