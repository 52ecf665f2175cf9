"""A month of a builder’s account, on the page, as a table and as a PDF."""

import csv
import io

import pytest
from pypdf import PdfReader

from flowloom.earning.statement_pdf import as_pdf, marked
from flowloom.earning.statements import as_csv, months_of, statement_of
from tests.earning.shop import IBAN, NOV_1, Shop

DAY = 86_400.0


@pytest.fixture
def month(shop: Shop) -> Shop:
    """A sale in November; in December a refund of it after its payout, and another sale in another currency."""
    first = shop.sell(shop.gpt("mo-echo", 1_000))
    shop.now = NOV_1 + 20 * DAY
    shop.paying.keep_payee("mo", "李雷 Łukasz", IBAN)
    shop.paying.paid(shop.paying.set_aside()[0].id)
    shop.now = NOV_1 + 31 * DAY
    shop.selling.refund(first)
    shop.sell(shop.gpt("mo-yen", 700, "JPY"))
    return shop


def test_a_month_line_by_line(month: Shop) -> None:
    assert months_of(month.books, "mo") == ["2026-12", "2026-11"]
    november = statement_of(month.books, month.orders, "mo", "2026-11", "en")
    assert [(each.day, each.said, each.amount, each.balance) for each in november.rows] == [
        ("2026-11-01", "Sale of “Mo-Echo”, order 00001", 800, 800),
        ("2026-11-21", "Payout", -800, 0),
    ]
    assert (november.before, november.after) == ({"EUR": 0}, {"EUR": 0})
    december = statement_of(month.books, month.orders, "mo", "2026-12", "fr")
    assert [(each.currency, each.amount, each.balance) for each in december.rows] == [
        ("EUR", -800, -800),
        ("JPY", 560, 560),
    ]
    assert december.after == {"EUR": -800, "JPY": 560}


def test_the_table(month: Shop) -> None:
    found = as_csv(statement_of(month.books, month.orders, "mo", "2026-12", "en"))
    rows = list(csv.DictReader(io.StringIO(found.decode("utf-8-sig"))))
    assert [(row["amount"], row["currency"], row["balance"]) for row in rows] == [
        ("-8.00", "EUR", "-8.00"),
        ("560", "JPY", "560"),
    ]


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", ["Statement for 2026-12", "−8.00", "taken from what is earned next"]),
        ("fr", ["Relevé", "−8,00"]),
        ("zh", ["2026-12", "对账单"]),
    ],
)
def test_the_pdf_says_it_in_every_script(month: Shop, language: str, said: list[str]) -> None:
    statement = statement_of(month.books, month.orders, "mo", "2026-12", language)
    found = PdfReader(io.BytesIO(as_pdf(statement, "李雷 Łukasz <b>", "Shop & Söhne", language)))
    text = "\n".join(page.extract_text() for page in found.pages).replace("\u00a0", " ")
    assert [words for words in (*said, "李雷", "Łukasz", "<b>", "Shop & Söhne") if words not in text] == []


def test_a_long_month_goes_over_pages(shop: Shop) -> None:
    for number in range(120):
        shop.sell(shop.gpt("mo-echo", 1_000), f"buyer {number}")
    statement = statement_of(shop.books, shop.orders, "mo", "2026-11", "en")
    assert len(PdfReader(io.BytesIO(as_pdf(statement, "Mo", "Shop", "en"))).pages) > 2


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("plain <&>", "plain &lt;&amp;&gt;"),
        ("a李b", 'a<font name="STSong-Light">李</font>b'),
        ("가", '<font name="HYSMyeongJo-Medium">가</font>'),
        ("Ωж", "Ωж"),
        ("🎉ก", "??"),
    ],
)
def test_each_sign_has_a_font_or_a_question_mark(text: str, pieces: str) -> None:
    assert marked(text) == pieces
