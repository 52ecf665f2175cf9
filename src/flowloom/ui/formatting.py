"""How numbers, amounts, dates and spells of time are written in the language of this visit."""

import time
from datetime import datetime, tzinfo

from flowloom.ui.session import language, t

NARROW = "\u202f"
"""The narrow space, at which no line breaks, between a French number and its unit."""
MARKS = {"fr": (NARROW, ",")}
"""What parts thousands and what parts decimals, where that is not a comma and a point."""
MONTHS = {
    "en": "January February March April May June July August September October November December".split(),
    "fr": "janvier février mars avril mai juin juillet août septembre octobre novembre décembre".split(),
}
LEAST_COST = 0.0001
DAYS_COUNTED = 30
"""After so many days one says the date."""
COUNTED = {
    "word": ("{count} word", "{count} words"),
    "block": ("{count} block", "{count} blocks"),
    "page": ("{count} page", "{count} pages"),
    "document": ("{count} document", "{count} documents"),
    "passage": ("{count} passage", "{count} passages"),
    "source": ("{count} source", "{count} sources"),
    "problem": ("{count} problem", "{count} problems"),
    "call": ("{count} model call", "{count} model calls"),
    "host": ("{count} host", "{count} hosts"),
    "run": ("{count} run", "{count} runs"),
    "GPT": ("{count} GPT", "{count} GPTs"),
}


def lines_of(text: str) -> list[str]:
    """What stands in the lines of a field, without empty ones."""
    return [line.strip() for line in text.splitlines() if line.strip()]


def number(value: float, places: int | None = None) -> str:
    """A number with its thousands apart, and with `places` decimals; without `places`, with those it has."""
    written = f"{value:,.{places}f}" if places is not None else f"{value:,}".removesuffix(".0")
    thousands, point = MARKS.get(language(), (",", "."))
    return written.translate({ord(","): thousands, ord("."): point})


def money(dollars: float) -> str:
    """An amount in US dollars, down to a hundredth of a cent."""
    written = number(max(dollars, LEAST_COST), 2 if dollars >= 1 else 4) if dollars else "0"
    written = {"fr": f"{written}{NARROW}$US", "zh": f"US${written}"}.get(language(), f"${written}")
    return f"< {written}" if 0 < dollars < LEAST_COST else written


def seconds(count: float, places: int = 1) -> str:
    return t("{seconds} s", seconds=number(count, places))


def size_of(count: int) -> str:
    """The size of a file."""
    if count >= 1_048_576:
        return t("{count} MB", count=number(count / 1_048_576, 1))
    return t("{count} KB", count=number(max(1, round(count / 1024))))


def count_of(thing: str, count: int) -> str:
    """The number of things, in the singular for one; in French none is singular as well."""
    one, many = COUNTED[thing]
    single = count < 2 if language() == "fr" else count == 1
    return t(one if single else many, count=number(count))


def date_of(moment: float, zone: tzinfo | None = None) -> str:
    """The day, on the clock of a zone, or of this computer."""
    then = datetime.fromtimestamp(moment, zone)
    if language() == "zh":
        return f"{then.year}年{then.month}月{then.day}日"
    day = "1er" if then.day == 1 and language() == "fr" else str(then.day)
    return f"{day} {MONTHS[language()][then.month - 1]} {then.year}"


def moment_of(moment: float, zone: tzinfo | None = None) -> str:
    """The day and the minute, on the clock of a zone, or of this computer."""
    return f"{date_of(moment, zone)}, {datetime.fromtimestamp(moment, zone):%H:%M}"


def ago(moment: float) -> str:
    """How long ago, roughly, as one says it."""
    passed = max(0.0, time.time() - moment)
    if passed < 90:
        return t("just now")
    if passed < 5400:
        return t("{count} minutes ago", count=round(passed / 60))
    if passed < 129_600:
        return t("{count} hours ago", count=round(passed / 3600))
    if passed < DAYS_COUNTED * 86_400:
        return t("{count} days ago", count=round(passed / 86_400))
    return t("on {date}", date=date_of(moment))
