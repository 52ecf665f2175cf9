"""Matching by words: vectors made of the words of a text, where no embedding model is set up.

Each word's stem, and each pair of Chinese characters, has its place in the vector by a hash; the runs of
letters within words share some places more, so that misspelt words still match a little.
"""

import math
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any
from zlib import crc32

from flowloom.services.synonyms import meanings
from flowloom.words import grams, likeness, terms

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

WORD_PLACES = 1536
GRAM_PLACES = 512
_GRAM_WEIGHT = 0.25
_MEANING_WEIGHT = 0.5


class WordVectors:
    """Deterministic vectors of length 1. What is rare in a base weighs more, see `weighed`."""

    name = "words-1"

    def embed_documents(self, texts: list[str]) -> "list[NDArray[np.float32]]":
        return [self._embed(text) for text in texts]

    def embed_query(self, text: str) -> "NDArray[np.float32]":
        return self._embed(text)

    def _embed(self, text: str) -> "NDArray[np.float32]":
        import numpy as np

        vector = np.zeros(WORD_PLACES + GRAM_PLACES, dtype=np.float32)
        for place, weight in _weights(text):
            vector[place] += weight
        length = float(np.linalg.norm(vector))
        return vector / np.float32(length) if length else vector


def weighed(query: "NDArray[np.float32]", spread: Sequence[int] | Any, passages: int) -> "NDArray[np.float32]":
    """The query with rare words weighing more. `spread` counts the passages that use each place."""
    import numpy as np

    counts = np.asarray(spread, dtype=np.float32)
    rarity = np.log1p((passages - counts + 0.5) / (counts + 0.5)).astype(np.float32)
    made = query * rarity
    length = float(np.linalg.norm(made))
    return made / np.float32(length) if length else made


def _weights(text: str) -> Iterator[tuple[int, float]]:
    counted = Counter(terms(text))
    for word, count in counted.items():
        # The tenth mention of a word says less than the first.
        weight = 1 + math.log(count)
        yield _place(word, WORD_PLACES), weight
        if word.isascii() and len(word) > 3:
            pieces = grams(word)
            for piece in sorted(pieces):
                yield WORD_PLACES + _place(piece, GRAM_PLACES), weight * _GRAM_WEIGHT / math.sqrt(len(pieces))
    for meaning in sorted(meanings(text)):
        yield _place(meaning, WORD_PLACES), _MEANING_WEIGHT


def _place(word: str, places: int) -> int:
    return crc32(word.encode()) % places


def in_common(question: str, text: str) -> bool:
    """Whether two texts share a word that means something: hashes alone may meet by chance."""
    asked, there = set(terms(question)), set(terms(text))
    if asked & there or meanings(question) & meanings(text):
        return True
    return any(likeness(one, other) >= 0.6 for one in asked for other in there)
