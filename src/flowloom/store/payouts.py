"""Where builders are paid, and every payout as it was sent."""

import time
from collections.abc import Callable
from typing import Literal, NamedTuple
from uuid import uuid4

from flowloom.store.db import Database

State = Literal["open", "paid", "back"]
FACTS = "id, at, account, currency, amount, name, iban, bic, state, ended"


class Payee(NamedTuple):
    """The bank account of a builder; `name` is whose it is."""

    account: str
    name: str
    iban: str
    bic: str = ""


class Payout(NamedTuple):
    """`open` once it is set aside, until the host says that it was paid or came back."""

    id: str
    at: float
    account: str
    currency: str
    amount: int
    name: str
    iban: str
    bic: str
    state: State = "open"
    ended: float | None = None


class PayoutStore:
    """Every method raises StoreError where the database cannot be used."""

    def __init__(self, db: Database, clock: Callable[[], float] = time.time) -> None:
        self._db, self._clock = db, clock

    def payee(self, account: str) -> Payee | None:
        row = self._db.one("SELECT account, name, iban, bic FROM earning_payees WHERE account = ?", account)
        return Payee(*row) if row else None

    def pay_to(self, payee: Payee) -> None:
        self._db.do(
            "INSERT INTO earning_payees VALUES (?, ?, ?, ?) ON CONFLICT (account) DO UPDATE SET"
            " name = excluded.name, iban = excluded.iban, bic = excluded.bic",
            *payee,
        )

    def add(self, payee: Payee, currency: str, amount: int) -> Payout:
        """A new one, set aside."""
        found = Payout(
            uuid4().hex, self._clock(), payee.account, currency, amount, payee.name, payee.iban, payee.bic
        )
        self._db.do(f"INSERT INTO earning_payouts VALUES ({', '.join('?' * len(found))})", *found)
        return found

    def get(self, id: str) -> Payout | None:
        row = self._db.one(f"SELECT {FACTS} FROM earning_payouts WHERE id = ?", id)
        return Payout(*row) if row else None

    def in_state(self, state: State, most: int = 1_000) -> list[Payout]:
        """The latest first."""
        rows = self._db.all(
            f"SELECT {FACTS} FROM earning_payouts WHERE state = ? ORDER BY at DESC, id LIMIT ?", state, most
        )
        return [Payout(*row) for row in rows]

    def end(self, id: str, state: State) -> bool:
        """How an open one ended; False where it had ended already."""
        changed = self._db.do(
            "UPDATE earning_payouts SET state = ?, ended = ? WHERE id = ? AND state = 'open'",
            state, self._clock(), id,
        )  # fmt: skip
        return changed > 0
