"""What builders get: due, set aside, exported, paid or come back."""

import csv
import io
from datetime import date

import pytest
from lxml import etree

from flowloom.earning.payouts import as_csv
from flowloom.earning.problems import EarningError
from flowloom.earning.sepa import as_sepa, by_sepa, sepa_text
from flowloom.store.books import of_builder
from tests.earning.shop import IBAN, OTHER_IBAN, Shop

SPACE = {"p": "urn:iso:std:iso:20022:tech:xsd:pain.001.001.09"}


def test_what_is_due_is_set_aside_once(shop: Shop) -> None:
    shop.sell(shop.gpt("mo-echo", 1_000))
    shop.sell(shop.gpt("li-echo", 1_000))
    shop.paying.keep_payee("mo", "Mo Nowak", "de89 3704 0044 0532 0130 00")
    assert [(each.shown, each.amount, bool(each.payee)) for each in shop.paying.due()] == [
        ("Li", 800, False),
        ("Mo", 800, True),
    ]
    (payout,) = shop.paying.set_aside()
    assert shop.paying.set_aside() == []
    assert (payout.amount, payout.iban) == (800, IBAN)
    assert shop.books.balances(of_builder("mo")) == {"EUR": 0}
    shop.paying.paid(payout.id), shop.paying.paid(payout.id), shop.paying.came_back(payout.id)
    assert shop.books.balances("cash:bank") == {"EUR": 800}
    assert shop.books.balances(of_builder("mo")) == {"EUR": 0}
    assert [each.state for each in shop.paying.store.in_state("paid")] == ["paid"]


def test_what_comes_back_is_due_again(shop: Shop) -> None:
    shop.sell(shop.gpt("mo-echo", 1_000))
    shop.paying.keep_payee("mo", "Mo", IBAN)
    (payout,) = shop.paying.set_aside()
    shop.paying.came_back(payout.id), shop.paying.came_back(payout.id)
    assert [each.amount for each in shop.paying.due()] == [800]


def test_a_refund_after_a_payout_is_carried_forward(shop: Shop) -> None:
    order = shop.sell(shop.gpt("mo-echo", 1_000))
    shop.paying.keep_payee("mo", "Mo", IBAN)
    shop.paying.paid(shop.paying.set_aside()[0].id)
    shop.selling.refund(order)
    assert shop.books.balances(of_builder("mo")) == {"EUR": -800}
    assert shop.paying.due() == []
    shop.sell(shop.gpt("mo-echo", 1_500), "bob")
    assert [each.amount for each in shop.paying.due()] == [400]


@pytest.mark.parametrize(
    ("name", "iban", "bic", "wrong"),
    [
        ("Mo", "DE89370400440532013001", "", "isn’t a valid IBAN"),
        ("Mo", "DE8937040044053201300", "", "isn’t a valid IBAN"),
        ("Mo", "XX89370400440532013000", "", "isn’t a valid IBAN"),
        ("Mo", "", "", "isn’t a valid IBAN"),
        ("Mo", "DE89３70400440532013000", "", "isn’t a valid IBAN"),
        ("Mo", IBAN, "HELLO", "isn’t a valid BIC"),
        (" ", IBAN, "", "name of the account"),
        ("x" * 71, IBAN, "", "name of the account"),
    ],
)
def test_an_account_that_is_none_is_refused(shop: Shop, name: str, iban: str, bic: str, wrong: str) -> None:
    with pytest.raises(EarningError, match=wrong):
        shop.paying.keep_payee("mo", name, iban, bic)
    assert shop.paying.store.payee("mo") is None


def test_a_sepa_file_is_what_banks_read(shop: Shop) -> None:
    for builder, name, iban in (("mo", "Zoë & Ægir <GmbH>", IBAN), ("li", "李雷", OTHER_IBAN)):
        shop.sell(shop.gpt(f"{builder}-echo", 123_456))
        shop.sell(shop.gpt(f"{builder}-yen", 5_000, "JPY"))
        shop.paying.keep_payee(builder, name, iban, "COBADEFFXXX" if builder == "mo" else "")
    payouts = shop.paying.set_aside()
    assert len(payouts) == 4
    found = as_sepa(shop.selling.settings, by_sepa(payouts), date(2026, 11, 30))
    tree = etree.fromstring(found)
    says = lambda path: [str(each) for each in tree.xpath(path, namespaces=SPACE)]  # noqa: E731
    assert says("//p:GrpHdr/p:NbOfTxs/text()") == ["2"]
    assert says("//p:GrpHdr/p:CtrlSum/text()") == ["1975.30"]
    assert sorted(says("//p:Cdtr/p:Nm/text()")) == ["Li Lei", "Zoe + AEgir GmbH"]
    assert says("//p:Dbtr/p:Nm/text()") == ["Shop + Sohne"]
    assert says("//p:InstdAmt/@Ccy") == ["EUR", "EUR"]
    assert says("//p:CdtrAgt//p:BICFI/text()") == ["COBADEFFXXX"]
    assert says("//p:DbtrAgt//p:Othr/p:Id/text()") == ["NOTPROVIDED"]
    assert sorted(says("//p:CdtrAcct//p:IBAN/text()")) == sorted([IBAN, OTHER_IBAN])
    assert set(says("//p:ReqdExctnDt/p:Dt/text()")) == {"2026-11-30"}
    assert len(set(says("//p:EndToEndId/text()"))) == 2
    rows = list(csv.DictReader(io.StringIO(as_csv(payouts).decode("utf-8-sig"))))
    assert sorted((row["name"], row["amount"], row["currency"]) for row in rows) == [
        ("Zoë & Ægir <GmbH>", "4000", "JPY"),
        ("Zoë & Ægir <GmbH>", "987.65", "EUR"),
        ("李雷", "4000", "JPY"),
        ("李雷", "987.65", "EUR"),
    ]


@pytest.mark.parametrize(
    ("said", "sent"),
    [
        ("Müller & Söhne", "Muller + Sohne"),
        ("//A//B/", "A/B"),
        ("a\nb\tc;d_e*f", "a b c d e f"),
        ("Łukasz Żółć", "Lukasz Zolc"),
        ("x" * 90, "x" * 70),
    ],
)
def test_names_in_the_signs_that_banks_take(said: str, sent: str) -> None:
    assert sepa_text(said, 70) == sent


@pytest.mark.parametrize("said", ["🎉", "---", "  "])
def test_a_name_of_which_nothing_is_left_is_told(said: str) -> None:
    with pytest.raises(EarningError, match="can’t be written in a SEPA file"):
        sepa_text(said, 70)


def test_without_an_own_account_there_is_no_file(shop: Shop) -> None:
    with pytest.raises(EarningError, match="your own account is missing"):
        as_sepa(shop.selling.settings.model_copy(update={"iban": ""}), [], date(2026, 11, 30))
