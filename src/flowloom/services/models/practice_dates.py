"""Days as people say them: 2027-03-05, 14 August, from 3 to 7 August, next Friday, tomorrow, 8月3日到7日.

A day without a year is the next one. dateparser (340 ms to import) takes “march on” and “room 12” for days and
loses the first day of a range, so these few patterns are our own.
"""

import re
from datetime import date, timedelta

from flowloom.services.models.practice_numbers import NUMBER_WORD, ZH_NUMBER, number_of
from flowloom.words import fold

_MONTHS = (
    ("january", "jan", "janvier", "janv"),
    ("february", "feb", "fevrier", "février", "fev"),
    ("march", "mar", "mars"),
    ("april", "apr", "avril", "avr"),
    ("may", "mai"),
    ("june", "jun", "juin"),
    ("july", "jul", "juillet", "juil"),
    ("august", "aug", "août", "aout"),
    ("september", "sep", "sept", "septembre"),
    ("october", "oct", "octobre"),
    ("november", "nov", "novembre"),
    ("december", "dec", "décembre", "decembre"),
)
_MONTH = {name: number for number, names in enumerate(_MONTHS, 1) for name in names}
_NAMES = "|".join(sorted(_MONTH, key=len, reverse=True))
_TH = r"(?:st|nd|rd|th|er|ère)?"
_DAY = rf"(?<![\d.,:/-])(?P<d>\d{{1,2}}){_TH}"
_TO = r"\s*+(?:-|–|—|~|to\b|until\b|till\b|through\b|and\b|au\b|et\b|jusqu['’]au\b)\s*+(?:the\s|le\s)?"
_YEAR = r"(?:,?\s(?P<y>\d{4})(?!\d))?"
PATTERNS = (
    re.compile(r"(?<!\d)(?P<y>\d{4})[-/.](?P<m>\d{1,2})[-/.](?P<d>\d{1,2})(?!\d)"),
    re.compile(r"(?<!\d)(?P<d>\d{1,2})[/.](?P<m>\d{1,2})[/.](?P<y>\d{4})(?!\d)"),
    re.compile(
        r"(?:(?P<y>\d{4})\s?年\s?)?(?<!\d)(?P<m>\d{1,2})\s?月\s?(?P<d>\d{1,2})(?:\s?[日号])?"
        r"(?:\s?(?:休|请)?(?:到|至|-|–|~)\s?(?P<e>\d{1,2})\s?[日号])?"
    ),
    re.compile(rf"{_DAY}{_TO}(?P<e>\d{{1,2}}){_TH}\s(?:of\s)?(?P<m>{_NAMES})\b\.?{_YEAR}", re.IGNORECASE),
    re.compile(rf"{_DAY}\s{{1,3}}(?:of\s)?(?P<m>{_NAMES})\b\.?{_YEAR}", re.IGNORECASE),
    re.compile(
        rf"\b(?P<m>{_NAMES})\b\.?\s{{1,3}}(?P<d>\d{{1,2}}){_TH}(?![\d%])(?:{_TO}(?P<e>\d{{1,2}}){_TH}(?![\w%]))?"
        rf"(?!\s(?:times|percent)){_YEAR}",
        re.IGNORECASE,
    ),
)
_WEEKDAYS = {
    name: number
    for number, names in enumerate(
        (
            "monday lundi 周一 星期一 礼拜一",
            "tuesday mardi 周二 星期二 礼拜二",
            "wednesday mercredi 周三 星期三 礼拜三",
            "thursday jeudi 周四 星期四 礼拜四",
            "friday vendredi 周五 星期五 礼拜五",
            "saturday samedi 周六 星期六 礼拜六",
            "sunday dimanche 周日 星期日 星期天 周天 礼拜天",
        )
    )
    for name in names.split()
}
_WEEKDAY = re.compile(
    r"\b(?P<spaced>monday|tuesday|wednesday|thursday|friday|saturday|sunday|lundi|mardi|mercredi|jeudi|vendredi"
    r"|samedi|dimanche)\b|(?P<next>下)?(?P<joined>(?:周|星期|礼拜)[一二三四五六日天])",
    re.IGNORECASE,
)
_NEAR = (
    (2, re.compile(r"\bday after tomorrow\b|\baprès-demain\b|后天", re.IGNORECASE)),
    (1, re.compile(r"(?<!day after )\btomorrow\b|(?<!après-)\bdemain\b|明天|明晚|明早", re.IGNORECASE)),
    (0, re.compile(r"\btoday\b|\btonight\b|\baujourd['’]hui\b|\bce soir\b|今天|今晚", re.IGNORECASE)),
)
_AFTER = re.compile(
    rf"\b(?:in|dans)\s(?P<spaced>\d{{1,3}}|{NUMBER_WORD})\s(?P<unit>days?|weeks?|jours?|semaines?)\b"
    rf"|(?P<joined>\d{{1,3}}|{ZH_NUMBER})\s?(?:个)?(?P<unit_zh>天|周|星期)(?:以?后|之后)",
    re.IGNORECASE,
)
# Words in their own right unless they are written as a month's name.
_DOUBTFUL = frozenset(("may", "march", "mar", "dec", "sep"))


