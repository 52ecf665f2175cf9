"""Other assistants that people let ask a GPT for them, by OAuth: no key is copied, and each can be disconnected.

A code is good for a minute and once. What it becomes is a key of its own, for which tokens stand: one that opens
something for an hour, and one that gets the next pair. A code or token that is used a second time was copied by
somebody, and ends the key.
"""

import re
import secrets
import time
from collections.abc import Callable, Sequence
from typing import NamedTuple
from urllib.parse import urlsplit
from uuid import uuid4

from pydantic import BaseModel, ConfigDict

from flowloom.api_keys import TOKEN_PREFIX, ApiKeys
from flowloom.errors import FlowloomError, StoreError
from flowloom.store.api_keys import ApiKey
from flowloom.store.assistants import AssistantStore, Kind, Token

CODE_SECONDS, ACCESS_SECONDS, REFRESH_SECONDS = 60.0, 3_600.0, 60 * 86_400.0
AGAIN_SECONDS = 30.0
"""Within which a token that comes a second time may be a program’s own second try."""
MOST_ADDRESSES, LONGEST_ADDRESS, LONGEST_NAME = 10, 1_000, 60
UNNAMED = "MCP"
"""What a program is called that gives no name."""
LOOPBACK = ("127.0.0.1", "localhost", "[::1]")
NO_PROGRAM = frozenset(
    "javascript data vbscript file blob about ws wss ftp view-source chrome resource jar mailto tel sms".split()
)
"""Schemes of addresses that lead to no program that could have asked."""


class AssistantError(FlowloomError):
    """What a program that wants to be let in got wrong."""

    code = "assistant"


class Assistant(BaseModel):
    """A program as it describes itself; nobody has checked that it is who it says."""

    model_config = ConfigDict(frozen=True)

    id: str
    name: str
    addresses: tuple[str, ...]
    """Where a browser may be led back to."""


class Consent(BaseModel):
    """What somebody allowed a program, until it comes for it."""

    model_config = ConfigDict(frozen=True)

    flow: str
    account: str
    by: str
    challenge: str
    address: str
    told_address: bool
    resource: str


class Pair(NamedTuple):
    """What a program asks with, and what it gets the next pair with."""

    access: str
    refresh: str


