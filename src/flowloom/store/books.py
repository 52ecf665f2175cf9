"""The books of what is earned, in double entry: each line takes an amount from one account and gives it to another.

So no posting can be out of balance, whatever writes it, and nothing here changes or deletes one.
"""

import time
from collections.abc import Callable, Sequence
from typing import Literal, NamedTuple

from flowloom.store.db import Database

What = Literal["sale", "refund", "payout", "sent", "back"]
"""A payout is set aside for somebody, then sent, or it comes back."""
HOST = "host"
"""What whoever runs the app earns."""


class Line(NamedTuple):
    """So much goes from one account to another."""

    debit: str
    credit: str
    currency: str
    amount: int


class Entry(NamedTuple):
    """What a posting means for one account: `amount` is more than nothing where it got something.

    `about` is the id of the order or of the payout.
    """

    at: float
    what: What
    about: str
    currency: str
    amount: int


def of_builder(account: str) -> str:
    """The account in the books of somebody who builds."""
    return f"builder:{account}"


def cash_at(provider: str) -> str:
    """What came in by a way to pay."""
    return f"cash:{provider}"


def set_aside(payout: str) -> str:
    """What is on its way to somebody."""
    return f"payout:{payout}"


class Books:
    """Every method raises StoreError where the database cannot be used."""

    def __init__(self, db: Database, clock: Callable[[], float] = time.time) -> None:
        self._db, self._clock = db, clock

    def post(self, what: What, ref: str, lines: Sequence[Line], about: str) -> bool:
        """Keep a posting whole, and once: False where there is one with this `ref` already."""
        with self._db.transaction():
            (last,) = self._db.one("SELECT coalesce(max(number), 0) FROM earning_postings")
            new = self._db.do(
                "INSERT INTO earning_postings VALUES (?, ?, ?, ?, ?) ON CONFLICT (ref) DO NOTHING",
                last + 1, self._clock(), what, ref, about,
            )  # fmt: skip
            if new:
                rows = [(last + 1, number, *line) for number, line in enumerate(lines) if line.amount]
                self._db.do_all("INSERT INTO earning_lines VALUES (?, ?, ?, ?, ?, ?)", rows)
        return bool(new)

    def balances(self, account: str) -> dict[str, int]:
        """What an account has in each currency; less than nothing where it owes."""
        found = self._db.all(
            "SELECT currency, sum(CASE WHEN credit = ?1 THEN amount ELSE 0 END)"
            " - sum(CASE WHEN debit = ?1 THEN amount ELSE 0 END)"
            " FROM earning_lines WHERE credit = ?1 OR debit = ?1 GROUP BY currency ORDER BY currency",
            account,
        )
        return {currency: int(amount) for currency, amount in found}

    def entries(self, account: str) -> list[Entry]:
        """All that happened to an account, the oldest first, a row for each posting and currency."""
        found = self._db.all(
            "SELECT p.at, p.what, p.about, l.currency,"
            " sum(CASE WHEN l.credit = ?1 THEN l.amount ELSE 0 END)"
            " - sum(CASE WHEN l.debit = ?1 THEN l.amount ELSE 0 END)"
            " FROM earning_lines l JOIN earning_postings p ON p.number = l.posting"
            " WHERE l.credit = ?1 OR l.debit = ?1 GROUP BY p.number, p.at, p.what, p.about, l.currency"
            " ORDER BY p.number, l.currency",
            account,
        )
        return [Entry(at, what, about, currency, int(amount)) for at, what, about, currency, amount in found]

    def all_balances(self) -> dict[tuple[str, str], int]:
        """What every account has, by account and currency."""
        sums: dict[tuple[str, str], int] = {}
        found = self._db.all("SELECT debit, credit, currency, amount FROM earning_lines")
        for debit, credit, currency, amount in found:
            sums[debit, currency] = sums.get((debit, currency), 0) - amount
            sums[credit, currency] = sums.get((credit, currency), 0) + amount
        return sums

    def builders(self) -> list[str]:
        """The accounts of the app that ever earned something."""
        start = of_builder("")
        found = self._db.all(
            "SELECT DISTINCT credit FROM earning_lines WHERE credit LIKE 'builder:%' ORDER BY credit"
        )
        return [name[len(start) :] for (name,) in found]
