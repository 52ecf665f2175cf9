"""Numbers as a spreadsheet shows them: percent, currency, leading zeros, fractions, durations.

The codes are those of ECMA-376 part 1, 18.8.31 (numFmts). A code that only groups or rounds a plain number changes
nothing here: whoever reckons with the cells should not lose digits that a narrow column hid.
"""

import re
from datetime import timedelta
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from functools import lru_cache
from typing import NamedTuple

MAX_CODE = 200
_PIECE = re.compile(
    r"""(?P<quoted>"[^"]*")|\\(?P<escaped>.)|_.|\*.|\[\$(?P<symbol>[^\[\]-]*+)[^\[\]]*+\]|\[(?P<bracket>[^\[\]]*+)\]|"""
    r"""(?P<general>General)|(?P<number>[0#?][0#?,.]*(?:\s*[/]\s*[0#?\d]+)?)|(?P<exponent>E[+-]0+)|(?P<other>.)""",
    re.IGNORECASE | re.DOTALL,
)
_FRACTION = re.compile(r"(?<![#?0])([#?0]{0,9})\s{0,9}([#?0]{1,9})\s{0,9}/\s{0,9}([#?0]+|\d+)")
_SECTIONS = re.compile(r'"[^"]*"|\\.|\[[^\[\]]*\]|(;)', re.DOTALL)
_MOST_DECIMALS = 10


def general(value: float | int) -> str:
    """A number without a format: whole where it is, and without the noise of binary fractions."""
    if isinstance(value, int) or (value.is_integer() and abs(value) < 1e15):
        return str(int(value))
    return format(value, ".15g")


def shown_duration(value: timedelta) -> str:
    """A stretch of time in hours, as `[h]:mm:ss` shows it."""
    seconds = round(abs(value.total_seconds()))
    sign = "-" if value < timedelta() else ""
    return f"{sign}{seconds // 3600}:{seconds // 60 % 60:02d}:{seconds % 60:02d}"


def shown_number(value: float | int, code: str) -> str:
    """A number as its format shows it; by itself where the format says no more than how many digits."""
    if isinstance(value, float) and (value != value or value in (float("inf"), float("-inf"))):
        return str(value)
    sections = _sections(code[:MAX_CODE])
    negative = value < 0 and len(sections) > 1
    section = sections[1] if negative else sections[2] if value == 0 and len(sections) > 2 else sections[0]
    if not section.strip():
        return "" if len(sections) > 1 else general(value)
    return _Format.of(section).show(abs(value) if negative else value)


@lru_cache(maxsize=1_000)
def _sections(code: str) -> tuple[str, ...]:
    cuts = [found.start() for found in _SECTIONS.finditer(code) if found[1]]
    return tuple(code[begin:end] for begin, end in zip([0, *(cut + 1 for cut in cuts)], [*cuts, None], strict=True))


