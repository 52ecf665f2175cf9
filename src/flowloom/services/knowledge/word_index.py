"""Matching by words: BM25 over stems without accents and pairs of Chinese characters.

A word of the question that no passage holds is taken for the word nearest to it in spelling, and words of nearly
the same meaning count for half, so that "vegetaran" and "rembourser" find what they should.
"""

import json
import sys
from collections.abc import Collection, Iterable, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, Self

from flowloom.services.knowledge.compounds import Compounds
from flowloom.services.synonyms import meanings
from flowloom.words import grams, likeness, placed_terms, terms
from flowloom.writing_systems import is_grammed

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

SPREAD, LENGTH = 1.2, 0.75
"""BM25: how soon more mentions say nothing more, and how much a long text counts for less."""
MEANING = 0.5
COMPOUND = 0.5
"""How much a word counts that only has the word asked for in it, as Kündigungsfrist has Frist."""
ALIKE = 0.6
"""From which likeness on a word is taken for another that was misspelt."""
_MOST_ALIKE = 3
_LONGEST_QUESTION = 64
"""Terms; what is longer is no question but a text."""
_READ = 20_000
"""Characters of a question that are read for them."""


class Hit(NamedTuple):
    """A passage and how much of the question it covers, from 0 to 1."""

    id: int
    score: float


def indexed_terms(text: str) -> list[str]:
    """What a passage is found by. A meaning counts once for each line, as words for the same thing pile up."""
    return [*terms(text), *(meaning for line in text.splitlines() for meaning in sorted(meanings(line)))]


