"""Selling: what people buy, how it is paid, and how each payment stands in the books."""

import time
from calendar import monthrange
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path

from flowloom.earning.access import Access
from flowloom.earning.payment import Invoice, Paid, Provider, Refunded
from flowloom.earning.problems import NO_ORDER, NO_PRICE, NOT_OPEN, EarningError
from flowloom.earning.settings import STRIPE, STRIPE_WEBHOOK, SellingSettings, load_selling, save_selling
from flowloom.earning.stripe_checkout import StripeCheckout
from flowloom.money import MOST, Price, shared_out
from flowloom.publishing import Published, PublishError
from flowloom.services.secrets import SecretStore
from flowloom.store.books import HOST, Books, Line, cash_at, of_builder
from flowloom.store.db import Database
from flowloom.store.orders import Order, OrderStore
from flowloom.store.publications import Terms

MOST_TALKS, LONGEST_NAME = 100, 120
"""Conversations bought at a time, characters of a buyer’s name."""


class Selling:
    """What this installation sells. Safe to use from several threads."""

    def __init__(
        self,
        home: Path,
        db: Database,
        owner_of: Callable[[str], str],
        vault: SecretStore,
        clock: Callable[[], float] = time.time,
    ) -> None:
        """`owner_of` gives the account that a GPT belongs to, "" for whoever runs the app."""
        self._home, self._db, self.owner_of, self._clock = home, db, owner_of, clock
        self.settings = load_selling(home)
        self.books, self.orders = Books(db, clock), OrderStore(db, clock)
        self.access = Access(self.orders, clock)
        self.providers: dict[str, Provider] = {
            "invoice": Invoice(),
            "stripe": StripeCheckout(lambda: vault.reveal(STRIPE), lambda: vault.reveal(STRIPE_WEBHOOK)),
        }

    def keep_settings(self, settings: SellingSettings) -> None:
        """Sell like this from now on. Raises EarningError."""
        self.settings = save_selling(self._home, settings)

    def check_terms(self, terms: Terms) -> None:
        """Raises PublishError where a GPT may not be published with this price."""
        if terms.price is None or terms.audience != "store":
            return
        if not 0 < terms.price.amount <= MOST:
            raise PublishError(
                "The price isn’t complete yet.", "Write an amount, or choose “Free”.", code="publish.amount"
            )
        if terms.price.currency not in self.settings.currencies:
            raise PublishError(
                "This store doesn’t sell in {currency}.",
                "Choose another currency, or “Free”.",
                code="publish.currency",
                currency=terms.price.currency,
            )
        if terms.may_copy:
            raise PublishError(
                "A GPT with a price can’t be given away as a copy.",
                "Turn off “They may see how it is made and take a copy”, or choose “Free”.",
                code="publish.price",
            )

    def parts_of(self, price: Price, builder: str) -> tuple[int, int]:
        """What the host keeps of a price, and what is the builder’s; the host keeps nothing of its own GPTs."""
        return shared_out(price.amount, self.settings.share if builder else 0)

    # -- buying

    def order(self, found: Published, buyer: str, name: str, quantity: int) -> Order:
        """Begin to buy a GPT; the same order again where one like it is still open. Raises EarningError."""
        price = found.publication.terms.price
        if price is None or found.publication.terms.audience != "store":
            raise EarningError.from_problem(NO_PRICE)
        if price.currency not in self.settings.currencies:
            raise EarningError.from_problem(NOT_OPEN)
        wanted = self._wanted(found, price, buyer, name, quantity)
        for each in self.orders.of_buyer(found.flow.id, buyer):
            if each.state == "open" and _is_same(each, wanted):
                return each
        return self.orders.add(wanted)

    def _wanted(self, found: Published, price: Price, buyer: str, name: str, quantity: int) -> Order:
        said = " ".join(name.split())[:LONGEST_NAME]
        if not said:
            raise EarningError("There is no name yet.", "Write the name for the invoice.", code="earning.name")
        amount = price.amount * (quantity if price.kind == "talk" else 1)
        if quantity < 1 or quantity > MOST_TALKS or amount > MOST:
            raise EarningError(
                "That many can’t be bought at once.",
                "Choose from 1 to {most}.",
                code="earning.many",
                most=MOST_TALKS,
            )
        builder = self.owner_of(found.flow.id)
        host_part, _ = shared_out(amount, self.settings.share if builder else 0)
        return Order(
            id="", number=0, at=0.0, flow=found.flow.id, title=found.flow.name[:200], builder=builder, buyer=buyer,
            name=said, kind=price.kind, quantity=quantity if price.kind == "talk" else 1, amount=amount,
            currency=price.currency, host_part=host_part, provider=self.settings.provider,
        )  # fmt: skip

    def begin_payment(self, order: Order, back: str) -> str:
        """The address at which an order is paid; "" for an invoice, which has none. Raises EarningError."""
        started = self._provider(order.provider).start(order, back)
        if started.reference:
            self.orders.know_as(order.id, started.reference)
        return started.onward

    def find(self, id: str) -> Order:
        """Raises EarningError."""
        found = self.orders.get(id)
        if found is None:
            raise EarningError.from_problem(NO_ORDER)
        return found

    def _provider(self, name: str) -> Provider:
        found = self.providers.get(name)
        if found is None:
            raise EarningError.from_problem(NO_ORDER)
        return found

    # -- what came of it

    def receive(self, provider: str, body: bytes, headers: Mapping[str, str]) -> None:
        """Act on a message of a payment service, once however often it comes. Raises EarningError."""
        said = self._provider(provider).heard(body, headers)
        if said is None:
            return
        with self._db.transaction():
            if self.orders.hear(f"{provider}:{said.event}"):
                self._act(said)

    def _act(self, said: Paid | Refunded) -> None:
        if isinstance(said, Refunded):
            order = self.orders.by_reference(said.payment)
            if order is not None and order.state in ("paid", "refunded"):
                self._book_refund(order, said.total)
            return
        order = self.orders.get(said.order)
        if order is None:
            return  # of another store that shares the account of the service
        if (order.amount, order.currency) != (said.amount, said.currency):
            raise EarningError(
                "What was paid isn’t what was asked for.",
                "Look this payment up at the payment service.",
                code="earning.amount",
            )
        self.pay(order.id, said.payment)

    def pay(self, id: str, reference: str = "") -> Order:
        """An order was paid: whoever bought it may use it, and it stands in the books, once."""
        with self._db.transaction():
            order = self.find(id)
            if order.state not in ("open", "cancelled"):
                return order
            now = self._clock()
            paid = order._replace(
                state="paid", paid=now, until=self._until(order, now), reference=reference or order.reference
            )
            self.orders.change(paid)
            cash, builder = cash_at(order.provider), of_builder(order.builder)
            lines = [
                Line(cash, builder, order.currency, order.amount - order.host_part),
                Line(cash, HOST, order.currency, order.host_part),
            ]
            if order.amount:
                self.books.post("sale", f"sale:{order.id}", lines, order.id)
        return paid

    def _until(self, order: Order, now: float) -> float | None:
        """A month ends a month later, or a month after one that is still running."""
        if order.kind != "month":
            return None
        running = [
            each.until or 0.0 for each in self.orders.of_buyer(order.flow, order.buyer) if each.state == "paid"
        ]
        return month_after(max([now, *running]))

    def cancel(self, id: str) -> None:
        """Nobody pays this order any more."""
        with self._db.transaction():
            order = self.find(id)
            if order.state == "open":
                self.orders.change(order._replace(state="cancelled"))

    def refund(self, id: str) -> Order:
        """Give all of a payment back; what was earned with it is taken back. Raises EarningError."""
        order = self.find(id)
        if order.state != "paid":
            return order
        self._provider(order.provider if order.amount else "invoice").refund(order, order.amount)
        with self._db.transaction():
            return self._book_refund(self.find(id), order.amount)

    def _book_refund(self, order: Order, total: int) -> Order:
        """`total` is what has gone back by now: only what is new of it is booked."""
        total = min(total, order.amount)
        if total < order.refunded or order.state != "paid":
            return order
        back = total - order.refunded
        host = _share_of(order, total) - _share_of(order, order.refunded)
        cash = cash_at(order.provider)
        lines = [
            Line(of_builder(order.builder), cash, order.currency, back - host),
            Line(HOST, cash, order.currency, host),
        ]
        if back:
            self.books.post("refund", f"refund:{order.id}:{total}", lines, order.id)
        changed = order._replace(refunded=total, state="refunded" if total == order.amount else "paid")
        self.orders.change(changed)
        return changed


def _is_same(order: Order, wanted: Order) -> bool:
    return order._replace(id="", number=0, at=0.0, reference="") == wanted


def _share_of(order: Order, total: int) -> int:
    """What the host gives back of its part, once `total` has gone back."""
    return order.host_part * total // order.amount if order.amount else 0


def month_after(moment: float) -> float:
    """The same day and hour of the next month, or its last day."""
    then = datetime.fromtimestamp(moment, UTC)
    year, month = (then.year + 1, 1) if then.month == 12 else (then.year, then.month + 1)
    return then.replace(year=year, month=month, day=min(then.day, monthrange(year, month)[1])).timestamp()
