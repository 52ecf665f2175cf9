"""Where a text repeats another, found by fingerprints of the other.

Every eighth run of eight letters of the source is kept, so any repetition of fifteen letters or more holds one
(the idea of Manber, "Finding similar files in a large file system", 1994); it is then followed to both its ends.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from flowloom.services.protection.letters import count_words

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

GRAM = 8
SHORTEST = 15
"""Letters of the shortest repetition that counts: less is said by chance."""
NEAR = 12
"""Letters that may be changed between two repetitions without making two quotes of them."""
LONGEST = 2_000
"""Letters followed at once; what goes on is joined."""
_PLACES = 32
_FIRST = 16
"""Letters compared first: most places have few more in common."""
_BETWEEN = "\x00"
_MIXING = 0x9E3779B97F4A7C15
MARKS = 22
"""Bits of the mark of a run of letters: so few of those that are not kept share one with those that are."""


@dataclass(frozen=True, slots=True)
class Quote:
    """Letters `start` to `end` of a text repeat the source from `source` to `source_end`."""

    start: int
    end: int
    source: int
    source_end: int
    words: float


class Quotes:
    """The fingerprints of folded texts."""

    def __init__(self, folded: Iterable[str]) -> None:
        self._source = _BETWEEN.join(folded)
        self._grams: dict[str, list[int]] = {}
        for place in range(0, len(self._source) - GRAM + 1, GRAM):
            places = self._grams.setdefault(self._source[place : place + GRAM], [])
            if len(places) < _PLACES:
                places.append(place)
        self._marks: NDArray[np.bool_] | None = None

    def find(self, folded: str) -> list[Quote]:
        """What a folded text repeats, in order, near repetitions joined."""
        return self._join(list(self._runs(folded)))

    def words(self, start: int, end: int) -> float:
        """About how many words of the source stand from start to end."""
        return count_words(self._source[start:end])

    def _runs(self, folded: str) -> Iterable[Quote]:
        done = 0
        too_short: set[str] = set()
        for at in self._perhaps(folded):
            if at < done:
                continue
            places = self._grams.get(folded[at : at + GRAM])
            # What stands around decides; texts that nearly repeat a source do so again and again.
            around = folded[max(done, at - GRAM) : at + SHORTEST]
            if not places or around in too_short:
                continue
            longest = self._longest(folded, at, done, places)
            if longest and longest.end - longest.start >= SHORTEST:
                yield longest
                done = longest.end
            else:
                too_short.add(around)

    def _perhaps(self, folded: str) -> Iterable[int]:
        """Where a run of eight letters may be kept: all that are, and few others."""
        if not self._grams:
            return ()
        import numpy as np

        if self._marks is None:
            marks = np.zeros(1 << MARKS, dtype=bool)
            marks[_marks_of("".join(self._grams))[::GRAM]] = True
            self._marks = marks
        return map(int, np.flatnonzero(self._marks[_marks_of(folded)]))

    def _longest(self, folded: str, at: int, done: int, places: Iterable[int]) -> Quote | None:
        best: Quote | None = None
        for place in places:
            # Before it there is less than a fingerprint, or that one would have been found.
            room = min(at - done, GRAM, place)
            before = _common(folded[at - room : at][::-1], self._source[place - room : place][::-1])
            after = _common(folded[at : at + LONGEST], self._source[place : place + LONGEST])
            if best is None or before + after > best.end - best.start:
                start, end = at - before, at + after
                words = count_words(folded[start:end])
                best = Quote(start, end, place - before, place + after, words)
        return best

    def _join(self, runs: list[Quote]) -> list[Quote]:
        joined: list[Quote] = []
        for run in runs:
            last = joined[-1] if joined else None
            if last and run.start - last.end <= NEAR and 0 <= run.source - last.source_end <= NEAR:
                words = last.words + run.words
                joined[-1] = Quote(last.start, run.end, last.source, run.source_end, words)
            else:
                joined.append(run)
        return joined


def _common(one: str, other: str) -> int:
    """How many letters two texts have in common from their beginnings on; texts end where sources meet."""
    length = min(len(one), len(other))
    low, high = 0, min(_FIRST, length)
    while high < length and one[:high] == other[:high]:
        low, high = high, min(2 * high, length)
    while low < high:
        middle = (low + high + 1) // 2
        if one[:middle] == other[:middle]:
            low = middle
        else:
            high = middle - 1
    return low


def _marks_of(text: str) -> "NDArray[np.uint64]":
    """A number of MARKS bits for each run of GRAM letters of a text, all in one go."""
    import numpy as np

    mixing = np.uint64(_MIXING)
    letters = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype="<u4").astype(np.uint64)
    runs = max(0, len(letters) - GRAM + 1)
    mixed = np.zeros(runs, dtype=np.uint64)
    for place in range(GRAM):
        mixed = mixed * mixing + letters[place : place + runs]
    return (mixed * mixing) >> np.uint64(64 - MARKS)