class WordIndex:
    """The words of some passages. It knows nothing of others, so that its scores tell nothing of them."""

    def __init__(self, bm25: Any, ids: "NDArray[np.int64]", files: Sequence[str]) -> None:
        self._bm25, self._ids, self._files = bm25, ids, files
        self._is_empty = not hasattr(bm25, "scores")
        self._vocabulary: dict[str, int] = {} if self._is_empty else bm25.vocab_dict

    @classmethod
    def of(cls, rows: Iterable[tuple[int, str, list[str]]]) -> Self:
        """The index of passages as (id, file, words). Each word is kept once, however often it is said."""
        import bm25s  # type: ignore[import-untyped]
        import numpy as np

        ids: list[int] = []
        files: list[str] = []
        said: list[list[int]] = []
        numbers: dict[str, int] = {}
        for id, file, words in rows:
            ids.append(id)
            files.append(sys.intern(file))
            said.append([numbers.setdefault(word, len(numbers)) for word in words])
        bm25 = bm25s.BM25(method="lucene", k1=SPREAD, b=LENGTH)
        if numbers:
            bm25.index((said, numbers), show_progress=False)
        return cls(bm25, np.asarray(ids, dtype=np.int64), files)

    def save(self, folder: Path) -> None:
        """Keep it in an empty folder. Raises OSError."""
        import numpy as np

        np.save(folder / "ids.npy", self._ids)
        names = list(dict.fromkeys(self._files))
        places = {name: place for place, name in enumerate(names)}
        np.save(folder / "files.npy", np.asarray([places[name] for name in self._files], np.int32))
        (folder / "names.json").write_text(json.dumps({"names": names, "is_empty": self._is_empty}), "utf-8")
        if not self._is_empty:
            self._bm25.save(folder / "bm25", show_progress=False)

    @classmethod
    def load(cls, folder: Path) -> Self:
        """One that was kept, mapped into memory. Raises OSError, ValueError and their like where it is damaged."""
        import bm25s
        import numpy as np

        said = json.loads((folder / "names.json").read_text("utf-8"))
        ids = np.load(folder / "ids.npy")
        files = [said["names"][place] for place in np.load(folder / "files.npy").tolist()]
        if said["is_empty"]:
            bm25 = bm25s.BM25(method="lucene", k1=SPREAD, b=LENGTH)
        else:
            bm25 = bm25s.BM25.load(folder / "bm25", mmap=True, load_vocab=True)
        return cls(bm25, ids, files)

    def find(self, question: str, most: int, files: Collection[str] | None = None) -> list[Hit]:
        """The best passages of these files, best first; none that shares no word with the question."""
        import numpy as np

        if self._is_empty:
            return []
        scores = self._scores(question)
        if files is not None:
            scores[[file not in files for file in self._files]] = 0
        found = np.flatnonzero(scores > 0)
        if len(found) > most > 0:  # of many only those that may be among the best are sorted
            found = found[scores[found] >= np.partition(scores[found], -most)[-most]]
        best = found[np.argsort(-scores[found], kind="stable")][:most]
        return [Hit(int(self._ids[at]), min(1.0, float(scores[at]))) for at in best]

    def matched(self, question: str, text: str) -> tuple[str, ...]:
        """The words of the question that led to a passage, as the person wrote them."""
        question = question[:_READ]
        there = set(indexed_terms(text))
        spans = [
            (placed.start, placed.end)
            for placed in placed_terms(question)
            if there & {word for word, _ in self._near(placed.term)}
            or there & meanings(question[placed.start : placed.end])
        ]
        return tuple(dict.fromkeys(question[start:end] for start, end in _joined(spans)))

    def _scores(self, question: str) -> "NDArray[np.float32]":
        import numpy as np

        question = question[:_READ]
        scores = np.zeros(len(self._ids), dtype=np.float32)
        asked = list(dict.fromkeys(terms(question)))[:_LONGEST_QUESTION]
        for word in asked:
            for known, weight in self._near(word):
                self._add(scores, known, weight)
        for meaning in sorted(meanings(question)):
            self._add(scores, meaning, MEANING)
        # A passage of usual length that says every word of the question once has 1.
        whole = sum(max(map(self._rarity, (known for known, _ in self._near(word))), default=0) for word in asked)
        unknown = sum(self._rarity(word) for word in asked if not self._near(word))
        return scores / np.float32(max(whole + unknown, 1e-6)) * np.float32(1 + SPREAD)

    def _add(self, scores: "NDArray[np.float32]", word: str, weight: float) -> None:
        """Add what a word says of the passages it is in, of which each is listed once."""
        import numpy as np

        place = self._vocabulary.get(word)
        if place is not None:
            begin, end = self._bm25.scores["indptr"][place : place + 2]
            kept = self._bm25.scores
            scores[kept["indices"][begin:end]] += np.float32(weight) * kept["data"][begin:end]

    def _rarity(self, word: str) -> float:
        import math

        place = self._vocabulary.get(word)
        ends = self._bm25.scores["indptr"]
        count = int(ends[place + 1] - ends[place]) if place is not None else 0
        return math.log(1 + (len(self._ids) - count + 0.5) / (count + 0.5))

    def _near(self, word: str) -> list[tuple[str, float]]:
        """The word itself and those made of it, else those it may be a misspelling of."""
        related = [(each, COMPOUND) for each in self._compounds.related(word)]
        if word in self._vocabulary:
            return [(word, 1.0), *related]
        return related or self._alike(word)

    def _alike(self, word: str) -> list[tuple[str, float]]:
        if len(word) < 4 or is_grammed(word):
            return []
        counted: dict[str, int] = {}
        for piece in grams(word):
            for known in self._by_grams.get(piece, ()):
                counted[known] = counted.get(known, 0) + 1
        # Fewer shared runs of letters cannot make two words alike enough.
        least = len(grams(word)) * ALIKE / (2 - ALIKE)
        likes = [(known, likeness(word, known)) for known, count in counted.items() if count >= least]
        return sorted((each for each in likes if each[1] >= ALIKE), key=lambda each: (-each[1], each[0]))[
            :_MOST_ALIKE
        ]

    @cached_property
    def _by_grams(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for known in self._vocabulary:
            if len(known) > 3 and not is_grammed(known):
                for piece in grams(known):
                    found.setdefault(piece, []).append(known)
        return found

    @cached_property
    def _compounds(self) -> Compounds:
        return Compounds(self._vocabulary)


def _joined(spans: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Pairs of Chinese characters that overlap are one stretch."""
    joined: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if joined and start < joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined
