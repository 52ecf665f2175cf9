"""Who a visitor is: a random token that their browser keeps, of which only a digest is kept here."""

import hashlib
import re
import secrets

from flowloom.errors import FlowloomError

_TOKEN = re.compile(r"[A-Za-z0-9_-]{43}")


class VisitError(FlowloomError):
    """What a visitor cannot do, or not now."""

    code = "visit"


def new_token() -> str:
    """A token nobody can guess: 256 random bits."""
    return secrets.token_urlsafe(32)


def visitor_of(token: str, flow_id: str) -> str:
    """The id of a visitor of one GPT; the same person is another one to another GPT. Raises VisitError."""
    if not _TOKEN.fullmatch(token):
        raise VisitError("This page is out of date.", "Reload it.", code="visit.unknown")
    return hashlib.sha256(f"{flow_id}:{token}".encode()).hexdigest()
