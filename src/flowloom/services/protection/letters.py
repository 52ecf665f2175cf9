"""A text as it is compared: without case, accents, spaces and punctuation, each letter with its place."""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

LETTERS_A_WORD = 5
"""How many letters make a word where they stand for sounds."""
SIGNS_A_WORD = 2
"""How many characters make a word in Chinese, Japanese and Korean."""
_SIGNS = re.compile("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff]")
_NO_LETTER = re.compile(r"[\W_]+")
_NO_WORD_LETTER = re.compile(r"[\W\d_]+")

Fold = Callable[[str], str]


def fold(text: str) -> str:
    """Letters and digits alone, in one spelling."""
    return _NO_LETTER.sub("", unicodedata.normalize("NFKD", text).casefold())


def fold_without_digits(text: str) -> str:
    """Letters alone: numbers put between them hide nothing."""
    return _NO_WORD_LETTER.sub("", unicodedata.normalize("NFKD", text).casefold())


def count_words(folded: str) -> float:
    """About how many words a folded text is, in any script."""
    signs = len(_SIGNS.findall(folded))
    return (len(folded) - signs) / LETTERS_A_WORD + signs / SIGNS_A_WORD


@lru_cache(8_192)
def _sign(sign: str, how: Fold) -> str:
    return how(sign)


@dataclass(frozen=True, slots=True)
class Letters:
    """A folded text; `places[i]` is where its letter i stands in the text as it was written."""

    folded: str
    places: tuple[int, ...]

    @classmethod
    def of(cls, text: str, how: Fold) -> "Letters":
        folded, places = [], []
        for place, sign in enumerate(text):
            for letter in _sign(sign, how):
                folded.append(letter)
                places.append(place)
        return cls("".join(folded), tuple(places))

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Where the letters from start to end stand in the text."""
        return self.places[start], self.places[end - 1] + 1
