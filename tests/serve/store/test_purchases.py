"""Buying over HTTP: what is shown, who is let in when, and what a payment service may tell."""

from collections.abc import Iterator

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from flowloom.earning.settings import STRIPE_WEBHOOK, SellingSettings
from flowloom.earning.stripe_checkout import StripeCheckout
from flowloom.flow.model import Flow
from flowloom.money import Kind, Price
from flowloom.serve.access import Access
from flowloom.serve.doors import DOORS
from flowloom.serve.page.routes import page_routes
from flowloom.serve.store.purchases import payment_routes
from flowloom.serve.store.routes import store_routes
from flowloom.visits.visitors import new_token
from flowloom.workspace import Workspace
from tests.earning.shop import IBAN, KEY, SIGNING
from tests.earning.stripe_double import StripeDouble, paid, signed
from tests.gallery.stocking import stock
from tests.serve.store.test_store_pages import JSON
from tests.serve.test_page import HERE, OURS, OWNER
from tests.serve.test_page import KEY as APP_KEY


@pytest.fixture
def browser(home: Workspace) -> TestClient:
    """A browser without the key of the app, behind the guard."""
    found = lambda: home  # noqa: E731
    inside = Starlette(routes=[*store_routes(found), *page_routes(found), *payment_routes(found)])
    guarded = Access(inside, lambda: APP_KEY, doors=DOORS)
    return TestClient(guarded, base_url=HERE, headers=OURS, follow_redirects=False)


def priced(home: Workspace, name: str = "trips", kind: Kind = "once", amount: int = 500) -> Flow:
    settings = SellingSettings(currencies=("EUR",), name="A School", address="1 Main St\nTown", iban=IBAN)
    home.selling.keep_settings(settings)
    return stock(home, name, price=Price(kind=kind, amount=amount, currency="EUR"))


def visitor() -> dict[str, str]:
    return {"x-flowloom-visitor": new_token(), **JSON}


def begun(browser: TestClient, who: dict[str, str]) -> int:
    return browser.post("/gpt/trips/chats", headers=who).status_code


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("/store", "5.00\u00a0EUR, once"),
        ("/store?lang=fr", "5,00\u00a0EUR, une fois"),
        ("/store/gpt/trips", 'href="/store/gpt/trips/buy"'),
        ("/store/gpt/trips/buy", "Order on invoice"),
        ("/store/gpt/trips/buy?lang=fr", "Commander sur facture"),
        ("/store/gpt/trips/buy?lang=zh", "凭发票订购"),
    ],
)
def test_what_it_costs_is_told(home: Workspace, browser: TestClient, path: str, said: str) -> None:
    priced(home)
    answer = browser.get(path)
    assert answer.status_code == 200
    assert said in answer.text


def test_an_invoice_lets_in_whoever_ordered_once_it_is_paid(home: Workspace, browser: TestClient) -> None:
    priced(home)
    ann, bob = visitor(), visitor()
    refused = browser.post("/gpt/trips/chats", headers=ann)
    assert (refused.status_code, refused.json()["problem"]["code"]) == (402, "visit.pay")
    ordered = browser.post("/store/gpt/trips/order", data={"name": "Ann <b>"}, headers=ann)
    onward = ordered.json()["onward"]
    page = browser.get(onward)
    told = [
        "Order 00001",
        "Waiting for payment",
        "Ann &lt;b&gt;",
        "DE89 3704 0044 0532 0130 00",
        "1 Main St",
        "5.00",
    ]
    assert [words for words in told if words not in page.text] == []
    assert page.headers["cache-control"] == "no-store"
    assert begun(browser, ann) == 402
    home.selling.pay(onward.rpartition("/")[2])
    assert begun(browser, ann) == 201
    assert begun(browser, bob) == 402
    assert "Chat now" in browser.get(onward).text


def test_what_was_said_stays_and_nothing_new_is_answered_after_the_month(
    home: Workspace, browser: TestClient
) -> None:
    priced(home, kind="month")
    ann = visitor()
    order = browser.post("/store/gpt/trips/order", data={"name": "Ann"}, headers=ann).json()["onward"]
    home.selling.pay(order.rpartition("/")[2])
    chat = browser.post("/gpt/trips/chats", headers=ann).json()["id"]
    assert browser.post(f"/gpt/trips/chats/{chat}/messages", json={"text": "Hi"}, headers=ann).status_code == 200
    home.selling.refund(order.rpartition("/")[2])
    for path in (f"chats/{chat}/messages", f"chats/{chat}/again", f"chats/{chat}/speech"):
        answer = browser.post(f"/gpt/trips/{path}", json={"text": "More"}, headers=ann)
        assert (path, answer.status_code) == (path, 402)
    assert browser.get(f"/gpt/trips/chats/{chat}", headers=ann).json()["turns"][0]["text"] == "Hi"