def find_dates(text: str, today: date | None = None) -> list[str]:
    """The days in a text as 2025-03-31, in reading order. A day comes before its month; `today` is for tests."""
    today = today or date.today()
    found: list[tuple[int, date]] = []
    left = text
    for pattern in PATTERNS:
        for match in pattern.finditer(left):
            found += _days(match, today)
        left = pattern.sub(_blank, left)
    found += [(match.start(), today + timedelta(days)) for days, near in _NEAR for match in near.finditer(left)]
    found += [(match.start(), _after(match, today)) for match in _AFTER.finditer(left)]
    # The weekday beside a date only says it again: Saturday 6 March.
    known = [at for at, _ in found]
    weekdays = (match for match in _WEEKDAY.finditer(left) if not _beside(match, known))
    found += [(match.start(), _weekday(match, today)) for match in weekdays]
    return [day.isoformat() for _, day in sorted(set(found))]


def without_dates(text: str) -> str:
    """The text with spaces in the place of its days, so that no number of theirs is taken for another."""
    for pattern in PATTERNS:
        text = pattern.sub(_blank, text)
    return text


def _blank(match: re.Match[str]) -> str:
    return " " * len(match[0])


def _beside(match: re.Match[str], places: list[int]) -> bool:
    return any(-16 <= match.start() - at <= 16 for at in places)


def _days(match: re.Match[str], today: date) -> list[tuple[int, date]]:
    """The day of a match, and the last one where it is a range."""
    parts = match.groupdict()
    named = parts["m"]
    if named in _DOUBTFUL and not named[0].isupper():
        return []
    month = int(named) if named.isdigit() else _MONTH[named.lower()]
    ends = [int(parts["d"])] + ([int(parts["e"])] if parts.get("e") else [])
    if month > 12 >= ends[0]:  # an American date after all
        month, ends[0] = ends[0], month
    try:
        year = int(parts["y"]) if parts["y"] else _year(month, ends[0], today)
        return [(match.start() + at, date(year, month, day)) for at, day in enumerate(ends)]
    except ValueError:
        return []


def _year(month: int, day: int, today: date) -> int:
    """That of the next such day."""
    return (
        today.year
        if date(today.year, month, min(day, 28)) >= today.replace(day=min(today.day, 28))
        else (today.year + 1)
    )


def _after(match: re.Match[str], today: date) -> date:
    count = number_of(match["spaced"] or match["joined"]) or 0
    unit = fold(match["unit"] or match["unit_zh"])
    return today + timedelta(count * (1 if unit[0] in "dj天" else 7))


def _weekday(match: re.Match[str], today: date) -> date:
    """The next such day; in Chinese “next” is the week after this one."""
    wanted = _WEEKDAYS[(match["spaced"] or match["joined"]).lower()]
    if match["next"]:
        return today + timedelta(7 - today.weekday() + wanted)
    return today + timedelta((wanted - today.weekday() - 1) % 7 + 1)
