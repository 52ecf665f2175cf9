"""Money: whole minor units of one currency, read from what people type and written as they read it."""

import re
from typing import Literal, NamedTuple

from pydantic import BaseModel, ConfigDict, Field

from flowloom.errors import FlowloomError

PLACES = dict.fromkeys(("CLP", "ISK", "JPY", "KRW", "UGX", "VND", "XAF", "XOF", "XPF"), 0) | dict.fromkeys(
    ("BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"), 3
)
"""Decimals of the currencies that have not two, as ISO 4217 has them."""
CURRENCIES = tuple(
    "EUR USD GBP CHF CNY JPY AED AUD BGN BHD BRL CAD CLP CZK DKK HKD HUF IDR ILS INR IQD ISK JOD KRW KWD LYD MAD "
    "MXN MYR NOK NZD OMR PHP PLN RON SAR SEK SGD THB TND TRY TWD UGX VND XAF XOF XPF ZAR".split()
)
"""What can be earned in, the usual ones first."""
MOST = 99_999_999
"""The highest price in minor units, which is also the most that payment services take at once."""
NARROW = "\u202f"
_MARKS = {"fr": (NARROW, ",")}
_AMOUNT = re.compile(r"(?P<whole>[0-9][0-9 \u00a0\u202f]{0,24})(?:[.,](?P<part>[0-9]{1,6}))?")

Kind = Literal["once", "month", "talk"]


class MoneyError(FlowloomError):
    """What is no amount, or not one that can be asked for."""

    code = "money"


class Money(NamedTuple):
    """So many minor units, such as cents; currencies are never mixed."""

    amount: int
    currency: str


class Price(BaseModel):
    """What somebody pays for a GPT: once, for a month, or for each conversation."""

    model_config = ConfigDict(frozen=True)

    kind: Kind
    amount: int = Field(gt=0, le=MOST)
    currency: str = Field(pattern=r"^[A-Z]{3}$")


def places_of(currency: str) -> int:
    """How many decimals a currency has."""
    return PLACES.get(currency, 2)


def read_amount(text: str, currency: str) -> int:
    """What somebody typed, in minor units, more than nothing. Raises MoneyError."""
    said, places = text.strip(), places_of(currency)
    if said.startswith(("-", "−", "–")):
        raise MoneyError("A price is more than zero.", "Choose “Free” for what costs nothing.", code="money.least")
    found = _AMOUNT.fullmatch(said)
    if found is None:
        raise MoneyError(
            "“{text}” isn’t an amount.", "Write it like {sample}.", text=said[:40], sample=sample(currency)
        )
    part = found["part"] or ""
    if len(part) > places:
        raise _too_fine(currency, places)
    whole = "".join(sign for sign in found["whole"] if sign.isdigit())
    return _in_bounds(int(whole + part.ljust(places, "0")), currency)


def _too_fine(currency: str, places: int) -> MoneyError:
    if places:
        return MoneyError(
            "Amounts in {currency} have at most {count} decimals.",
            "Write it like {sample}, without marks between thousands.",
            currency=currency,
            count=places,
            sample=sample(currency),
        )
    return MoneyError(
        "Amounts in {currency} have no decimals.",
        "Write it like {sample}.",
        currency=currency,
        sample=sample(currency),
    )


def _in_bounds(amount: int, currency: str) -> int:
    if amount < 1:
        raise MoneyError("A price is more than zero.", "Choose “Free” for what costs nothing.", code="money.least")
    if amount > MOST:
        raise MoneyError(
            "This amount is too high.",
            "At most {most} can be asked for at once.",
            code="money.most",
            most=f"{plainly(MOST, currency)} {currency}",
        )
    return amount


def sample(currency: str) -> str:
    """How an amount looks in a currency."""
    return plainly(
        12 * 10 ** places_of(currency) + (5 * 10 ** (places_of(currency) - 1) if places_of(currency) else 0),
        currency,
    )


def plainly(amount: int, currency: str) -> str:
    """The amount for machines and fields: a point for decimals, and no other marks."""
    places, size = places_of(currency), abs(amount)
    whole, part = divmod(size, 10**places)
    written = f"{whole}.{part:0{places}d}" if places else str(whole)
    return f"-{written}" if amount < 0 else written


def written(amount: int, currency: str, language: str = "en") -> str:
    """The amount for people, with its currency behind it."""
    whole, _, part = plainly(abs(amount), currency).partition(".")
    thousands, point = _MARKS.get(language, (",", "."))
    told = f"{int(whole):,}".replace(",", thousands) + (point + part if part else "")
    return f"{'−' if amount < 0 else ''}{told}\u00a0{currency}"


def shared_out(amount: int, basis_points: int) -> tuple[int, int]:
    """What the host keeps, rounded down, and what is left for the builder: together exactly the amount."""
    kept = amount * basis_points // 10_000
    return kept, amount - kept
