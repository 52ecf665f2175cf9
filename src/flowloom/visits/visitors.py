"""Who a visitor is: a random token that their browser keeps, of which only a digest is kept here."""

import hashlib
import re
import secrets
from typing import NamedTuple

from flowloom.errors import FlowloomError
from flowloom.kinds.values import Reader
from flowloom.store.accounts import Account
from flowloom.store.leaving import visitor_id
from flowloom.store.publications import Publication

_TOKEN = re.compile(r"[A-Za-z0-9_-]{43}")


class Caller(NamedTuple):
    """Who comes to what is published, as far as the app knows them.

    `owner` is whoever was let into the app itself; `account` somebody of a team.
    """

    owner: bool = False
    account: Account | None = None


STRANGER = Caller()


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


def visitor_with(account: Account, flow_id: str) -> str:
    """The same for somebody of a team."""
    return visitor_id(account.id, flow_id)


def reader_with(account: Account | None) -> Reader:
    """What somebody may read: what their account and its groups may."""
    return Reader(name=account.name, groups=account.groups) if account else Reader()


def is_named(publication: Publication, caller: Caller) -> bool:
    """Whether the terms of what is published let somebody in who does not own it."""
    terms, account = publication.terms, caller.account
    match terms.audience:
        case "link" | "store":
            return True
        case "workspace":
            return account is not None
        case "people":
            return account is not None and (
                account.id in terms.people or not set(terms.groups).isdisjoint(account.groups)
            )
    return False
