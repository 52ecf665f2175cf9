"""Payment by Stripe’s own SDK, against a Stripe of this machine."""

import time
from collections.abc import Iterator

import pytest

from flowloom.earning.problems import EarningError
from flowloom.earning.stripe_checkout import StripeCheckout, from_stripe, to_stripe
from flowloom.store.books import of_builder
from flowloom.store.orders import Order
from tests.earning.shop import KEY, Shop
from tests.earning.stripe_double import StripeDouble, message, paid, refunded, signed

pytest.importorskip("stripe")


@pytest.fixture
def double() -> Iterator[StripeDouble]:
    found = StripeDouble()
    yield found
    found.stop()


@pytest.fixture
def order(shop: Shop, double: StripeDouble) -> Order:
    shop.selling.providers["stripe"] = StripeCheckout(lambda: KEY, lambda: "whsec_of_a_trial", double.url)
    shop.selling.keep_settings(shop.selling.settings.model_copy(update={"provider": "stripe"}))
    return shop.selling.order(shop.gpt("mo-echo", 500), "ann", "Ann", 1)


def hear(shop: Shop, body: bytes) -> None:
    shop.selling.receive("stripe", body, signed(body))


def test_a_page_of_stripe_asks_for_exactly_what_the_order_says(
    shop: Shop, order: Order, double: StripeDouble
) -> None:
    onward = shop.selling.begin_payment(order, "https://store.example/store/orders/1")
    ((path, fields, key),) = double.asked
    assert (path, onward) == ("/v1/checkout/sessions", f"{double.url}/pay/1")
    assert fields["line_items[0][price_data][unit_amount]"] == "500"
    assert fields["line_items[0][price_data][currency]"] == "eur"
    assert fields["client_reference_id"] == order.id
    assert fields["success_url"] == "https://store.example/store/orders/1"
    assert fields["mode"] == "payment"
    assert key == f"order:{order.id}"
    assert shop.selling.find(order.id).reference == "cs_1"


def test_a_signed_message_opens_a_refund_closes_each_once(shop: Shop, order: Order, double: StripeDouble) -> None:
    for _ in range(2):
        hear(shop, paid(order.id, 500))
    hear(shop, paid(order.id, 500, id="evt_other"))
    assert shop.selling.find(order.id).state == "paid"
    assert shop.books.balances(of_builder("mo")) == {"EUR": 400}
    shop.selling.refund(order.id)
    assert [(path, fields) for path, fields, _ in double.asked] == [
        ("/v1/refunds", {"payment_intent": "pi_1", "amount": "500"})
    ]
    hear(shop, refunded(500))
    hear(shop, paid(order.id, 500, id="evt_late"))
    assert shop.selling.find(order.id).state == "refunded"
    assert shop.books.balances(of_builder("mo")) == {"EUR": 0}
    assert len(shop.books.entries(of_builder("mo"))) == 2


def test_a_payment_that_comes_while_it_is_begun_again_stays(shop: Shop, order: Order) -> None:
    hear(shop, paid(order.id, 500))
    # Another tab had read the order before it was paid.
    shop.selling.begin_payment(order, "https://store.example/")
    shop.selling.cancel(order.id)
    assert (shop.selling.find(order.id).state, shop.selling.find(order.id).reference) == ("paid", "pi_1")


def test_a_refund_made_at_stripe_itself_is_booked(shop: Shop, order: Order) -> None:
    hear(shop, paid(order.id, 500))
    hear(shop, refunded(200))
    assert shop.books.balances(of_builder("mo")) == {"EUR": 240}
    assert shop.selling.find(order.id).state == "paid"


FORGERIES = {
    "no signature": lambda body: {},
    "another secret": lambda body: signed(body, "whsec_of_somebody"),
    "another body": lambda body: signed(body + b" "),
    "an old one": lambda body: signed(body, at=time.time() - 3_600),
    "nonsense": lambda body: {"stripe-signature": "t=,v1=,,="},
    "not in time": lambda body: {"stripe-signature": "t=soon,v1=ab"},
}


@pytest.mark.parametrize("forgery", FORGERIES)
def test_a_forged_message_does_nothing(shop: Shop, order: Order, forgery: str) -> None:
    body = paid(order.id, 500)
    with pytest.raises(EarningError, match="isn’t signed by the payment service"):
        shop.selling.receive("stripe", body, FORGERIES[forgery](body))
    assert shop.selling.find(order.id).state == "open"
    assert shop.books.all_balances() == {}


@pytest.mark.parametrize(
    "body",
    [
        message("customer.created", id="cus_1"),
        message("checkout.session.completed", payment_status="unpaid", client_reference_id="x"),
        paid("of another store", 500),
        refunded(5),
        message("checkout.session.completed", payment_status="paid"),
        message("charge.refunded", amount_refunded=5, currency="eur"),
    ],
    ids=["other", "unpaid", "foreign order", "unknown payment", "no order", "no payment"],
)
def test_what_means_nothing_here_is_let_go(shop: Shop, order: Order, body: bytes) -> None:
    hear(shop, body)
    assert shop.books.all_balances() == {}


@pytest.mark.parametrize("body", [b"", b"[]", b"{}", b"not json", b'{"id": "evt", "type": "x"}', b"\xff"])
def test_what_is_no_message_is_refused(shop: Shop, order: Order, body: bytes) -> None:
    with pytest.raises(EarningError):
        hear(shop, body)


@pytest.mark.parametrize(
    ("says", "told"),
    [
        ((402, {"error": {"type": "card_error", "code": "amount_too_small", "message": "x"}}), "amount_too_small"),
        ((400, {"error": {"type": "invalid_request_error", "message": "x"}}), "Stripe refused this payment"),
        ((401, {"error": {"message": "Invalid API Key: sk_test_of_a_trial"}}), "doesn’t accept the key"),
    ],
)
def test_what_stripe_refuses_is_told_without_a_key(
    shop: Shop, order: Order, double: StripeDouble, says, told
) -> None:  # type: ignore[no-untyped-def]
    double.says = says
    with pytest.raises(EarningError, match=told) as refused:
        shop.selling.begin_payment(order, "https://store.example/")
    assert KEY not in str(refused.value)
    assert refused.value.__cause__ is None


def test_a_stripe_that_is_away_is_told(shop: Shop, order: Order, double: StripeDouble) -> None:
    double.stop()
    with pytest.raises(EarningError, match="can’t be reached"):
        shop.selling.begin_payment(order, "https://store.example/")


@pytest.mark.parametrize(
    ("amount", "currency", "theirs"),
    [(500, "EUR", 500), (500, "JPY", 500), (500, "ISK", 50_000), (500, "UGX", 50_000), (1_230, "KWD", 1_230)],
)
def test_amounts_as_stripe_counts_them(amount: int, currency: str, theirs: int) -> None:
    assert to_stripe(amount, currency) == theirs
    assert from_stripe(theirs, currency) == amount


def test_three_decimals_that_stripe_does_not_take_are_told() -> None:
    with pytest.raises(EarningError, match="two decimals only"):
        to_stripe(1_234, "KWD")
