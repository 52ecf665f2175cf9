"""Things with a shape of their own in a text: numbers, sums, dates, addresses, names."""

import re
from datetime import date

EMAIL = re.compile(r"(?<![\w.+-])[\w.+-]++@[\w-]++(?:\.[\w-]+)++")
URL = re.compile(r"https?://[^\s<>\"'，。）)]+")
PHONE = re.compile(r"(?<![\w.])\+?\(?\d[\d\s().-]{6,17}\d(?![\w])")
NUMBER = re.compile(
    r"(?<![\d.,])-?\d{1,3}(?:[ \u202f]\d{3})+(?:[.,]\d+)?(?!\d)"  # 1 200,50
    r"|(?<![\d.,])-?\d{1,3}(?:,\d{3})+(?:\.\d+)?(?!\d)"  # 1,200.50
    r"|(?<![A-Za-z\d.,])-?\d+(?:[.,]\d+)?(?!\d)"
)
# Phone numbers, mostly, which nobody adds up.
_LONG_NUMBER = re.compile(r"\+\d[\d\s().-]{6,17}\d|(?<!\d)\d{9,}(?!\d)|(?<!\d)0\d[\d\s.-]{7,}\d")
QUOTED = re.compile(r"[\"“«「『]\s*+((?:[^\"“”«»「」『』\s]++|\s++(?![\"”»」』]))++)\s*[\"”»」』]")
_EXPRESSION = re.compile(
    r"(?<!\d)(?<!\d[.,])(?<![(\-])[(\-]*+\d++(?:[.,]\d++)*+[.,]?"
    r"(?:\s*+(?:\*\*|[-+*/^%])\s*+[(\-]*+\s*+\d++(?:[.,]\d++)*+[.,]?\)*+)++"
)
_OPERATOR_WORDS = (
    (r"multiplied by|times|fois|multiplié par|乘以|乘|×|(?<=\d)\s*[xX]\s*(?=\d)", "*"),
    (r"divided by|divisé par|除以|÷", "/"),
    (r"to the power of|puissance|的次方", "**"),
    (r"\bplus\b|加上|加", "+"),
    (r"\bminus\b|\bmoins\b|减去|减|−", "-"),
)
# Only what stands between numbers is an operator: “plus” and 加 are words, too.
_OPERATORS = tuple(
    (re.compile(rf"(?<=[\d)])\s*+(?:{words})\s*+(?=[(\d-])", re.IGNORECASE), sign)
    for words, sign in _OPERATOR_WORDS
)
_PERCENT = (
    re.compile(r"(?<!\d)(?<!\d[.,])(?P<whole>\d++(?:[.,]\d++)?)\s*+的\s*+(?P<share>\d++(?:[.,]\d++)?)\s*+%"),
    re.compile(
        r"(?<!\d)(?<!\d[.,])(?P<share>\d++(?:[.,]\d++)?)\s*+%\s*+(?:(?:of|de|von|的)\s*+)?(?P<whole>\d++(?:[.,]\d++)?)"
    ),
)
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
_DATES = (
    (re.compile(r"(?<!\d)(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?!\d)"), "ymd"),
    (re.compile(r"(\d{4})\s*年\s*(\d{1,2})\s*月\s*(\d{1,2})\s*[日号]"), "ymd"),
    (re.compile(r"(?<!\d)(\d{1,2})[/.](\d{1,2})[/.](\d{4})(?!\d)"), "dmy"),
    (
        re.compile(rf"(?<!\d)(\d{{1,2}})(?:st|nd|rd|th|er)?\s++(?:of\s++)?({_NAMES})\.?,?\s++(\d{{4}})", re.I),
        "dmy",
    ),
    (re.compile(rf"\b(?=\w{{3}})({_NAMES})\.?\s++(\d{{1,2}})(?:st|nd|rd|th)?,?\s++(\d{{4}})", re.I), "mdy"),
)
_WORD = r"[A-ZÀ-Þ][\w'’-]+"
_PERSON = (
    re.compile(
        r"(?:[Mm]y name is|I am|I'm|I’m|[Tt]his is|[Jj]e m['’]appelle|[Jj]e suis|[Nn]ame\s*[:=])"
        rf"\s+({_WORD}(?:\s+{_WORD}){{0,3}})"
    ),
    re.compile(r"(?:我叫|我是|姓名[:：]|名字是)\s*+([\u4e00-\u9fff]{2,4}?)(?=[，,。.\s!！的]|$)"),
    re.compile(
        rf"(?:regards|cordialement|cheers|[Tt]hanks|[Mm]erci),?[^\S\n]*+\n\s*+({_WORD}(?:\s+{_WORD}){{0,3}})", re.I
    ),
    re.compile(rf"(?<![.!?]\s)(?<!^)(?<![\w'’-])({_WORD}+\s++{_WORD}+)"),
)
_PLACE = re.compile(r"\b(?:in|at|from|to|for|à|a|en|au|pour|de)\s+([A-ZÀ-Þ][\w'’-]+(?:[ -][A-ZÀ-Þ][\w'’-]+)*)")
_PLACE_ZH = re.compile(
    r"(?:在|去|到)([\u4e00-\u9fff]{2,4}?)(?=的|今|明|天|市|，|。|$)|^([\u4e00-\u9fff]{2})(?=的?(?:今|明|天气))"
)


