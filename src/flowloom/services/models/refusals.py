"""What a server said when it refused a request: its status, its words, and what they are about."""

import json
import re
from collections.abc import Mapping
from typing import Any

from flowloom.services.models.wire import label, member, said_in

_BLIND = ("image", "vision", "multimodal", "multi-modal", "content must be a string")
READ = 4_000
"""Characters of a refusal that are looked through."""
_NUMBER = r"[^.\d]{0,40}(\d{1,4})"
_MOST_PICTURES = (
    re.compile(r"at most (\d{1,4}) (?:image|picture)"),
    re.compile(r"(?:maximum|limit|up to|only|exceed\w{0,4})[^.\d]{0,40}(\d{1,4}) (?:image|picture)"),
    re.compile(rf"(?:image|picture)s?\b[^.\d]{{0,60}}\b(?:at most|maximum|limit|up to|exceed\w{{0,4}}){_NUMBER}"),
)
_TOO_MANY = re.compile(r"(?:too many|more than one|only one|multiple|number of) (?:image|picture)")


def is_about_pictures(error: Exception) -> bool:
    """Whether a server refused a request for the pictures in it."""
    said = detail_of(error).lower()
    return status_of(error) in (400, 404, 413, 415, 422, 500, 501) and any(word in said for word in _BLIND)


def most_pictures(error: Exception) -> int | None:
    """How many pictures a server says it takes, 0 where it only says they are too many, None where neither."""
    said = detail_of(error).lower()[:READ]
    found = next((match for pattern in _MOST_PICTURES if (match := pattern.search(said))), None)
    if found:
        return int(found[1])
    return 1 if "only one" in said or "more than one" in said else 0 if _TOO_MANY.search(said) else None


def status_of(error: Exception) -> int:
    """The HTTP status a vendor's error carries, 0 for none."""
    response = getattr(error, "response", None)
    for place in (error, response):
        for name in ("status_code", "code", "http_status"):
            status = getattr(place, name, None)
            if isinstance(status, int) and 100 <= status < 600:
                return status
    return 0


def detail_of(error: Exception) -> str:
    """What the server said, in whatever shape, without the library's wrapping."""
    body: Any = getattr(error, "body", None)
    said = said_in(body)
    if said:
        code = label(member(body, "code") or member(member(body, "error"), "code"))
        return f"{said} ({code})" if code and code not in said else said
    if isinstance(body, Mapping):
        return json.dumps(body, ensure_ascii=False, default=str)
    if status_of(error) and isinstance(body, str):
        return ""  # a page of HTML
    return str(error) or type(error).__name__
