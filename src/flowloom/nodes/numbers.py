"""Numbers as people write them: `1,234.5`, `1 234,5`, `€ 3,50`, `１２`."""

import re
from math import isfinite
from unicodedata import normalize

_NOISE = re.compile(r"[\s_'’€$£¥%]")
_NUMBER = re.compile(r"([+-]?)(\d[\d.,]*|[.,]\d+)(e[+-]?\d{1,3})?", re.IGNORECASE | re.ASCII)
_GROUPED = re.compile(r"[1-9]\d{0,2}(?:[.,]\d{3})+", re.ASCII)
MAX_LENGTH = 400


def parse_number(text: str, language: str = "en") -> float | None:
    """The number a text holds, or None.

    `3,5` is three and a half everywhere; `1,234` is a thousand and more, save in French.
    """
    if len(text) > MAX_LENGTH:
        return None
    found = _NUMBER.fullmatch(_NOISE.sub("", normalize("NFKC", text).replace("−", "-")))
    digits = plain_digits(found[2], language) if found else None
    if not found or digits is None:
        return None
    number = float(f"{found[1]}{digits}{found[3] or ''}")
    return number if isfinite(number) else None


def plain_digits(digits: str, language: str = "en") -> str | None:
    """Digits without the marks of thousands, a point before the decimals; None where they are no number."""
    comma, point = digits.rfind(","), digits.rfind(".")
    if comma >= 0 and point >= 0:
        decimal, group = (",", ".") if comma > point else (".", ",")
        plain = digits.replace(group, "").replace(decimal, ".")
    elif digits.count(",") + digits.count(".") > 1 or (comma >= 0 and language != "fr"):
        plain = re.sub("[.,]", "", digits) if _GROUPED.fullmatch(digits) else digits.replace(",", ".")
    else:
        plain = digits.replace(",", ".")
    return plain if plain.count(".") <= 1 else None


def written(number: float, language: str = "en") -> str:
    """A number for people: no trailing zeros, twelve digits after rounding, a comma in French."""
    if abs(number) < 1e15 and number == int(number):
        return str(int(number))
    text = str(number) if isinstance(number, int) and abs(number) < 10**21 else f"{number:.12g}"
    return text.replace(".", ",") if language == "fr" else text
