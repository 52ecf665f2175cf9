"""Things with a shape of their own in a text: numbers, sums, dates, addresses, names."""

import re
from functools import cache
from itertools import pairwise
from zoneinfo import available_timezones

from flowloom.services.models.practice_dates import without_dates
from flowloom.services.models.practice_numbers import find_words

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
# A time of day, and what stands in the place of something hidden.
TIME = re.compile(
    r"(?<![\d.,])\d{1,2}(?::\d{2})?\s?(?:[ap]\.?m\b\.?|o['’]clock|h(?:\d{2})?\b|heures?\b|点|时)"
    r"|(?<![\d.,])\d{1,2}:\d{2}\b",
    re.IGNORECASE,
)
MASK = re.compile(r"\[[^\[\]\n]{0,60}\]")
_CURRENCY = re.compile(
    r"[€$£¥]|(?<![^\W\d_])(?:euros?|eur|dollars?|usd|pounds?|gbp|livres?|francs?|chf|yuan|rmb)(?![^\W\d_])"
    r"|欧元|美元|英镑|日元|人民币|元|块",
    re.IGNORECASE,
)
MEASURE = re.compile(
    r"(?<![\d.,])\d++(?:[.,]\d++)?\s?+(?:[cmk]?m|km/h|inch(?:es)?|f(?:oo|ee)?t|pouces?|pieds?|miles?"
    r"|milles?|k?g|kilos?"
    r"|kilo(?:gram(?:me)?|met(?:er|re)|mètre)s?|(?:centi|milli)?(?:met(?:er|re)|mètre)s?|gram(?:me)?s?|oz|ounces?"
    r"|onces?|lbs?|pounds?|livres?|ml|l|(?:milli)?lit(?:er|re)s?|cups?|tasses?|gallons?|°?[CF]|degrees?|degrés?"
    r"|celsius|fahrenheit)(?![^\W_])|\d\s?+(?:毫米|厘米|公里|千米|米|英寸|英尺|英里|公斤|千克|克|盎司"
    r"|磅|毫升|升|杯|加仑|摄氏|华氏|度)",
    re.IGNORECASE,
)
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
# So many things at so much each: 12 boxes at 7.50.
_EACH = (
    re.compile(
        r"(?<![\d.,])(?P<count>\d{1,6})\s[^\W\d_]{2,20}\s(?:at|for"
        r"|à)\s[€$£]?\s?(?P<price>\d{1,6}(?:[.,]\d{1,2})?)(?![\d%:]|\s?(?:h\b|am|pm))"
    ),
    re.compile(
        r"(?:一"
        r"|每)[\u4e00-\u9fff]\s?(?P<price>\d{1,6}(?:\.\d{1,2})?)\s?[元块].{0,12}?(?P<count>\d{1,6})\s?[\u4e00-\u9fff]"
    ),
)
_FRACTIONS = tuple(
    (
        re.compile(
            rf"\b(?:{spaced})\s(?:of|de)\s[€$£]?(\d{{1,9}}(?:[.,]\d{{1,4}})?)|(\d{{1,9}}(?:\.\d{{1,4}})?)\s?的(?:{joined})",
            re.IGNORECASE,
        ),
        parts,
    )
    for spaced, joined, parts in (
        ("half|la moitié", "一半|二分之一", 2),
        ("an? third|one third|un tiers|le tiers", "三分之一", 3),
        ("an? quarter|one quarter|an? fourth|un quart|le quart", "四分之一", 4),
        ("an? fifth|one fifth|un cinquième", "五分之一", 5),
        ("an? tenth|one tenth|un dixième", "十分之一", 10),
    )
)
_PERCENT_WORD = re.compile(r"(?<=\d)\s*+(?:percent|per cent|pour ?cents?)\b", re.IGNORECASE)
_PERCENT = (
    re.compile(r"(?<!\d)(?<!\d[.,])(?P<whole>\d++(?:[.,]\d++)?)\s*+的\s*+(?P<share>\d++(?:[.,]\d++)?)\s*+%"),
    re.compile(
        r"(?<!\d)(?<!\d[.,])(?P<share>\d++(?:[.,]\d++)?)\s*+%\s*+(?:(?:of|de|von"
        r"|的)\s*+)?(?P<whole>\d++(?:[.,]\d++)?)"
    ),
)
_WORD = r"[A-ZÀ-Þ][\w'’-]+"
_NAMED = rf"({_WORD}(?:\s+{_WORD}){{0,3}})"
_SELF = (
    re.compile(
        r"(?:[Mm]y name is|I am|I'm|I’m|\b[Ii]m|[Tt]his is|[Ii]t['’]?s|[Jj]e m['’]appelle|[Jj]e suis"
        r"|[Cc]['’]est|[Ii]ci"
        rf"|[Cc]all me|[Nn]ame\s*[:=]|[Nn]om\s*[:=])\s+{_NAMED}"
    ),
    re.compile(
        r"(?:我叫|我是|我的名字是|姓名[:：是]|名字[:：是]|联系人[:：是]|预订人[:：是])\s*+([\u4e00-\u9fff]{2,4}?)"
        r"(?=[，,。.、；;\s!！的]|$)"
    ),
    re.compile(
        rf"(?:regards|cordialement|cheers|best|[Tt]hanks|[Mm]erci|bien à vous),?(?:[^\S\n]*+\n\s*+"
        rf"|[^\S\n]++){_NAMED}",
        re.I,
    ),
    re.compile(rf"(?:^|[.!?]\s){_NAMED}\shere\b"),
    # The last line or sentence is nothing but a name.
    re.compile(rf"(?:(?<=[.!?])\s++|(?<!\s)[^\S\n]*+\n\s*+)({_WORD}\s++{_WORD}(?:\s++{_WORD})?)\W{{0,3}}$"),
)
_TITLE = r"(?:(?:Mrs?|Ms|Miss|Dr|Prof|Mme|Mlle|M)\.?\s)?"
_MENTIONED = re.compile(rf"(?<![.!?]\s)(?<!^)(?<![\w'’-]){_TITLE}({_WORD}+\s++{_WORD}+)")
# Whoever says “I am Late” or “This is Important” gives no name.
_NO_NAME = frozenset("the a an not very so in at on late here sorry happy sure monday tuesday".split())
_PLACE = re.compile(r"\b(?:in|at|from|to|for|à|a|en|au|pour|de)\s+([A-ZÀ-Þ][\w'’-]+(?:[ -][A-ZÀ-Þ][\w'’-]+)*)")
_HOME = re.compile(
    r"\b(?:[Ll]iv(?:e|ing)\s(?:now\s)?in|[Bb]ased\s(?:now\s)?in|[Mm]oved\sto|[Ff]rom"
    r"|[Hh]abite(?:\smaintenant)?\s(?:à|a|au|en)"
    rf"|[Vv]is\s(?:à|au|en)|[Vv]iens\sde)\s({_WORD}(?:[ -]{_WORD})*)"
    r"|(?:住在|来自|搬到了?)(?!哪)([\u4e00-\u9fff]{2,4}?)(?=[，,。.、\s!！的了市]|$)"
)
_SENTENCE_END = re.compile(r"[.!?。！？](?:\s|$|(?<=[。！？]))")
_OR = re.compile(r"\bor\b|\bou\b|还是|或者?", re.IGNORECASE)
_BETWEEN = re.compile(r"(?:[,，、;/]|\b(?:or|ou|and|et)\b|还是|或者?)", re.IGNORECASE)
_LABEL = re.compile(r"^[^:：]{0,60}[:：]\s*+")
_ASKING = re.compile(
    r"(?:should|shall|what|which|do|can|could|is|pick|choose|que|quoi|dois|doit|on|faut|choisi\w*"
    r"|veux)\b|[^,，、]{3,}",
    re.IGNORECASE,
)
_PLACE_ZH = re.compile(
    r"(?:在|去|到)([\u4e00-\u9fff]{2,4}?)(?=的|今|明|天|市|，|。|$)|^([\u4e00-\u9fff]{2})(?=的?(?:今|明|天气))"
)