def find_dates(text: str) -> list[str]:
    """The dates in a text as 2025-03-31, in reading order. A day comes before its month."""
    found: list[tuple[int, str]] = []
    for pattern, order in _DATES:
        for match in pattern.finditer(text):
            parts = dict(zip(order, match.groups(), strict=True))
            month = (
                _MONTH.get(parts["m"].lower()) or int(parts["m"]) if not parts["m"].isdigit() else int(parts["m"])
            )
            day = int(parts["d"])
            if month > 12 >= day:  # an American date after all
                month, day = day, month
            try:
                found.append((match.start(), date(int(parts["y"]), month, day).isoformat()))
            except ValueError:
                continue
    return [day for _, day in sorted(set(found))]


def find_numbers(text: str) -> list[tuple[int, float]]:
    """The numbers in a text with their places: 1,200 and 1 200 and 12,50 are read as people mean them."""
    for pattern in (URL, EMAIL, _LONG_NUMBER, *(pattern for pattern, _ in _DATES)):
        text = pattern.sub(lambda match: " " * len(match[0]), text)
    return [(match.start(), _number(match[0])) for match in NUMBER.finditer(text)]


def _number(text: str) -> float:
    text = re.sub(r"[ \u202f]", "", text)
    if re.fullmatch(r"-?\d{1,3}(,\d{3})+(\.\d+)?", text):
        return float(text.replace(",", ""))
    return float(text.replace(",", "."))


def find_expression(text: str) -> str:
    """The sum in a text, in the signs calculators read; "" for none. 17 times 3 → 17 * 3."""
    for pattern, sign in _OPERATORS:
        text = pattern.sub(f" {sign} ", text)
    for pattern in _PERCENT:
        if percent := pattern.search(text):
            return f"{percent['share']} / 100 * {percent['whole']}".replace(",", ".")
    found = max(_EXPRESSION.findall(text), key=len, default="").strip().rstrip(".,")
    if not found or (find_dates(text) and re.fullmatch(r"[\d/.-]+", found)):
        return ""
    return _balanced(re.sub(r"(?<=\d),(?=\d{3}\b)", "", found).replace("^", "**"))


def _balanced(text: str) -> str:
    missing = text.count("(") - text.count(")")
    if missing > 0:
        return text + ")" * missing
    for _ in range(-missing):
        text = text[: text.rindex(")")] + text[text.rindex(")") + 1 :]
    return text


def find_person(text: str) -> str:
    """The name of a person who says it, or else one that is mentioned."""
    for pattern in _PERSON:
        if match := pattern.search(text):
            return match[1].strip()
    return ""


def find_place(text: str) -> str:
    """The town or country a text speaks of, by the little word before it."""
    match = _PLACE.search(text) or _PLACE_ZH.search(text)
    return next((group for group in match.groups() if group), "") if match else ""
