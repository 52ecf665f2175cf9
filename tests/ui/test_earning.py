"""Prices where a GPT is published, what its builder earns, and what the host settles."""

import pytest
from streamlit.testing.v1 import AppTest
from tests.earning.shop import IBAN
from tests.gallery.stocking import stock
from tests.ui.test_publishing import made, opened, said

from flowloom.earning.settings import STRIPE, SellingSettings
from flowloom.earning.words import BOUGHT, ENTRIES, PRICES, STATES
from flowloom.locales import catalogue
from flowloom.money import Price
from flowloom.serve.store.buying import LASTS
from flowloom.store.accounts import Account
from flowloom.store.books import of_builder
from flowloom.ui.gpt.price import KINDS, PAYS
from flowloom.ui.settings.selling import WAYS
from flowloom.visits.visitors import Caller, new_token
from flowloom.workspace import Workspace

EUR = Price(kind="once", amount=1_000, currency="EUR")


@pytest.mark.parametrize("language", ["zh", "fr"])
def test_every_word_of_money_is_translated(language: str) -> None:
    texts = {*KINDS.values(), *PAYS.values(), *WAYS.values()}
    texts |= {*BOUGHT.values(), *ENTRIES.values(), *PRICES.values(), *STATES.values(), *LASTS.values()}
    assert {text for text in texts if not catalogue(language).get(text)} == set()


@pytest.fixture
def selling(home: Workspace) -> Workspace:
    home.selling.keep_settings(SellingSettings(currencies=("EUR", "JPY"), name="A School", iban=IBAN))
    return home


def store_page() -> None:
    from flowloom.ui.pages import store

    store.show()


def settings_section() -> None:
    from flowloom.ui.settings.selling import draw_selling

    draw_selling()


def shown() -> AppTest:
    return AppTest.from_function(store_page, default_timeout=30).run()


def sold(home: Workspace, name: str = "Echo", owner: str = "") -> str:
    """An order for a GPT that is not paid yet."""
    stock(home, name, owner=owner, price=EUR)
    found = home.visits.find(name.lower(), Caller())
    buyer = home.visits.person(found.flow.id, new_token(), Caller())
    return home.selling.order(found, buyer, "Ann *Example*", 1).id


def test_prices_are_off_until_there_is_a_currency(home: Workspace) -> None:
    app = opened(made(home, "translator"))
    app.radio(key="publish_audience").set_value("store").run()
    assert "prices have to be turned on in Settings" in said(app)


def test_a_builder_sets_a_price_and_reads_what_it_means(selling: Workspace) -> None:
    flow = made(selling, "translator")
    selling.team.owners.give("gpt", flow.id, "mo")
    app = opened(flow)
    app.radio(key="publish_audience").set_value("store").run()
    app.selectbox(key="publish_price").set_value("month").run()
    for amount, told in (
        ("-1", "A price is more than zero."),
        ("1e12", "“1e12” isn’t an amount."),
        ("1000000000000", "This amount is too high."),
        (
            "4,50",
            "People pay 4.50\u00a0EUR for a month, and again when they want another one. You get 3.60\u00a0EUR",
        ),
    ):
        app.text_input(key="publish_amount").set_value(amount).run()
        assert told in said(app)
    selling.gallery._reviewed.keep(flow.id, selling.gallery.reviews.digest(flow), "passed", ())
    app.text_input(key="publish_amount").set_value("-1").run()
    app.button(key="publish_now").click().run()
    assert "The price isn’t complete yet." in said(app)
    app.text_input(key="publish_amount").set_value("4,50").run()
    app.button(key="publish_now").click().run()
    assert not app.exception
    assert selling.publications.find("translator").publication.terms.price == Price(
        kind="month", amount=450, currency="EUR"
    )


def test_what_is_not_there_yet_is_said(selling: Workspace) -> None:
    stock(selling, "Parrot", price=EUR)
    page = shown()
    told = said(page)
    assert "What is sold appears here" in told
    assert "No builder has a profile yet" in told


def test_an_invoice_is_paid_then_refunded_on_the_page(selling: Workspace) -> None:
    order = sold(selling)
    app = shown()
    assert "00001" in said(app)
    assert "Ann \\*Example\\*" in said(app)
    app.button(key=f"paid:{order}").click().run()
    assert selling.selling.find(order).state == "paid"
    assert app.metric[0].value == "10.00\u00a0EUR"
    assert list(app.dataframe[1].value["What"]) == ["Sale of “Echo”, order 00001"]
    app.text_input(key="order_number").set_value("7").run()
    assert "There is no order with this number." in said(app)
    app.text_input(key="order_number").set_value("00001").run()
    app.button(key=f"refund:found:{order}").click().run()
    assert selling.selling.find(order).state == "refunded"
    assert app.metric[0].value == "0.00\u00a0EUR"
    assert not app.exception