def find_numbers(text: str) -> list[tuple[int, float]]:
    """The numbers in a text with their places: 1,200 and 1 200 and 12,50 are read as people mean them, six as 6."""
    text = without_dates(text)
    for pattern in (URL, EMAIL, MASK, TIME, _LONG_NUMBER):
        text = pattern.sub(lambda match: " " * len(match[0]), text)
    found = [(match.start(), _number(match[0])) for match in NUMBER.finditer(text)]
    return sorted([*found, *((at, float(number)) for at, number in find_words(text))])


def find_money(text: str) -> list[tuple[int, float]]:
    """The numbers beside a currency."""
    begins = {at for match in _CURRENCY.finditer(text) for at in (match.start(), match.start() - 1)}
    ends = {at for match in _CURRENCY.finditer(text) for at in (match.end(), match.end() + 1)}
    found = NUMBER.finditer(without_dates(text))
    return [(match.start(), _number(match[0])) for match in found if match.end() in begins or match.start() in ends]


def _number(text: str) -> float:
    text = re.sub(r"[ \u202f]", "", text)
    if re.fullmatch(r"-?\d{1,3}(,\d{3})+(\.\d+)?", text):
        return float(text.replace(",", ""))
    return float(text.replace(",", "."))


def find_expression(text: str) -> str:
    """The sum in a text, in the signs calculators read; "" for none. 17 times 3 → 17 * 3."""
    for pattern, sign in _OPERATORS:
        text = pattern.sub(f" {sign} ", text)
    text = _PERCENT_WORD.sub("%", text)
    for pattern, parts in _FRACTIONS:
        if fraction := pattern.search(text):
            return f"{next(filter(None, fraction.groups()))} / {parts}".replace(",", ".")
    for pattern in _PERCENT:
        if percent := pattern.search(text):
            return f"{percent['share']} / 100 * {percent['whole']}".replace(",", ".")
    for pattern in _EACH:
        if each := pattern.search(text):
            return f"{each['count']} * {each['price']}".replace(",", ".")
    found = max(_EXPRESSION.findall(text), key=len, default="").strip().rstrip(".,")
    if not found or (without_dates(text) != text and re.fullmatch(r"[\d/.-]+", found)):
        return ""
    return _balanced(re.sub(r"(?<=\d),(?=\d{3}\b)", "", found).replace("^", "**"))


