"""The books cannot drift, whatever happens in whatever order."""

import sqlite3
import tempfile
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from flowloom.earning.payment import Paid, Refunded
from flowloom.errors import StoreError
from flowloom.money import Price
from flowloom.store.books import HOST, Line, cash_at, of_builder
from flowloom.store.orders import Order
from flowloom.store.postgres import PostgresDatabase
from tests.earning.shop import IBAN, Shop

CURRENCIES, BUILDERS = ("EUR", "JPY", "KWD"), ("mo", "li", "")
STEPS = some.lists(
    some.tuples(
        some.sampled_from(("order", "order", "pay", "pay", "event", "refund", "part", "aside", "sent", "back")),
        some.integers(0, 9),
        some.integers(1, 99_999),
        some.sampled_from(CURRENCIES),
        some.sampled_from(BUILDERS),
    ),
    max_size=25,
)


@settings(max_examples=60, deadline=None)
@given(STEPS, some.integers(0, 9_000))
def test_all_accounts_come_to_nothing_and_to_what_was_sold(steps, share) -> None:  # type: ignore[no-untyped-def]
    with tempfile.TemporaryDirectory() as folder, closing(Shop(Path(folder), share)) as shop:
        orders: list[str] = []
        for builder in BUILDERS:
            shop.paying.keep_payee(builder, "Mo", IBAN)
        for number, step in enumerate(steps):
            shop.now += 60
            act(shop, orders, number, *step)
            assert set(shop.sums().values()) <= {0}
        expected(shop)


def act(
    shop: Shop, orders: list[str], number: int, what: str, which: int, amount: int, currency: str, builder: str
) -> None:
    """One step; those that make no sense now must change nothing."""
    if what == "order":
        found = shop.gpt(f"{builder}-{number}", amount, currency)
        orders.append(shop.selling.order(found, f"buyer {number}", "Ann", 1).id)
    elif what in ("aside", "sent", "back"):
        payouts = shop.paying.store.in_state("open")
        if what == "aside":
            shop.paying.set_aside()
        elif payouts:
            payout = payouts[which % len(payouts)]
            (shop.paying.paid if what == "sent" else shop.paying.came_back)(payout.id)
    elif orders:
        order = shop.selling.find(orders[which % len(orders)])
        settle(shop, order, what, amount)


def settle(shop: Shop, order: Order, what: str, amount: int) -> None:
    if what == "pay":
        shop.selling.pay(order.id)
    elif what == "event":
        paid = Paid(f"event {order.id}", order.id, order.amount, order.currency, f"pi {order.id}")
        shop.selling._act(paid)
    elif what == "refund":
        shop.selling.refund(order.id)
    elif order.reference:
        shop.selling._act(Refunded("x", order.reference, order.amount * (amount % 101) // 100))


def expected(shop: Shop) -> None:
    """What the orders and payouts say, counted apart from the books."""
    balances = shop.books.all_balances()
    orders = [each for state in ("paid", "refunded") for each in shop.orders.in_state(state)]  # type: ignore[arg-type]
    for currency in CURRENCIES:
        kept = {"cash": 0, "host": 0, **dict.fromkeys(BUILDERS, 0)}
        for each in (each for each in orders if each.currency == currency):
            host = each.host_part - each.host_part * each.refunded // each.amount
            kept["cash"] += each.amount - each.refunded
            kept["host"] += host
            kept[each.builder] += each.amount - each.refunded - host
        for state in ("open", "paid"):
            for payout in shop.paying.store.in_state(state):  # type: ignore[arg-type]
                kept[payout.account] -= payout.amount if payout.currency == currency else 0
        assert balances.get((HOST, currency), 0) == kept["host"]
        assert -balances.get((cash_at("invoice"), currency), 0) == kept["cash"]
        for builder in BUILDERS:
            assert balances.get((of_builder(builder), currency), 0) == kept[builder]


def test_a_posting_is_kept_once_and_whole(shop: Shop) -> None:
    line = Line("cash:invoice", "host", "EUR", 5)
    assert shop.books.post("sale", "sale:1", [line], "1")
    assert not shop.books.post("sale", "sale:1", [line], "1")
    assert shop.books.balances("host") == {"EUR": 5}
    with pytest.raises((StoreError, sqlite3.IntegrityError)):
        shop.books.post("sale", "sale:2", [line, line._replace(amount=-5)], "2")
    assert shop.books.balances("host") == {"EUR": 5}
    assert [each.amount for each in shop.books.entries("host")] == [5]


def test_postgres_keeps_the_same_books(postgres_address: str, tmp_path: Path) -> None:
    db = PostgresDatabase(postgres_address)
    shop = Shop(tmp_path, db=db)
    kept = shop.sell(shop.gpt("mo-echo", 1_000))
    shop.selling.refund(shop.sell(shop.gpt("mo-talk", 30, "JPY", "talk"), quantity=3))
    shop.paying.keep_payee("mo", "Mo", IBAN)
    shop.paying.came_back(shop.paying.set_aside()[0].id)
    shop.selling.pay(kept)
    assert shop.books.balances(of_builder("mo")) == {"EUR": 800, "JPY": 0}
    assert shop.sums() == {"EUR": 0, "JPY": 0}
    (code,) = shop.codes.make("mo-talk", Price(kind="talk", amount=30, currency="JPY"), 1)
    shop.codes.redeem(shop.gpt("mo-talk", 30, "JPY", "talk"), "li", code)
    assert [shop.orders.use("mo-talk", "li", talk, 1) for talk in ("a", "a", "b")] == [True, True, False]
    with pytest.raises(Exception, match="earning_lines"):
        db.do("INSERT INTO earning_lines VALUES (99, 0, 'cash:invoice', 'host', 'EUR', -1)")


@pytest.mark.parametrize("amount", [0, -1])
def test_the_database_itself_keeps_lines_in_balance(shop: Shop, tmp_path: Path, amount: int) -> None:
    # A line always has both sides, so only its amount could be wrong.
    with closing(sqlite3.connect(tmp_path / "flowloom.db")) as other, pytest.raises(sqlite3.IntegrityError):
        other.execute("INSERT INTO earning_lines VALUES ('x', 0, 'cash:invoice', 'host', 'EUR', ?)", (amount,))
