"""A text as it is compared: without case, accents, spaces and punctuation, each letter with its place."""

import re
import unicodedata
from array import array
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain, compress, repeat

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
    places: Sequence[int]

    @classmethod
    def of(cls, text: str, how: Fold) -> "Letters":
        # A text has few different signs, and each is folded by itself.
        spelled = {ord(sign): _sign(sign, how) for sign in set(text)}
        folded = text.translate(spelled)
        if len(folded) == len(text) and all(len(letters) == 1 for letters in spelled.values()):
            return cls(folded, range(len(text)))
        lengths = {sign: len(spelled[ord(sign)]) for sign in set(text)}
        places = array("Q" if len(text) > 2**31 else "I")
        if max(lengths.values()) == 1:
            places.extend(compress(range(len(text)), map(lengths.__getitem__, text)))
        else:
            places.extend(chain.from_iterable(map(repeat, range(len(text)), map(lengths.__getitem__, text))))
        return cls(folded, places)

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Where the letters from start to end stand in the text."""
        return self.places[start], self.places[end - 1] + 1
