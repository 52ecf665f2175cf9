"""How old somebody is, as people say it: I am 11, eleven, my son is 7, 12 ans, 我十一岁."""

import re

from flowloom.services.models.practice_numbers import NUMBER_WORD, ZH_NUMBER, fold_letters, number_of

LONGEST = 2_000
"""Characters in which an age is looked for: people begin with it."""
_OLDEST = 120
_NUMBER = rf"(?P<age>\d{{1,3}}|{NUMBER_WORD})"
_END = (
    r"(?=\s*(?:$|[.,;!?:)\n]|(?:and|et|but|mais|now|here|maintenant|so|last|next|yesterday|today|soon|hier"
    r"|bientot|la)\b))"
)
_PATTERNS = (
    re.compile(r"(?<![\w-])(?P<age>\d{1,3}|[a-z]{3,9})-years?-old\b", re.IGNORECASE),
    re.compile(rf"{_NUMBER}[\s-]{{0,2}}(?:years?|yrs?)(?:[\s-]old\b|{_END})", re.IGNORECASE),
    re.compile(rf"{_NUMBER}\s?ans\b(?!['’])", re.IGNORECASE),
    re.compile(rf"(?P<age>\d{{1,3}}|{ZH_NUMBER})\s?岁"),
    re.compile(
        r"\b(?:i\sam|i['’]?m|(?:he|she)(?:\sis|['’]s)|(?:my|our)\s(?:\w+\s)?(?:is|turns|just\sturned)"
        r"|(?:i|he|she)\s(?:just\s)?turned|we(?:['’]re|\sare)(?:\sboth)?|aged?|age\sis"
        rf"|j['’]ai|age(?:\sde)?\s?:?)\s(?:now\s|only\s|just\s|almost\s|about\s|already\s)?{_NUMBER}{_END}",
        re.IGNORECASE,
    ),
    re.compile(rf"(?:^|[.!?]\s){_NUMBER}\shere\b", re.IGNORECASE),
)
# Wars and the like bear years in their names.
_NAMED = re.compile(
    r"\b(?:Thirty|Seven|Hundred|Cent|Trente|Sept)\s(?:Years|Ans)\b|(?:Guerre|guerre)\sde\s\w+\s[Aa]ns"
)
_FILLER = re.compile(
    r"(?<!\w)(?:it['’]?s|i\sthink|i\ssaid|just|well|ok|oh|hi|sorry|um+|euh|c['’]est|j['’]ai|alors|moi"
    r"|years?|old|ans"
    r"|et\sdemi|and\sa\shalf|about|almost|nearly|soon|bientot)(?!\w)|[今年我是了岁快已经]",
    re.IGNORECASE,
)
_ALMOST = re.compile(r",\s?(?:almost|nearly|soon|bientot|presque)\b", re.IGNORECASE)
_ASKED = re.compile(r"how old|your age|quel âge|ton âge|votre âge|几岁|多大|年龄", re.IGNORECASE)


def find_age(text: str, asked: str | None = None) -> int | None:
    """The age a text tells, None where it tells none.

    A bare number is one, unless something else was asked: `asked` is what was said before, None for nothing.
    """
    plain = fold_letters(_NAMED.sub(" ", text[:LONGEST]))
    for pattern in _PATTERNS:
        for match in pattern.finditer(plain):
            age = number_of(match["age"])
            if age is not None and 2 < age <= _OLDEST:
                return age
    if asked is None or _ASKED.search(asked):
        return _bare(plain)
    return None


def _bare(text: str) -> int | None:
    if len(text) > 60:
        return None
    # 15, almost 16
    first = text.partition(",")[0] if _ALMOST.search(text) else text
    age = number_of(" ".join(_FILLER.sub(" ", first).strip(" .,!?。，！").split()))
    return age if age is not None and 2 < age <= _OLDEST else None
