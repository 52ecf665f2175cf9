"""The keys of programs that use what is published: what for, within which limits, and how much they were used.

A key is 256 random bits, so nobody can find it from its SHA-256 by trying; the slow hashes that passwords need
would only slow down each call.
"""

import hashlib
import hmac
import time
from typing import Literal, NamedTuple

from pydantic import BaseModel, ConfigDict, Field

from flowloom.errors import StoreError
from flowloom.store.db import Database

Scope = Literal["chat", "runs", "mcp"]
SCOPES: tuple[Scope, ...] = ("chat", "runs", "mcp")
NO_TEXT = "assistant:"
"""In the place of the digest of a key that nobody ever sees: tokens stand for it."""
FACTS = "id, flow, facts, used, revoked, account, hash"


class KeyFacts(BaseModel):
    """What was said of a key when it was made. Times are seconds since the epoch, money is US dollars."""

    model_config = ConfigDict(frozen=True)

    name: str
    made: float
    scopes: tuple[Scope, ...] = SCOPES
    expires: float | None = None
    requests_a_minute: int | None = Field(None, ge=1)
    runs_a_day: int | None = Field(None, ge=1)
    money_a_month: float | None = Field(None, gt=0)
    ending: str = ""
    """Its last characters, by which a person tells it from others."""
    assistant: str = ""
    """What a program that was let in by OAuth calls itself; empty for a key that was made and shown."""
    by: str = ""
    """Who of a team let it in, as others saw them then."""


class ApiKey(NamedTuple):
    """A key as it is kept; `flow` is empty where it is for all GPTs, `used` None before its first use.

    `account` is whose it is: somebody of a team who let a program ask in their name.
    """

    id: str
    flow: str
    facts: KeyFacts
    used: float | None
    revoked: bool
    account: str = ""


class ApiKeyStore:
    """Every method raises StoreError where the database cannot be used."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def add(self, id: str, flow: str, facts: KeyFacts, plain: str) -> None:
        self._add(id, hash_of(plain), flow, facts, "")

    def add_assistant(self, id: str, flow: str, facts: KeyFacts, account: str) -> None:
        """A key of a program that was let in by OAuth."""
        self._add(id, NO_TEXT + id, flow, facts, account)

    def _add(self, id: str, digest: str, flow: str, facts: KeyFacts, account: str) -> None:
        self._db.do(
            "INSERT INTO api_keys (id, hash, flow, facts, account) VALUES (?, ?, ?, ?, ?)",
            id,
            digest,
            flow,
            facts.model_dump_json(),
            account,
        )

    def find(self, plain: str) -> ApiKey | None:
        """The key of which this is the text, also a revoked one."""
        wanted = hash_of(plain)
        row = self._db.one(f"SELECT {FACTS} FROM api_keys WHERE hash = ?", wanted)
        return _read(row) if row and hmac.compare_digest(row[-1], wanted) else None

    def find_by_token(self, plain: str, now: float) -> ApiKey | None:
        """The key that a token of an assistant stands for, while the token is good."""
        row = self._db.one(
            f"SELECT {FACTS} FROM api_keys WHERE id = (SELECT key FROM assistant_tokens "
            "WHERE hash = ? AND kind = 'access' AND spent IS NULL AND expires > ?)",
            hash_of(plain),
            now,
        )
        return _read(row) if row else None

    def get(self, id: str) -> ApiKey | None:
        row = self._db.one(f"SELECT {FACTS} FROM api_keys WHERE id = ?", id)
        return _read(row) if row else None

    def of(self, flow: str) -> list[ApiKey]:
        """The keys that are not revoked and open this GPT, those for all GPTs among them; the newest first."""
        rows = self._db.all(f"SELECT {FACTS} FROM api_keys WHERE flow IN (?, '') AND NOT revoked", flow)
        return sorted(map(_read, rows), key=lambda key: key.facts.made, reverse=True)

    def of_account(self, account: str) -> list[ApiKey]:
        """Those of somebody of a team that are not revoked, the newest first."""
        rows = self._db.all(f"SELECT {FACTS} FROM api_keys WHERE account = ? AND NOT revoked", account)
        return sorted(map(_read, rows), key=lambda key: key.facts.made, reverse=True)

    def revoke(self, id: str) -> None:
        """Let a key open nothing any more, nor what stands for it. Raises StoreError where there is none."""
        with self._db.transaction():
            if not self._db.do("UPDATE api_keys SET revoked = TRUE WHERE id = ?", id):
                raise StoreError("This key no longer exists.", "Reload the page.")
            self._db.do("DELETE FROM assistant_tokens WHERE key = ?", id)

    def used(self, id: str, at: float) -> None:
        self._db.do("UPDATE api_keys SET used = ? WHERE id = ?", at, id)

    def count(self, id: str, period: str, amount: float = 1) -> float:
        """Add to what a key used in a period, such as `2026-11`; what that makes."""
        (made,) = self._db.one(
            "INSERT INTO api_key_use VALUES (?, ?, ?) "
            "ON CONFLICT (key, period) DO UPDATE SET amount = api_key_use.amount + excluded.amount "
            "RETURNING amount",
            id,
            period,
            amount,
        )
        return float(made)

    def amount(self, id: str, period: str) -> float:
        row = self._db.one("SELECT amount FROM api_key_use WHERE key = ? AND period = ?", id, period)
        return float(row[0]) if row else 0.0

    def forget_use(self, id: str, kind: str, before: str) -> None:
        """Let go of what was counted in periods of one kind before this one."""
        self._db.do("DELETE FROM api_key_use WHERE key = ? AND period >= ? AND period < ?", id, kind, before)

    def delete_of(self, flow: str) -> None:
        """Let go of the keys of one GPT."""
        keys = "(SELECT id FROM api_keys WHERE flow = ?)"
        with self._db.transaction():
            self._db.do(f"DELETE FROM api_key_use WHERE key IN {keys}", flow)
            self._db.do(f"DELETE FROM assistant_tokens WHERE key IN {keys}", flow)
            self._db.do(
                "DELETE FROM api_runs WHERE conversation IN (SELECT id FROM conversations WHERE flow = ?)", flow
            )
            self._db.do("DELETE FROM api_keys WHERE flow = ?", flow)


def hash_of(plain: str) -> str:
    return hashlib.sha256(plain.encode("utf-8", "surrogatepass")).hexdigest()


def period_of(kind: Literal["minute", "day", "month"], at: float) -> str:
    """The name of the minute, day or month of a time, by the calendar of this computer."""
    form = {"minute": "%Y-%m-%d %H:%M", "day": "%Y-%m-%d", "month": "%Y-%m"}[kind]
    return f"{kind} {time.strftime(form, time.localtime(at))}"


def _read(row: tuple[str, str, str, float | None, int, str, str]) -> ApiKey:
    id, flow, facts, used, revoked, account, _ = row
    return ApiKey(id, flow, KeyFacts.model_validate_json(facts), used, bool(revoked), account)
