"""Payouts in euros as banks take them: a credit transfer initiation by ISO 20022, `pain.001.001.09`."""

import re
from collections.abc import Sequence
from datetime import date
from typing import Any

from flowloom.earning.problems import EarningError
from flowloom.earning.settings import SellingSettings
from flowloom.store.payouts import Payout

SCHEMA = "pain.001.001.09"
COUNTRIES = frozenset(
    "AD AL AT BE BG CH CY CZ DE DK EE ES FI FR GB GI GR HR HU IE IS IT LI LT LU LV MC MD ME MK MT NL NO PL PT RO "
    "RS SE SI SK SM VA".split()
)
"""Whose accounts can be reached by SEPA, by the beginning of their IBAN."""
NO_BIC = b"<FinInstnId><Othr><Id>NOTPROVIDED</Id></Othr></FinInstnId>"
"""What the rules of SEPA have where a bank is only known by the IBAN."""
_FOREIGN = re.compile(r"[^A-Za-z0-9/?:().,'+ -]+")
"""What is outside the signs that every bank of SEPA takes."""


def by_sepa(payouts: Sequence[Payout]) -> list[Payout]:
    """Those that can go by SEPA: in euros, to a country that takes part."""
    return [each for each in payouts if each.currency == "EUR" and each.iban[:2] in COUNTRIES]


def as_sepa(settings: SellingSettings, payouts: Sequence[Payout], day: date) -> bytes:
    """The file, checked against the schema of ISO 20022. Raises EarningError."""
    if not settings.name or not settings.iban:
        raise EarningError(
            "For a SEPA file, your own account is missing.",
            "Write the name of the seller and the IBAN in Settings under Selling.",
            code="earning.sender",
        )
    maker = _maker(settings)
    for each in payouts:
        maker.add_payment(_payment(each, day))
    made: bytes = maker.export(validate=False).replace(b"<FinInstnId />", NO_BIC)
    _check(made)
    return made


def _check(made: bytes) -> None:
    from sepaxml.validation import ValidationError, try_valid_xml

    try:
        try_valid_xml(made, SCHEMA)
    except ValidationError:
        raise EarningError(
            "The SEPA file doesn’t fit what banks read, so it wasn’t made.",
            "Check the names and accounts of the payouts, or take the CSV.",
            code="earning.sepa",
        ) from None


def _maker(settings: SellingSettings) -> Any:
    try:
        from sepaxml import SepaTransfer
    except ImportError:
        raise EarningError(
            "A SEPA file needs a package that isn’t installed.",
            "Whoever runs this app can install it: flowloom[selling].",
            code="earning.package",
        ) from None
    config = {"name": sepa_text(settings.name, 70), "IBAN": settings.iban, "batch": True, "currency": "EUR"}
    if settings.bic:
        config["BIC"] = settings.bic
    return SepaTransfer(config, schema=SCHEMA, clean=False)


def _payment(payout: Payout, day: date) -> dict[str, Any]:
    found = {
        "name": sepa_text(payout.name, 70),
        "IBAN": payout.iban,
        "amount": payout.amount,
        "execution_date": day,
        "description": sepa_text(f"Payout {payout.id[:12]}", 140),
        "endtoend_id": payout.id,
    }
    return found | ({"BIC": payout.bic} if payout.bic else {})


def sepa_text(text: str, most: int) -> str:
    """A text in the signs that every bank of SEPA takes. Raises EarningError where nothing of it is left."""
    from text_unidecode import unidecode

    plain = _FOREIGN.sub(" ", unidecode(text.replace("&", " + ")).replace("//", "/"))
    found = " ".join(plain.split()).strip("/")[:most].strip()
    if not any(sign.isalnum() for sign in found):
        raise EarningError(
            "The name “{name}” can’t be written in a SEPA file.",
            "Have it written in Latin letters where the account is kept.",
            code="earning.letters",
            name=text[:70],
        )
    return found
