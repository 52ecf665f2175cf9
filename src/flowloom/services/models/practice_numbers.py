"""Numbers that are written as words, in English, French and Chinese, up to a hundred."""

import re
from itertools import product

from flowloom.words import fold

_EN = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
    "seventeen eighteen nineteen"
).split()
_EN_TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()
_FR = (
    "zero un deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze seize dix-sept "
    "dix-huit dix-neuf"
).split()
_FR_TENS = "vingt trente quarante cinquante soixante".split()
_ZH = {character: number for number, character in enumerate("零一二三四五六七八九")} | {"两": 2}


def _english() -> dict[str, int]:
    found = {word: number for number, word in enumerate(_EN)}
    for (at, tens), (one, unit) in product(enumerate(_EN_TENS, 2), enumerate(["", *_EN[1:10]])):
        found[f"{tens}-{unit}" if unit else tens] = at * 10 + one
    return found


def _french() -> dict[str, int]:
    found = {word: number for number, word in enumerate(_FR)}
    for (at, tens), (one, unit) in product(enumerate(_FR_TENS, 2), enumerate(["", *_FR[1:10]])):
        found[f"{tens}{'-et' if one == 1 else ''}-{unit}" if unit else tens] = at * 10 + one
    return found


WORDS = _english() | _french()
"""By the word as it is folded; parts are joined by hyphens."""
# “One”, “un” and “une” are hardly ever meant as numbers.
_SAID = sorted((word for word, number in WORDS.items() if number != 1), key=len, reverse=True)
NUMBER_WORD = r"(?<![\w-])(?:" + "|".join(word.replace("-", "[- ]") for word in _SAID) + r")(?![\w-])"
ZH_NUMBER = r"[零一二两三四五六七八九]?十[一二三四五六七八九]?|[零一二两三四五六七八九]"
_WORD = re.compile(NUMBER_WORD, re.IGNORECASE)
_AGED = re.compile(r"(?<![\w-])([a-z]+)(?=-years?-old\b)", re.IGNORECASE)
_COUNTED = re.compile(
    rf"(?<![周期第零一二两三四五六七八九十])({ZH_NUMBER})(?=\s?(?:个?人"
    rf"|[个位名岁天件张口杯桌元块升米度斤箱]|欧元|美元|英镑|公[里斤]|英里))"
)


def number_of(text: str) -> int | None:
    """The number that a text is, in digits or words; None where it is none."""
    said = fold(text).strip(" .!。！")
    if said.isascii() and said.isdigit() and len(said) < 10:
        return int(said)
    if said in WORDS or said.replace(" ", "-") in WORDS:
        return WORDS.get(said, WORDS.get(said.replace(" ", "-"), 0))
    return _chinese(said)


def _chinese(said: str) -> int | None:
    tens, ten, ones = said.partition("十")
    if not said or len(said) > 3 or not set(tens + ones) <= set(_ZH) or len(tens) > 1 or len(ones) > 1:
        return None
    return _ZH.get(tens, 1) * 10 + _ZH.get(ones, 0) if ten else _ZH.get(said)


def find_words(text: str) -> list[tuple[int, int]]:
    """The numbers that are words, each with its place: a table for six, 六人桌."""
    found = [(match.start(), number_of(match[0])) for match in _WORD.finditer(fold_letters(text))]
    found += [(match.start(), number_of(match[1])) for match in _AGED.finditer(text)]
    # 一个 is “a”.
    found += [(match.start(), number_of(match[1])) for match in _COUNTED.finditer(text) if match[1] != "一"]
    return sorted({(at, number) for at, number in found if number is not None})


def fold_letters(text: str) -> str:
    """The text without accents, letter for letter, so that places stay where they are."""
    return "".join(folded if len(folded := fold(letter)) == 1 else letter for letter in text)
