"""Amounts as people write and read them."""

import pytest
from hypothesis import given
from hypothesis import strategies as some

from flowloom.money import CURRENCIES, MOST, MoneyError, plainly, read_amount, shared_out, written


@pytest.mark.parametrize(
    ("said", "currency", "amount"),
    [
        ("5", "EUR", 500),
        ("12.5", "EUR", 1250),
        ("12,50", "EUR", 1250),
        ("1 234,50", "EUR", 123450),
        ("1\u202f234,5", "EUR", 123450),
        ("0.01", "USD", 1),
        ("500", "JPY", 500),
        ("1.234", "KWD", 1234),
        ("999999.99", "EUR", MOST),
    ],
)
def test_what_people_type(said: str, currency: str, amount: int) -> None:
    assert read_amount(said, currency) == amount


@pytest.mark.parametrize(
    ("said", "currency", "wrong"),
    [
        ("-1", "EUR", "A price is more than zero."),
        ("−1", "EUR", "A price is more than zero."),
        ("0", "EUR", "A price is more than zero."),
        ("0.00", "EUR", "A price is more than zero."),
        ("1e12", "EUR", "“1e12” isn’t an amount. Write it like 12.50."),
        ("1000000000000", "EUR", "At most 999999.99 EUR"),
        ("9" * 60, "EUR", "isn’t an amount"),
        ("12.345", "EUR", "at most 2 decimals"),
        ("1,234.50", "EUR", "isn’t an amount"),
        ("12.5", "JPY", "Amounts in JPY have no decimals. Write it like 12."),
        ("", "EUR", "isn’t an amount"),
        ("NaN", "EUR", "isn’t an amount"),
        ("٣", "EUR", "isn’t an amount"),
    ],
)
def test_what_is_no_price(said: str, currency: str, wrong: str) -> None:
    with pytest.raises(MoneyError, match=wrong.replace(".", r"\.")):
        read_amount(said, currency)


@pytest.mark.parametrize(
    ("amount", "currency", "language", "said"),
    [
        (123450, "EUR", "en", "1,234.50\u00a0EUR"),
        (123450, "EUR", "fr", "1\u202f234,50\u00a0EUR"),
        (-5, "USD", "zh", "−0.05\u00a0USD"),
        (1250, "JPY", "en", "1,250\u00a0JPY"),
        (1, "KWD", "en", "0.001\u00a0KWD"),
    ],
)
def test_what_people_read(amount: int, currency: str, language: str, said: str) -> None:
    assert written(amount, currency, language) == said


@given(some.integers(1, MOST), some.sampled_from(CURRENCIES), some.integers(0, 10_000))
def test_nothing_is_lost(amount: int, currency: str, share: int) -> None:
    assert read_amount(plainly(amount, currency), currency) == amount
    kept, left = shared_out(amount, share)
    assert kept + left == amount
    assert min(kept, left) >= 0