class _Format(NamedTuple):
    """One section of a code: what stands before and after the digits, and how those are written."""

    before: str
    digits: str
    after: str
    percent: int
    fraction: str
    money: bool
    plain: bool

    @classmethod
    @lru_cache(maxsize=1_000)
    def of(cls, section: str) -> "_Format":
        texts, digits, percent, fraction, money, plain = ["", ""], "", 0, "", False, True
        for piece in _PIECE.finditer(section):
            kind, text = piece.lastgroup, ""
            if kind == "number" and not digits and not fraction:
                digits, fraction = ("", piece[0]) if "/" in piece[0] else (piece[0], "")
            elif kind == "number":
                # A second group of digits, as in 000-0000; or what belongs to a fraction, as in # ?/?.
                digits, fraction = (
                    ("", digits + " " + piece[0]) if "/" in piece[0] else (digits + texts[1] + piece[0], "")
                )
                texts[1] = ""
            elif kind in ("general", "exponent") or (kind == "other" and piece[0] == "@"):
                digits = digits or "General"
            elif kind == "bracket" and piece["bracket"].lower() not in _COLORS:
                return cls("", "General", "", 0, "", False, True)  # conditions, and times that are no times
            else:
                text = (
                    (piece["quoted"] or "").strip('"')
                    or piece["escaped"]
                    or piece["symbol"]
                    or piece["other"]
                    or ""
                )
            percent += text == "%" and kind == "other"
            money = money or kind == "symbol" or any(sign in text for sign in _MONEY)
            plain = plain and not (text.strip(" \u00a0()-+") and kind != "other") and text not in _UNITS
            texts[bool(digits or fraction)] += text
        return cls(texts[0], digits, texts[1], percent, fraction, money, plain)

    def show(self, value: float | int) -> str:
        if self.fraction:
            return self._around(_fraction(value, self.fraction), value)
        if not self.digits:
            return f"{self.before}{self.after}" if (self.before + self.after).strip() else general(value)
        if not self.digits.strip("?") and value == 0:
            return f"{self.before}{self.after}".strip()  # a place kept free, as in accounts
        if self.percent:
            return self._around(_rounded(Decimal(repr(value)) * 100**self.percent, self._decimals, 2), value)
        scaled = len(self.digits) - len(self.digits.rstrip(","))
        if self.money or scaled:
            amount = Decimal(repr(value)) / Decimal(1000) ** scaled
            text = _rounded(amount, self._decimals, 0)
            return self._around(_grouped(text) if "," in self.digits.rstrip(",") else text, value)
        if _is_padded(self.digits) and float(value).is_integer():
            return self._around(_padded(abs(int(value)), self.digits), value)
        text = general(value)
        return text if self.plain and not self._is_bracketed else self._around(text, value)

    @property
    def _decimals(self) -> int:
        return min(_MOST_DECIMALS, sum(sign in "0#?" for sign in self.digits.partition(".")[2]))

    @property
    def _is_bracketed(self) -> bool:
        return "(" in self.before

    def _around(self, text: str, value: float | int) -> str:
        sign, bare = ("-", text[1:]) if text.startswith("-") else ("", text)
        if value < 0 and not sign and any(digit in "123456789" for digit in bare):
            sign = "-"
        return f"{sign}{self.before}{bare}{self.after}".strip()


_UNITS = frozenset("°‰")
_MONEY = "$€£¥₹元₩₽₺฿₫₪₴₦"
_COLORS = frozenset("black blue cyan green magenta red white yellow".split()) | {
    f"color{at}" for at in range(1, 57)
}


def _rounded(value: Decimal, decimals: int, more: int) -> str:
    """To the digits of the format; with up to `more` of them beyond, where that is all there is."""
    exact = -int(value.normalize().as_tuple().exponent)
    places = exact if decimals < exact <= decimals + more else decimals
    return format(value.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP), "f")


def _grouped(text: str) -> str:
    whole, point, rest = text.partition(".")
    sign, whole = ("-", whole[1:]) if whole.startswith("-") else ("", whole)
    return f"{sign}{int(whole):,}{point}{rest}"


def _is_padded(digits: str) -> bool:
    """Whether zeros in front belong to it: 00000 for postcodes, 000-0000 for telephones."""
    return "." not in digits and "," not in digits and digits.count("0") > 1 and digits.lower() != "general"


def _padded(value: int, digits: str) -> str:
    left = list(str(value))
    made: list[str] = []
    for sign in reversed(digits):
        if sign in "0#?":
            made.append(left.pop() if left else "0" if sign == "0" else "")
        else:
            made.append(sign)
    return "".join(left) + "".join(reversed(made))


def _fraction(value: float | int, code: str) -> str:
    found = _FRACTION.search(code)
    if not found:
        return general(value)
    whole, _, below = found.groups()
    exact = Fraction(repr(value))
    size = Fraction(round(exact * int(below)), int(below)) if below.isdecimal() and below.strip("0") else None
    part = size if size is not None else exact.limit_denominator(10 ** min(3, len(below)) - 1)
    count, rest = divmod(abs(part), 1) if whole else (0, abs(part))
    over = f"{rest.numerator}/{rest.denominator}" if rest or not count else ""
    if size is not None and rest:
        over = f"{rest.numerator * (int(below) // rest.denominator)}/{below}"
    sign = "-" if part < 0 else ""
    return sign + (" ".join(filter(None, (str(count) if count else "", over))) if part else "0")
