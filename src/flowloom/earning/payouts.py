"""Paying builders what they earned: set aside, exported for the bank, then paid or come back."""

import csv
import io
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import NamedTuple

from flowloom.earning.problems import EarningError
from flowloom.earning.selling import Selling
from flowloom.earning.settings import bic_of, iban_of
from flowloom.money import plainly
from flowloom.services.formats.csv_cells import as_cell
from flowloom.store.books import Line, cash_at, of_builder, set_aside
from flowloom.store.payouts import Payee, Payout, PayoutStore

BANK = cash_at("bank")
LONGEST_NAME = 70
"""Characters of the name of an account, as banks take them."""
COLUMNS = ("payout", "date", "name", "iban", "bic", "amount", "currency", "state")


class Due(NamedTuple):
    """What a builder has to get in one currency; `payee` is None as long as nobody knows where to."""

    account: str
    shown: str
    currency: str
    amount: int
    payee: Payee | None


class PayingOut:
    """Safe to use from several threads."""

    def __init__(self, selling: Selling, store: PayoutStore, name_of: Callable[[str], str]) -> None:
        """`name_of` gives what others see of an account’s name."""
        self._selling, self._books, self.store, self._name_of = selling, selling.books, store, name_of

    def keep_payee(self, account: str, name: str, iban: str, bic: str = "") -> None:
        """Pay somebody there from now on. Raises EarningError."""
        said = " ".join(name.split())
        if not said or len(said) > LONGEST_NAME:
            raise EarningError(
                "The name of the account is missing or too long.",
                "Write it as your bank has it, with at most {most} characters.",
                code="earning.name",
                most=LONGEST_NAME,
            )
        self.store.pay_to(Payee(account, said, iban_of(iban), bic_of(bic)))

    def due(self) -> list[Due]:
        """What builders have to get, by name. What somebody owes is carried forward and is no payout."""
        found = [
            Due(account, self._name_of(account), currency, amount, self.store.payee(account))
            for account in self._books.builders()
            if account
            for currency, amount in self._books.balances(of_builder(account)).items()
            if amount > 0
        ]
        return sorted(found, key=lambda each: (each.shown.casefold(), each.currency))

    def set_aside(self) -> list[Payout]:
        """Make a payout of all that is due and can be sent; each builder’s balance is nothing then."""
        with self._selling.orders.db.transaction():
            return [self._put(each, each.payee) for each in self.due() if each.payee]

    def _put(self, due: Due, payee: Payee) -> Payout:
        payout = self.store.add(payee, due.currency, due.amount)
        line = Line(of_builder(due.account), set_aside(payout.id), due.currency, due.amount)
        self._books.post("payout", f"payout:{payout.id}", [line], payout.id)
        return payout

    def paid(self, id: str) -> None:
        """The bank sent a payout."""
        with self._selling.orders.db.transaction():
            payout = self.store.get(id)
            if payout and self.store.end(id, "paid"):
                line = Line(set_aside(id), BANK, payout.currency, payout.amount)
                self._books.post("sent", f"sent:{id}", [line], id)

    def came_back(self, id: str) -> None:
        """A payout did not arrive: the builder has it to get again."""
        with self._selling.orders.db.transaction():
            payout = self.store.get(id)
            if payout and self.store.end(id, "back"):
                line = Line(set_aside(id), of_builder(payout.account), payout.currency, payout.amount)
                self._books.post("back", f"back:{id}", [line], id)


def as_csv(payouts: Sequence[Payout]) -> bytes:
    """A table of payouts; what a spreadsheet would take for a formula is text."""
    out = io.StringIO()
    table = csv.writer(out)
    table.writerow(COLUMNS)
    for each in payouts:
        day = datetime.fromtimestamp(each.at, UTC).strftime("%Y-%m-%d")
        amount = plainly(each.amount, each.currency)
        table.writerow((each.id, day, as_cell(each.name), each.iban, each.bic, amount, each.currency, each.state))
    return out.getvalue().encode("utf-8-sig")