def test_payouts_are_prepared_exported_and_paid(selling: Workspace) -> None:
    selling.selling.pay(sold(selling, owner="mo"))
    app = shown()
    assert "no bank account yet" in [*app.dataframe[-1].value["Account"]]
    selling.paying_out.keep_payee("mo", "Mo Nowak", IBAN)
    app.run().button(key="payouts_prepare").click().run()
    (payout,) = selling.paying_out.store.in_state("open")
    assert payout.amount == 800
    assert "Mo Nowak" in said(app)
    assert "DE89 … 3000" in said(app)
    assert IBAN not in said(app)
    app.button(key=f"sent:{payout.id}").click().run()
    assert selling.paying_out.store.in_state("paid")
    assert not app.exception


def test_a_debt_is_said_in_words(selling: Workspace) -> None:
    order = sold(selling)
    selling.selling.pay(order)
    selling.selling.books.post("payout", "payout:x", [_taken()], "x")
    selling.selling.refund(order)
    app = shown()
    assert app.metric[0].value == "−10.00\u00a0EUR"
    assert "You were paid more than you earned" in said(app)


def _taken():  # type: ignore[no-untyped-def]
    from flowloom.store.books import Line

    return Line(of_builder(""), "payout:x", "EUR", 1_000)


def earnings() -> None:
    from flowloom.ui.store.earnings import draw_earnings

    draw_earnings()


def saving(app: AppTest):  # type: ignore[no-untyped-def]
    return next(each for each in app.button if each.label == "Save")


def test_a_builder_of_a_team_says_where_to_be_paid(selling: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("flowloom.ui.store.mine.me", lambda: Account("mo", "mo", "Mo", "builder", 0.0))
    selling.selling.pay(sold(selling, owner="mo"))
    selling.selling.pay(sold(selling, "Other", owner="li"))
    app = AppTest.from_function(earnings, default_timeout=30).run()
    assert [each.value for each in app.metric] == ["8.00\u00a0EUR"]
    assert next(each.label for each in app.expander) == "Where should you be paid?"
    app.text_input(key="payee_name").set_value("Mo Nowak")
    app.text_input(key="payee_iban").set_value("DE00 1234")
    saving(app).click().run()
    assert selling.paying_out.store.payee("mo") is None
    app.text_input(key="payee_iban").set_value("DE89 3704 0044 0532 0130 00")
    saving(app).click().run()
    assert selling.paying_out.store.payee("mo") == ("mo", "Mo Nowak", IBAN, "")
    assert next(each.label for each in app.expander) == "Paid to DE89 … 3000"
    # A new name alone keeps the account, of which only the ends are shown.
    app.text_input(key="payee_name").set_value("Mo N. Nowak")
    saving(app).click().run()
    assert selling.paying_out.store.payee("mo") == ("mo", "Mo N. Nowak", IBAN, "")
    assert IBAN not in str([each.value for each in app.text_input])


def test_codes_are_told_once(selling: Workspace) -> None:
    flow = stock(selling, "Echo", price=EUR)
    app = shown()
    app.number_input(key="codes_count").set_value(3).run()
    app.button(key="codes_make").click().run()
    codes = app.code[0].value.split()
    assert len(codes) == 3
    assert "Copy these codes now" in said(app)
    app.run()
    assert codes[0] not in said(app)
    assert "0 codes used, 3 not yet." in said(app)
    app.button(key="codes_withdraw").click().run()
    assert selling.codes.of(flow.id) == []


def test_the_host_sets_how_it_sells(home: Workspace) -> None:
    app = AppTest.from_function(settings_section, default_timeout=30).run()
    app.multiselect(key="selling_currencies").set_value(["JPY", "EUR"])
    app.number_input(key="selling_share").set_value(12.5)
    app.text_input(key="selling_iban").set_value("de89 3704 0044 0532 0130 01")
    app.button[0].click().run()
    assert "This isn’t a valid IBAN." in said(app)
    assert home.selling.settings.currencies == ()
    app.text_input(key="selling_iban").set_value("de89 3704 0044 0532 0130 00")
    app.radio(key="selling_way").set_value("stripe")
    app.button[0].click().run()
    kept = home.selling.settings
    assert (kept.currencies, kept.share, kept.iban, kept.provider) == (("EUR", "JPY"), 1_250, IBAN, "stripe")
    app.text_input(key=f"selling_key:{STRIPE}").set_value("sk_test_of_a_trial").run()
    assert home.secrets.reveal(STRIPE) == "sk_test_of_a_trial"
    assert "sk_test" not in (home.home / "selling.json").read_text("utf-8")
    assert "/hooks/payments/stripe" in said(app)
