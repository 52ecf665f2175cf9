"""How this store sells: in which currencies, what the host keeps, and how people pay."""

import re
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from flowloom.earning.problems import EarningError
from flowloom.money import CURRENCIES
from flowloom.nodes.logic.personal_data import is_iban
from flowloom.services.files import write_whole

FILE = "selling.json"
STRIPE, STRIPE_WEBHOOK = "selling-stripe", "selling-stripe-webhook"
"""Under which names the key and the signing secret are kept."""
MOST_SHARE = 9_000
"""Basis points that the host may keep."""
_BIC = re.compile(r"[A-Z]{6}[A-Z0-9]{2}(?:[A-Z0-9]{3})?")

Way = Literal["invoice", "stripe"]


class SellingSettings(BaseModel):
    """Nothing is sold where there are no currencies. `share` is what the host keeps, in basis points."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    currencies: tuple[str, ...] = ()
    share: int = Field(2_000, ge=0, le=MOST_SHARE)
    provider: Way = "invoice"
    name: str = ""
    address: str = ""
    iban: str = ""
    bic: str = ""


def load_selling(home: Path) -> SellingSettings:
    try:
        return SellingSettings.model_validate_json((home / FILE).read_bytes())
    except (OSError, ValidationError):
        return SellingSettings()


def save_selling(home: Path, settings: SellingSettings) -> SellingSettings:
    """Keep them as they are used. Raises EarningError where an account number is none."""
    found = settings.model_copy(
        update={
            "currencies": tuple(each for each in CURRENCIES if each in settings.currencies),
            "iban": iban_of(settings.iban) if settings.iban.strip() else "",
            "bic": bic_of(settings.bic),
        }
    )
    write_whole(home / FILE, found.model_dump_json(indent=1).encode())
    return found


def iban_of(text: str) -> str:
    """A bank account as banks write it to each other. Raises EarningError where its check digits do not fit."""
    found = "".join(text.split()).upper()
    if not (found.isascii() and found.isalnum() and is_iban(found)):
        raise EarningError(
            "This isn’t a valid IBAN.",
            "Copy it from a bank statement: its country, two check digits, then the account.",
            code="earning.iban",
        )
    return found


def bic_of(text: str) -> str:
    """The code of a bank; "" for none. Raises EarningError where it is none."""
    found = "".join(text.split()).upper()
    if found and not _BIC.fullmatch(found):
        raise EarningError(
            "This isn’t a valid BIC.", "It has 8 or 11 letters and digits, or leave it empty.", code="earning.bic"
        )
    return found


def hidden(iban: str) -> str:
    """An account that can be told apart, and no more."""
    return f"{iban[:4]} … {iban[-4:]}" if iban else ""
