"""What people decided once for all: which hosts a GPT may send to, and which never."""

import time
from dataclasses import dataclass
from typing import NamedTuple

from flowloom.errors import NodeError
from flowloom.kinds.consents import ANY_ADDRESS, ANY_PAGE, ANY_RECIPIENT, Permit, Sending
from flowloom.kinds.services import Services
from flowloom.services.network.permitted_requests import watched
from flowloom.store.db import Database


class Consent(NamedTuple):
    """One decision; `at` is seconds since the epoch."""

    flow: str
    host: str
    allowed: bool
    at: float


class ConsentStore:
    """The decisions for all GPTs."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def all(self) -> list[Consent]:
        """Every decision, the latest first."""
        rows = self._db.all("SELECT flow, host, allowed, at FROM consents ORDER BY at DESC, host")
        return [Consent(flow, host, bool(allowed), at) for flow, host, allowed, at in rows]

    def find(self, flow: str, host: str) -> bool | None:
        row = self._db.one("SELECT allowed FROM consents WHERE flow = ? AND host = ?", flow, host)
        return bool(row[0]) if row else None

    def keep(self, flow: str, host: str, allowed: bool) -> None:
        self._db.do(
            "INSERT INTO consents (flow, host, allowed, at) VALUES (?, ?, ?, ?) "
            "ON CONFLICT (flow, host) DO UPDATE SET allowed = excluded.allowed, at = excluded.at",
            flow,
            host,
            allowed,
            time.time(),
        )

    def take_back(self, flow: str, host: str) -> None:
        """Forget a decision: the person is asked again."""
        self._db.do("DELETE FROM consents WHERE flow = ? AND host = ?", flow, host)

    def delete_of(self, flow: str) -> None:
        self._db.do("DELETE FROM consents WHERE flow = ?", flow)


@dataclass(frozen=True, slots=True)
class FlowConsents:
    """Fulfils `Consents` for one GPT."""

    store: ConsentStore
    flow: str

    def verdict(self, sending: Sending) -> bool | None:
        said = self.store.find(self.flow, sending.to)
        if said is None and sending.opens_page:
            said = self.store.find(self.flow, ANY_PAGE)
        return said

    def keep(self, host: str, allowed: bool) -> None:
        self.store.keep(self.flow, host, allowed)

    def watch(self, services: Services, permit: Permit) -> Services:
        return watched(services, permit)


@dataclass(frozen=True, slots=True)
class GuestConsents(FlowConsents):
    """The same for visitors, who decide nothing: whoever made the GPT did, host by host or when publishing it."""

    granted: frozenset[str] = frozenset()
    """The hosts, recipients and kinds of places that it was published with, as its blocks name them."""

    def verdict(self, sending: Sending) -> bool:
        """True where it was allowed. Raises NodeError where it was not."""
        said = FlowConsents.verdict(self, sending)
        if said or (said is None and self._is_granted(sending)):
            return True
        raise NodeError(
            "This GPT isn’t allowed to send anything to {host} while others use it.",
            "Whoever made it can chat with it once in Flowloom and allow it there.",
            code="consent.guest",
            host=sending.to,
        )

    def _is_granted(self, sending: Sending) -> bool:
        if sending.opens_page and ANY_ADDRESS in self.granted:
            return True
        goals = [goal.strip().lower() for goal in sending.to.split(",")]
        return all(map(self._is_among, goals))

    def _is_among(self, goal: str) -> bool:
        if "@" in goal:
            return goal in self.granted or ANY_RECIPIENT in self.granted
        host = goal.partition(":")[0]
        return goal in self.granted or any(host == name or host.endswith(f".{name}") for name in self.granted)

    def keep(self, host: str, allowed: bool) -> None:
        """Keeps nothing."""
