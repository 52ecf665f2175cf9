"""Buying, using, refunding and giving away, as visitors and hosts do it."""

import pytest

from flowloom.earning.payment import Paid, Refunded
from flowloom.earning.problems import EarningError
from flowloom.earning.selling import month_after
from flowloom.errors import FlowloomError
from flowloom.money import MOST, Price
from flowloom.publishing import Published, PublishError
from flowloom.store.books import HOST, of_builder
from flowloom.store.publications import Terms
from flowloom.visits.visitors import VisitError
from tests.earning.shop import NOV_1, Shop

DAY = 86_400.0


def admitted(shop: Shop, found: Published, talk: str = "", buyer: str = "ann") -> str:
    """ "" for whoever is let in, else what they are told."""
    try:
        shop.selling.access.admit(found, buyer, talk)
    except VisitError as error:
        return error.problem.message if error.problem.code == "visit.pay" else error.problem.code
    return ""


def test_what_is_free_asks_for_nothing(shop: Shop) -> None:
    assert admitted(shop, shop.gpt("mo-echo", kind=None)) == ""


def test_an_invoice_opens_a_gpt_once_it_is_paid(shop: Shop) -> None:
    gpt = shop.gpt("mo-echo", 500)
    assert admitted(shop, gpt) == "This GPT has a price."
    order = shop.selling.order(gpt, "ann", "  Ann\n Example ", 1)
    assert (order.name, order.number, order.host_part) == ("Ann Example", 1, 100)
    assert shop.selling.begin_payment(order, "https://here") == ""
    assert admitted(shop, gpt) == "This GPT has a price."
    # Asked twice, it is still one order, and one sale.
    assert shop.selling.order(gpt, "ann", "Ann Example", 1) == order
    shop.selling.pay(order.id), shop.selling.pay(order.id)
    assert admitted(shop, gpt) == ""
    assert admitted(shop, gpt, buyer="bob") == "This GPT has a price."
    assert shop.books.balances(of_builder("mo")) == {"EUR": 400}
    assert shop.books.balances(HOST) == {"EUR": 100}


def test_a_month_ends_and_a_second_one_begins_where_it_does(shop: Shop) -> None:
    gpt = shop.gpt("mo-echo", kind="month")
    shop.sell(gpt)
    shop.now = NOV_1 + 10 * DAY
    order = shop.selling.find(shop.sell(gpt))
    assert order.until == month_after(month_after(NOV_1))
    shop.now = order.until - 1
    assert admitted(shop, gpt) == ""
    shop.now = order.until + 1
    assert admitted(shop, gpt) == "Your month with this GPT has ended."


@pytest.mark.parametrize(
    ("day", "next_day"),
    [("2026-01-31", "2026-02-28"), ("2028-01-31", "2028-02-29"), ("2026-12-15", "2027-01-15")],
)
def test_a_month_is_a_month_of_the_calendar(day: str, next_day: str) -> None:
    from datetime import UTC, datetime

    then = datetime.fromisoformat(day).replace(tzinfo=UTC).timestamp()
    assert datetime.fromtimestamp(month_after(then), UTC).date().isoformat() == next_day


def test_each_conversation_takes_one_that_was_bought(shop: Shop) -> None:
    gpt = shop.gpt("mo-echo", 30, kind="talk")
    order = shop.selling.find(shop.sell(gpt, quantity=2))
    assert (order.amount, order.quantity) == (60, 2)
    assert [admitted(shop, gpt, talk) for talk in ("", "a", "a", "b", "b")] == [""] * 5
    assert shop.selling.access.left("mo-echo", "ann") == 0
    gone = "You have used all the conversations you bought."
    assert [admitted(shop, gpt, talk) for talk in ("", "c", "a")] == [gone, gone, ""]


@pytest.mark.parametrize(("kind", "used"), [("once", 0), ("month", 0), ("talk", 1)])
def test_a_refund_takes_back_what_was_bought_and_earned(shop: Shop, kind, used) -> None:  # type: ignore[no-untyped-def]
    gpt = shop.gpt("mo-echo", 999, kind=kind)
    id = shop.sell(gpt)
    for number in range(used):
        admitted(shop, gpt, str(number))
    shop.selling.refund(id), shop.selling.refund(id)
    assert admitted(shop, gpt, "new")
    assert shop.books.balances(of_builder("mo")) == {"EUR": 0}
    assert shop.books.balances(HOST) == {"EUR": 0}
    assert [each.what for each in shop.books.entries(of_builder("mo"))] == ["sale", "refund"]


def test_refunds_in_parts_come_to_the_whole(shop: Shop) -> None:
    id = shop.selling.order(shop.gpt("mo-echo", 1_001), "ann", "Ann", 1).id
    shop.selling._act(Paid("e1", id, 1_001, "EUR", "pi_1"))
    for total in (333, 333, 100, 667, 1_001, 1_001):
        shop.selling._act(Refunded("e", "pi_1", total))
    assert shop.selling.find(id).state == "refunded"
    assert shop.books.balances(of_builder("mo")) == {"EUR": 0}
    assert len(shop.books.entries(HOST)) == 4


def test_a_message_that_comes_twice_counts_once(shop: Shop) -> None:
    id = shop.selling.order(shop.gpt("mo-echo"), "ann", "Ann", 1).id

    class Double:
        name = "double"

        def heard(self, body, headers):  # type: ignore[no-untyped-def]
            return Paid("event 1", id, 500, "EUR", "pi_1")

    shop.selling.providers["double"] = Double()  # type: ignore[assignment]
    shop.selling.receive("double", b"", {})
    shop.selling.refund(id)
    shop.selling.receive("double", b"", {})
    assert shop.selling.find(id).state == "refunded"
    assert [each.what for each in shop.books.entries(of_builder("mo"))] == ["sale", "refund"]