class Assistants:
    """The programs that were let in to one installation. Safe to use from several threads."""

    def __init__(self, store: AssistantStore, keys: ApiKeys, clock: Callable[[], float] = time.time) -> None:
        self._store, self._keys, self._clock = store, keys, clock

    def register(self, name: str, addresses: Sequence[str]) -> Assistant:
        """Know a program. Raises AssistantError where it may not be led back to."""
        for address in addresses:
            require_address(address)
        if not 0 < len(addresses) <= MOST_ADDRESSES:
            raise AssistantError("This program names too many addresses, or none.", "Name at most ten.")
        told = "".join(each for each in " ".join(name.split()) if each.isprintable())[:LONGEST_NAME]
        made = Assistant(id=uuid4().hex, name=told or UNNAMED, addresses=tuple(addresses))
        self._store.register(made.id, self._clock(), made.model_dump_json())
        return made

    def find(self, id: str) -> Assistant | None:
        facts = self._store.client(id)
        return Assistant.model_validate_json(facts) if facts else None

    def allow(self, assistant: Assistant, consent: Consent) -> str:
        """A code for the program that somebody allowed something. Raises PeopleError where the rules forbid it."""
        self._keys.let_make(consent.flow)
        code = secrets.token_urlsafe(32)
        expires = self._clock() + CODE_SECONDS
        self._store.add(code, Token("code", assistant.id, "", expires, None, consent.model_dump_json()))
        return code

    def consent(self, assistant: str, code: str) -> tuple[Consent, float] | None:
        """What a code is for, and until when it is good; None where it is not, or was used before."""
        found = self._unspent(assistant, code, "code")
        return (Consent.model_validate_json(found.facts), found.expires) if found else None

    def connect(self, assistant: Assistant, code: str) -> Pair | None:
        """A key for what a code allows, and the first pair; None where another was quicker."""
        with self._store.whole():
            found = self.consent(assistant.id, code)
            if found is None or found[1] < self._clock():
                return None
            allowed = found[0]
            key = self._keys.connect(assistant.name, allowed.flow, allowed.account, allowed.by)
            self._store.spend(code, key.id, self._clock())
            return self._new_pair(assistant.id, key.id)

    def refreshable(self, assistant: str, refresh: str) -> bool:
        """Whether a token gets a new pair."""
        found = self._unspent(assistant, refresh, "refresh")
        key = self._keys.get(found.key) if found and found.expires > self._clock() else None
        return key is not None and self._is_good(key)

    def refresh(self, assistant: str, refresh: str) -> Pair | None:
        """The next pair; None where the token is not good, or another was quicker."""
        with self._store.whole():
            found = self._unspent(assistant, refresh, "refresh")
            if found is None or not self._store.spend(refresh, found.key, self._clock()):
                return None
            self._store.end_access(found.key)
            return self._new_pair(assistant, found.key)

    def key_of(self, assistant: str, token: str) -> str:
        """The key that a token of a program stands for; empty for none."""
        found = self._store.find(token, "access") or self._store.find(token, "refresh")
        return found.key if found and found.client == assistant else ""

    def disconnect(self, key: str) -> None:
        """Let a program in no more; nothing where that is so already."""
        try:
            self._keys.revoke(key)
        except StoreError:
            return

    def of_account(self, account: str) -> list[ApiKey]:
        """What somebody of a team is connected with."""
        self._store.forget_old(self._clock())
        return self._keys.of_account(account)

    def _is_good(self, key: ApiKey) -> bool:
        return not key.revoked and (not key.account or self._keys.is_in(key.account))

    def _unspent(self, assistant: str, plain: str, kind: Kind) -> Token | None:
        """A code or token of a program; one that was used up ends the key, as somebody has a copy."""
        found = self._store.find(plain, kind)
        if found is None or found.client != assistant:
            return None
        if found.spent is None:
            return found
        if kind == "code" or self._clock() - found.spent > AGAIN_SECONDS:
            self.disconnect(found.key)
        return None

    def _new_pair(self, assistant: str, key: str) -> Pair:
        now = self._clock()
        made = Pair(TOKEN_PREFIX + secrets.token_urlsafe(32), TOKEN_PREFIX + secrets.token_urlsafe(32))
        self._store.add(made.access, Token("access", assistant, key, now + ACCESS_SECONDS, None, ""))
        self._store.add(made.refresh, Token("refresh", assistant, key, now + REFRESH_SECONDS, None, ""))
        self._store.forget_old(now)
        return made


def require_address(address: str) -> None:
    """Raises AssistantError for where a browser may not be led: over HTTPS, to this computer, or to a program."""
    try:
        parts = urlsplit(address)
        host, named = parts.hostname or "", parts.username is not None or parts.password is not None
        _ = parts.port
    except ValueError:
        raise _wrong_address() from None
    plain = address.isascii() and address.isprintable() and " " not in address and "\\" not in address
    fits = {"https": bool(host), "http": is_loopback(address)}.get(
        parts.scheme, parts.scheme not in NO_PROGRAM and bool(re.match(r"[a-z][a-z0-9+.-]+:/", address))
    )
    if not (plain and fits) or named or "#" in address or len(address) > LONGEST_ADDRESS:
        raise _wrong_address()


def is_loopback(address: str) -> bool:
    """Whether an address is one of this computer, which a program listens to for a moment."""
    parts = urlsplit(address)
    name = parts.netloc.rpartition("@")[2]
    name = name if name.endswith("]") else name.rpartition(":")[0] or name
    return parts.scheme == "http" and name in LOOPBACK


def fits_address(asked: str, registered: Sequence[str]) -> bool:
    """Whether a program registered an address; on this computer it may listen at another port each time."""
    return asked in registered or (
        is_loopback(asked)
        and any(is_loopback(each) and _without_port(each) == _without_port(asked) for each in registered)
    )


def _without_port(address: str) -> tuple[str | None, str, str]:
    parts = urlsplit(address)
    return parts.hostname, parts.path or "/", parts.query


def _wrong_address() -> AssistantError:
    return AssistantError(
        "This program wants to be led back to an address that isn’t safe.",
        "Use an address with https, one of this computer, or one of an app.",
        code="assistant.address",
    )