def _balanced(text: str) -> str:
    missing = text.count("(") - text.count(")")
    if missing > 0:
        return text + ")" * missing
    for _ in range(-missing):
        text = text[: text.rindex(")")] + text[text.rindex(")") + 1 :]
    return text


def find_person(text: str, mentioned: bool = True) -> str:
    """The name of a person who says it, or else, where that will do, one that is mentioned."""
    for pattern in (*_SELF, *((_MENTIONED,) if mentioned else ())):
        for match in pattern.finditer(text):
            if match[1].split()[0].lower() not in _NO_NAME:
                return str(match[1]).strip()
    return ""


def find_place(text: str) -> str:
    """The town or country a text speaks of, by the little word before it."""
    match = _PLACE.search(text) or _PLACE_ZH.search(text)
    return next((group for group in match.groups() if group), "") if match else ""


def find_home(text: str) -> str:
    """Where the person says that they live."""
    match = _HOME.search(text)
    return next((group for group in match.groups() if group), "") if match else ""


def find_zone(text: str) -> str:
    """The time zone a text names, by its own name or a city’s."""
    zones = _zones()
    words = [word for word in re.findall(r"[^\W\d_]+(?:[/_-][^\W\d_]+)*", text) if len(word) > 3]
    pairs = [f"{one}_{two}" for one, two in pairwise(words)]
    known = (zones.get(word.lower(), "") for word in (*pairs, *words))
    return next(filter(None, known), "")


@cache
def _zones() -> dict[str, str]:
    names = sorted(available_timezones())
    cities = {name.rpartition("/")[2].lower(): name for name in names if "/" in name and not name.startswith("Etc")}
    return cities | {name.lower(): name for name in names if "/" in name}


def find_choices(text: str) -> list[str]:
    """What there is to choose from: tea, coffee or water. A question around it is left out."""
    sentence = next((each for each in _SENTENCE_END.split(text) if _OR.search(each) or "、" in each), text)
    parts = [part.strip() for part in _BETWEEN.split(_LABEL.sub("", sentence)) if part.strip()]
    if len(parts) < 2:
        return []
    if not (_OR.search(sentence) and _ASKING.match(sentence.strip())):
        return parts
    width = max((len(part.split()) for part in parts[1:-1]), default=1)
    if "\u4e00" <= parts[0][-1] <= "\u9fff":
        return [parts[0][-max(map(len, parts[1:])) :], *parts[1:]]
    return [" ".join(parts[0].split()[-width:]), *parts[1:-1], " ".join(parts[-1].split()[:width])]


def content_of(text: str) -> str:
    """What stands between quotation marks, or behind a colon after a short request; else the whole text."""
    if quoted := QUOTED.search(text):
        return quoted[1]
    asked, colon, rest = text.partition("：" if "：" in text else ":")
    is_request = colon and rest.strip() and len(asked) <= 60 and not _SENTENCE_END.search(asked)
    return rest.strip() if is_request else text.strip()