def test_a_message_is_acted_on_once_and_again_only_if_that_failed(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    acted: list[str] = []

    class Double:
        name = "double"

        def heard(self, body, headers):  # type: ignore[no-untyped-def]
            return Refunded(body.decode(), "pi_1", 5)

    def act(said: Refunded) -> None:
        acted.append(said.event)
        if acted == ["a"]:
            raise EarningError("The first time, it fails.")

    shop.selling.providers["double"] = Double()  # type: ignore[assignment]
    monkeypatch.setattr(shop.selling, "_act", act)
    with pytest.raises(EarningError):
        shop.selling.receive("double", b"a", {})
    for body in (b"a", b"a", b"b", b"b"):
        shop.selling.receive("double", body, {})
    assert acted == ["a", "a", "b"]


@pytest.mark.parametrize(("amount", "currency"), [(499, "EUR"), (500, "USD"), (1, "JPY")])
def test_another_amount_than_asked_for_opens_nothing(shop: Shop, amount: int, currency: str) -> None:
    gpt = shop.gpt("mo-echo", 500)
    id = shop.selling.order(gpt, "ann", "Ann", 1).id
    with pytest.raises(EarningError, match="isn’t what was asked for"):
        shop.selling._act(Paid("e", id, amount, currency, "pi"))
    assert admitted(shop, gpt)
    assert shop.books.all_balances() == {}


def test_the_host_keeps_nothing_of_its_own_gpts(shop: Shop) -> None:
    shop.sell(shop.gpt("-echo", 500))
    assert shop.books.balances(of_builder("")) == {"EUR": 500}
    assert shop.paying.due() == []


@pytest.mark.parametrize(
    ("amount", "name", "quantity", "wrong"),
    [
        (5, " ", 1, "There is no name yet."),
        (5, "Ann", 0, "That many can’t be bought at once."),
        (5, "Ann", 101, "That many can’t be bought at once."),
        (MOST, "Ann", 2, "That many can’t be bought at once."),
    ],
)
def test_what_cannot_be_ordered(shop: Shop, amount: int, name: str, quantity: int, wrong: str) -> None:
    with pytest.raises(EarningError, match=wrong):
        shop.selling.order(shop.gpt("mo-echo", amount, kind="talk"), "ann", name, quantity)
    assert shop.orders.in_state("open") == []


@pytest.mark.parametrize("amount", [-1, 0, 10**12])
def test_a_price_out_of_bounds_is_refused_everywhere(shop: Shop, amount: int) -> None:
    with pytest.raises(ValueError, match="amount"):
        Price(kind="once", amount=amount, currency="EUR")
    terms = Terms(audience="store").model_copy(
        update={"price": Price.model_construct(kind="once", amount=amount, currency="EUR")}
    )
    with pytest.raises(PublishError, match="The price isn’t complete yet"):
        shop.selling.check_terms(terms)


@pytest.mark.parametrize(
    ("more", "currency", "wrong"),
    [({"may_copy": True}, "EUR", "given away as a copy"), ({}, "CHF", "doesn’t sell in CHF")],
)
def test_what_may_not_have_a_price(shop: Shop, more: dict[str, bool], currency: str, wrong: str) -> None:
    terms = Terms(audience="store", price=Price(kind="once", amount=1, currency=currency), **more)  # type: ignore[arg-type]
    with pytest.raises(PublishError, match=wrong):
        shop.selling.check_terms(terms)
    shop.selling.check_terms(terms.model_copy(update={"audience": "link"}))


def test_a_code_opens_once_and_is_kept_nowhere(shop: Shop) -> None:
    gpt, price = shop.gpt("mo-echo"), Price(kind="once", amount=500, currency="EUR")
    first, second = shop.codes.make("mo-echo", price, 2)
    assert first not in "".join(map(str, shop.db.all("SELECT * FROM earning_codes")))
    order = shop.codes.redeem(gpt, "ann", f" {first.lower().replace('-', ' ')} ")
    assert (order.state, order.amount) == ("paid", 0)
    assert admitted(shop, gpt) == ""
    for code in (first, "ABCD-EFGH-JKLM-NPQR", ""):
        with pytest.raises(EarningError, match="doesn’t work for this GPT"):
            shop.codes.redeem(gpt, "bob", code)
    with pytest.raises(EarningError, match="doesn’t work"):
        shop.codes.redeem(shop.gpt("mo-other"), "bob", second)
    shop.codes.withdraw("mo-echo")
    with pytest.raises(EarningError, match="doesn’t work"):
        shop.codes.redeem(gpt, "bob", second)
    assert shop.books.all_balances() == {}


def test_a_cancelled_order_that_is_paid_after_all_counts(shop: Shop) -> None:
    gpt = shop.gpt("mo-echo")
    order = shop.selling.order(gpt, "ann", "Ann", 1)
    shop.selling.cancel(order.id)
    assert shop.orders.count("open") == 0
    shop.selling.pay(order.id)
    assert admitted(shop, gpt) == ""


def test_nothing_is_sold_where_there_are_no_currencies(shop: Shop) -> None:
    shop.selling.keep_settings(shop.selling.settings.model_copy(update={"currencies": ()}))
    with pytest.raises(FlowloomError, match="Nothing can be bought here"):
        shop.selling.order(shop.gpt("mo-echo"), "ann", "Ann", 1)
