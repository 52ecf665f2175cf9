"""Texts as words, for matching by words: stems where spaces part words, runs of letters where none do."""

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from flowloom.writing_systems import RUN, is_chinese, is_grammed, is_han, semitic_stem
from flowloom.writing_systems import fold as fold
from flowloom.writing_systems import grams as grams_of

# Characters that only tie Chinese words together; without them a run falls into its words more often.
_ZH_GLUE = re.compile(
    "[的了吗呢吧啊们是我你您他她它在和与就也都很把被让给请么这那]|如何|怎样|可以|需要|应该|一下|多久"
)

STOP_WORDS = {
    "en": """a about all also am an and any are as at be been but by can could did do does for from get
    had has have having how i if in into is it its just may me might must my no not of on one or
    our out please shall should so some such tell than that the their them then there these they
    this those to up us was we were what when where which who whom whose why will with would you
    your""",
    "fr": """a ai as au aux avec avez avoir avons c ce ces cet cette combien comment d dans de des dois
    doit donc du elle elles en es est et etes etre eu fait faire faut heure il ils j je l la le les
    leur leurs lui m ma mais me mes moi mon n ne nos notre nous on ont ou par pas peut peux plus
    plait pour pourquoi puis qu quand que quel quelle quelles quels qui s sa sans se ses si son
    sont sur svp t ta te tes toi ton tous tout toute toutes tu un une vos votre vous y""",
}
_TELLING = 100_000
"""Characters by which a language is told."""
_STOP = {language: frozenset(words.split()) for language, words in STOP_WORDS.items()}
_ALL_STOP = _STOP["en"] | _STOP["fr"]
_FR_LETTERS = re.compile("[éèêàçùûôîïœ]|\\b(?:qu|j|l|d|c|n|s|m)['’]", re.IGNORECASE)
_ENDINGS = (
    "issements issement ements ement ations ation itions ition ments ment ances ance ences ence "
    "ables able ibles ible ingly ings ing ities ity ives ive ions ion ees ees ers er ies ied eurs "
    "eur euses euse ees ee es ed ly ez ons ent e s "
).split()


@lru_cache(maxsize=50_000)
def stem(word: str) -> str:
    """A word without its ending, roughly and alike in English and French: refunded, refunds → refund."""
    if not word.isascii():
        word = semitic_stem(word)
    for ending in _ENDINGS:
        rest = word[: -len(ending)]
        if word.endswith(ending) and len(rest) >= 4 - (ending in ("s", "e")):
            if ending in ("ies", "ied"):
                return rest + "i"
            word = rest
            break
    if len(word) > 3 and word[-1] == word[-2] and word[-1] in "bdfgmnprt":
        word = word[:-1]  # planned → plann → plan
    return word[:-1] + "i" if len(word) > 3 and word.endswith("y") else word


def raw_words(text: str) -> list[str]:
    """The words of a text, folded; each run of a script without spaces is one word."""
    return RUN.findall(fold(text))


def terms(text: str) -> list[str]:
    """What a text is matched by: stems without the little words, runs of letters where no spaces part words."""
    found: list[str] = []
    for word in raw_words(text):
        if not is_grammed(word):
            if word not in _ALL_STOP:
                found.append(stem(word))
        elif is_han(word):
            for run in _ZH_GLUE.split(word):
                found += [run[at : at + 2] for at in range(max(1, len(run) - 1))] if run else []
        else:
            found += [gram for gram, _, _ in grams_of(word)]
    return found


class Placed(NamedTuple):
    """A term and where it stands in the text."""

    term: str
    start: int
    end: int


def placed_terms(text: str) -> list[Placed]:
    """As `terms`, with their places; a Chinese character that stands alone says too little and is left out."""
    found: list[Placed] = []
    for run in RUN.finditer(text):
        if not is_grammed(run[0]):
            if (word := fold(run[0])) and word not in _ALL_STOP:
                found.append(Placed(stem(word), *run.span()))
        elif is_han(run[0]):
            found += _pairs(run[0], run.start())
        else:
            found += [Placed(gram, run.start() + at, run.start() + end) for gram, at, end in grams_of(run[0])]
    return found


def _pairs(run: str, start: int) -> Iterator[Placed]:
    glue = [found.span() for found in _ZH_GLUE.finditer(run)]
    begins, ends = [0, *(end for _, end in glue)], [*(begin for begin, _ in glue), len(run)]
    for begin, end in zip(begins, ends, strict=True):
        for at in range(begin, end - 1):
            yield Placed(fold(run[at : at + 2]), start + at, start + at + 2)


def grams(word: str, size: int = 3) -> set[str]:
    """The runs of letters in a word, by which misspelt words are recognised."""
    edged = f"^{word}$"
    return {edged[at : at + size] for at in range(max(1, len(edged) - size + 1))}


def likeness(one: str, other: str) -> float:
    """How alike two words are, from 0 to 1, by the runs of letters they share."""
    if one == other:
        return 1.0
    if is_grammed(one) or is_grammed(other) or min(len(one), len(other)) < 4:
        return 0.0
    left, right = grams(one), grams(other)
    return 2 * len(left & right) / (len(left) + len(right))


def language_of(text: str, otherwise: str = "en") -> str:
    """The language of a text among those of the app: en, fr or zh. The beginning of a long one tells it."""
    text = text[:_TELLING]
    if is_chinese(text):
        return "zh"
    words = raw_words(text)
    votes = {language: sum(word in stop for word in words) for language, stop in _STOP.items()}
    french = votes["fr"] + 2 * len(_FR_LETTERS.findall(text))
    if french == votes["en"]:
        return otherwise
    return "fr" if french > votes["en"] else "en"


def sentences(text: str) -> list[str]:
    """The sentences of a text, without its headings and list marks."""
    found: list[str] = []
    text = re.sub(r"(?m)^#{1,6}\s.*$", "\n", text)
    for block in re.split(r"\n\s*\n|\n(?=\s*(?:[-*•#|>]|\d+[.)])\s)", text):
        line = re.sub(r"^\s*(?:[#>]+|[-*•]|\d+[.)])\s+", "", " ".join(block.split()))
        pieces = re.split(r"(?<=[.!?…])[\"”»)]?\s+(?=[^a-z\s])|(?<=[。！？；।॥။។])|(?<=[؟۔])\s*", line)
        found += [piece.strip() for piece in pieces if piece and piece.strip()]
    return found
