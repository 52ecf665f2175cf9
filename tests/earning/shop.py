"""A store that sells, without all the rest of an installation."""

from pathlib import Path
from typing import Any

from flowloom.earning.codes import Codes
from flowloom.earning.payouts import PayingOut
from flowloom.earning.selling import Selling
from flowloom.earning.settings import STRIPE, STRIPE_WEBHOOK, SellingSettings
from flowloom.flow.model import Flow
from flowloom.money import Kind, Price
from flowloom.publishing import Published
from flowloom.store.db import Database
from flowloom.store.payouts import PayoutStore
from flowloom.store.publications import Publication, Terms
from flowloom.store.sqlite import SqliteDatabase

IBAN, OTHER_IBAN = "DE89370400440532013000", "FR1420041010050500013M02606"
KEY, SIGNING = "sk_test_of_a_trial", "whsec_of_a_trial"
NOV_1 = 1_793_491_200.0
"""The first of November 2026, at midnight in UTC."""


class Vault:
    """Keys that are no secrets."""

    def reveal(self, name: str) -> str:
        return {STRIPE: KEY, STRIPE_WEBHOOK: SIGNING}[name]


class Shop:
    """`now` is what its clock shows."""

    def __init__(self, folder: Path, share: int = 2_000, db: Database | None = None) -> None:
        self.now = NOV_1
        self.db = db or SqliteDatabase(folder / "flowloom.db")
        vault: Any = Vault()
        self.selling = Selling(folder, self.db, self.builder_of, vault, lambda: self.now)
        self.selling.keep_settings(
            SellingSettings(currencies=("EUR", "USD", "JPY", "KWD"), share=share, name="Shop & Söhne", iban=IBAN)
        )
        self.codes = Codes(self.selling, lambda: self.now)
        self.paying = PayingOut(self.selling, PayoutStore(self.db, lambda: self.now), str.title)
        self.books, self.orders = self.selling.books, self.selling.orders

    def builder_of(self, flow: str) -> str:
        """A GPT’s name begins with its builder’s; those of whoever runs the app with a hyphen."""
        return flow.partition("-")[0]

    def gpt(self, name: str, amount: int = 500, currency: str = "EUR", kind: Kind | None = "once") -> Published:
        price = Price(kind=kind, amount=amount, currency=currency) if kind else None
        terms = Terms(audience="store", price=price)
        return Published(Publication(name, name, 1, True, terms), Flow(id=name, name=name.title()))

    def sell(self, found: Published, buyer: str = "ann", quantity: int = 1) -> str:
        """An order that was paid."""
        order = self.selling.order(found, buyer, "Ann Example", quantity)
        return self.selling.pay(order.id).id

    def sums(self) -> dict[str, int]:
        """What all accounts come to together, by currency."""
        found: dict[str, int] = {}
        for (_, currency), amount in self.books.all_balances().items():
            found[currency] = found.get(currency, 0) + amount
        return found

    def close(self) -> None:
        self.db.close()
