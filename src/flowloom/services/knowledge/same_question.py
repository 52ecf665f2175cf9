"""Whether two messages ask the same: their figures, names, days and denials agree, then their words or meaning."""

import re
from collections.abc import Callable, Sequence
from typing import NamedTuple

from flowloom.services.models.practice_numbers import find_words
from flowloom.words import fold, language_of, likeness, raw_words, terms

Nearness = Callable[[str, Sequence[str]], Sequence[float]]
"""How near each of some texts is to a first one in meaning; none where nothing is known."""

LONGEST = 1_000
"""Characters of a message that can be one of the questions."""
# Chosen with one half of `benchmarks/saved_questions.toml`; `python -m benchmarks.saved_answers` shows the other.
NEAR = 0.80
"""How near in meaning a question has to be that only adds or leaves out words."""
SWAPPED = 0.90
"""The same where one word stands in the place of another, which may be another thing."""
OVERLAP = 0.8
"""The share of words both have, where meaning is not known."""

_FIGURE = re.compile(r"\d+(?:[.,:]\d+)*")
_NOT = re.compile(
    r"\b(?:not|no|never|without|cannot|none|neither|nor|ne|n|pas|jamais|aucune?|sans|ni|non)\b|n['’]t\b|不|没|無|无|未|别",
)
_WHY = re.compile(r"\b(?:why|pourquoi)\b|为什么|为何|怎么会")
_DAYS = (
    "monday mondays lundi lundis 星期一 周一 礼拜一",
    "tuesday tuesdays mardi mardis 星期二 周二 礼拜二",
    "wednesday wednesdays mercredi mercredis 星期三 周三 礼拜三",
    "thursday thursdays jeudi jeudis 星期四 周四 礼拜四",
    "friday fridays vendredi vendredis 星期五 周五 礼拜五",
    "saturday saturdays samedi samedis 星期六 周六 礼拜六",
    "sunday sundays dimanche dimanches 星期天 星期日 周日 周天 礼拜天",
    "today aujourd 今天",
    "tomorrow demain 明天",
    "yesterday hier 昨天",
    "weekend weekends 周末",
    "january janvier 一月",
    "february fevrier 二月",
    "april avril 四月",
    "june juin 六月",
    "july juillet 七月",
    "august aout 八月",
    "september septembre 九月",
    "october octobre 十月",
    "november novembre 十一月",
    "december decembre 十二月",
    "week weekly semaine semaines 每周",
    "month monthly mois mensuel 每月 个月",
    "year yearly annual annee ans annuel 每年",
)
_DAY_OF = {word: str(number) for number, words in enumerate(_DAYS) for word in words.split()}
_NAME = re.compile(r"(?<=\S\s)(?<![.!?:]\s)[A-ZÀ-Þ][\w’-]*")
_CODE = re.compile(r"\b(?:[A-Z]{2,}|(?=\w*\d)(?=\w*[A-Za-z])\w+)\b")


class Facts(NamedTuple):
    """What has to be the same in two questions, however they are put."""

    figures: frozenset[str]
    days: frozenset[str]
    denies: bool
    asks_why: bool


def facts_of(text: str) -> Facts:
    """The figures, days and denials of a question."""
    folded = fold(text)
    figures = {found.replace(",", ".") for found in _FIGURE.findall(folded)}
    figures |= {str(number) for _, number in find_words(text)}
    latin = set(re.findall(r"[a-z]+", folded))
    days = {day for word, day in _DAY_OF.items() if (word in latin if word.isascii() else word in folded)}
    return Facts(frozenset(figures), frozenset(days), bool(_NOT.search(folded)), bool(_WHY.search(folded)))


def names_of(text: str) -> frozenset[str]:
    """What is written like a name or a code within a sentence."""
    return frozenset(fold(found) for found in (*_NAME.findall(text), *_CODE.findall(text))) - _DAY_OF.keys()


def find_same(message: str, questions: Sequence[str], nearness: Nearness | None) -> int | None:
    """Which question a message asks; the last of those that are alike. None where it asks something else.

    The encoder is only asked where some question has the same facts and is not the same word for word.
    """
    said = raw_words(message) if len(message) <= LONGEST else []
    if not said:
        return None
    for number in reversed(range(len(questions))):
        if raw_words(questions[number]) == said:
            return number
    facts = facts_of(message)
    open_ = [number for number, question in enumerate(questions) if facts_of(question) == facts]
    open_ = [number for number in open_ if _names_agree(message, questions[number])]
    if not open_:
        return None
    near = nearness(message, [questions[number] for number in open_]) if nearness else []
    scores = list(near) or [None] * len(open_)
    fits = [
        (score if score is not None else 0.0, number)
        for score, number in zip(scores, open_, strict=True)
        if _is_same(message, questions[number], score)
    ]
    return max(fits)[1] if fits else None


def _names_agree(message: str, question: str) -> bool:
    """Whether each name in one is a word of the other, however it is written there."""
    if language_of(message) != language_of(question):
        return names_of(message) == names_of(question)
    return names_of(message) <= set(raw_words(question)) and names_of(question) <= set(raw_words(message))


def _is_same(message: str, question: str, near: float | None) -> bool:
    one, other = set(terms(message)), set(terms(question))
    shared = len(one & other) / max(1, len(one | other))
    if near is None:
        return bool(one & other) and shared >= OVERLAP
    swapped = _rest(one, other) and _rest(other, one)
    return near >= (SWAPPED if swapped else NEAR)


def _rest(one: set[str], other: set[str]) -> set[str]:
    """The words only one of them has, misspelt ones left out."""
    return {word for word in one - other if not any(likeness(word, each) >= 0.6 for each in other)}