def test_a_conversation_counts_with_its_first_message(home: Workspace, browser: TestClient) -> None:
    flow = priced(home, kind="talk", amount=20)
    ann = visitor()
    form = {"name": "Ann", "quantity": "5"}
    order = browser.post("/store/gpt/trips/order", data=form, headers=ann).json()["onward"].rpartition("/")[2]
    assert home.selling.pay(order).amount == 100
    chat = browser.post("/gpt/trips/chats", headers=ann).json()["id"]
    buyer = home.selling.find(order).buyer
    assert home.selling.access.left(flow.id, buyer) == 5
    assert browser.post(f"/gpt/trips/chats/{chat}/messages", json={"text": "One"}, headers=ann).status_code == 200
    assert browser.post(f"/gpt/trips/chats/{chat}/again", json={}, headers=ann).status_code == 200
    assert home.selling.access.left(flow.id, buyer) == 4


def test_the_builder_uses_it_without_paying(home: Workspace, browser: TestClient) -> None:
    priced(home)
    assert begun(browser, visitor() | OWNER) == 201


def test_a_code_opens_it(home: Workspace, browser: TestClient) -> None:
    flow = priced(home)
    (code,) = home.codes.make(flow.id, Price(kind="once", amount=500, currency="EUR"), 1)
    ann = visitor()
    wrong = browser.post("/store/gpt/trips/redeem", data={"code": "ABCD"}, headers=ann)
    assert (wrong.status_code, wrong.json()["problem"]["code"]) == (400, "earning.code")
    right = browser.post("/store/gpt/trips/redeem", data={"code": code}, headers=ann)
    assert right.json()["onward"] == "/gpt/trips"
    assert begun(browser, ann) == 201


def test_codes_cannot_be_guessed_in_a_row(home: Workspace, browser: TestClient) -> None:
    priced(home)
    said = [browser.post("/store/gpt/trips/redeem", data={"code": "X"}, headers=visitor()) for _ in range(11)]
    assert [each.status_code for each in said] == [400] * 10 + [429]


@pytest.mark.parametrize(
    ("method", "path", "data", "status"),
    [
        ("GET", "/store/gpt/free/buy", None, 400),
        ("POST", "/store/gpt/free/order", {"name": "Ann"}, 400),
        ("POST", "/store/gpt/trips/order", {"name": " "}, 400),
        ("POST", "/store/gpt/trips/order", {"name": "Ann", "quantity": "-1"}, 400),
        ("POST", "/store/gpt/trips/order", {"name": "Ann", "quantity": "1e9"}, 400),
        ("POST", "/store/gpt/nowhere/order", {"name": "Ann"}, 404),
        ("GET", "/store/orders/nothing", None, 404),
        ("POST", "/hooks/payments/invoice", None, 404),
        ("POST", "/hooks/payments/other", None, 404),
        ("POST", "/hooks/payments/stripe", None, 400),
    ],
)
def test_what_is_refused(
    home: Workspace, browser: TestClient, method: str, path: str, data: dict[str, str] | None, status: int
) -> None:
    priced(home)
    home.secrets.set(STRIPE_WEBHOOK, SIGNING)
    stock(home, "free")
    answer = browser.request(method, path, data=data, headers=visitor())
    assert answer.status_code == status
    assert answer.json()["problem"]["message"]
    assert home.selling.orders.in_state("open") == []


def test_whoever_has_no_token_yet_buys_nothing(home: Workspace, browser: TestClient) -> None:
    priced(home)
    assert browser.post("/store/gpt/trips/order", data={"name": "Ann"}, headers=JSON).status_code == 400
    form = browser.get("/store/gpt/trips/buy").text
    assert 'data-visitor="/gpt/trips/visitor"' in form


@pytest.fixture
def double() -> Iterator[StripeDouble]:
    found = StripeDouble()
    yield found
    found.stop()


def test_stripe_tells_of_a_payment_at_an_address_of_its_own(
    home: Workspace, browser: TestClient, double: StripeDouble
) -> None:
    pytest.importorskip("stripe")
    priced(home)
    home.selling.keep_settings(home.selling.settings.model_copy(update={"provider": "stripe"}))
    home.selling.providers["stripe"] = StripeCheckout(lambda: KEY, lambda: SIGNING, double.url)
    ann = visitor()
    onward = browser.post("/store/gpt/trips/order", data={"name": "Ann"}, headers=ann).json()["onward"]
    assert onward == f"{double.url}/pay/1"
    ((_, fields, _),) = double.asked
    order = fields["client_reference_id"]
    assert fields["success_url"].endswith(f"/store/orders/{order}")
    body = paid(order, 500)
    forged = browser.post("/hooks/payments/stripe", content=body, headers=signed(body, "whsec_other"))
    assert forged.status_code == 400
    assert begun(browser, ann) == 402
    for _ in range(2):
        assert browser.post("/hooks/payments/stripe", content=body, headers=signed(body)).status_code == 204
    assert begun(browser, ann) == 201
    assert len(home.selling.books.entries("builder:")) == 1
    assert browser.post("/hooks/payments/stripe", content=b"x" * 1_000_001, headers=signed(b"x")).status_code == 413
