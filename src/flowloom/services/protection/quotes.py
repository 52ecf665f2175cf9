"""Where a text repeats another, found by fingerprints of the other.

Every eighth run of eight letters of the source is kept, so any repetition of fifteen letters or more holds one
(the idea of Manber, "Finding similar files in a large file system", 1994); it is then followed to both its ends.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from flowloom.services.protection.letters import count_words

GRAM = 8
SHORTEST = 15
"""Letters of the shortest repetition that counts: less is said by chance."""
NEAR = 12
"""Letters that may be changed between two repetitions without making two quotes of them."""
LONGEST = 2_000
"""Letters followed at once; what goes on is joined."""
_PLACES = 32
_BETWEEN = "\x00"


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

    def find(self, folded: str) -> list[Quote]:
        """What a folded text repeats, in order, near repetitions joined."""
        return self._join(list(self._runs(folded)))

    def words(self, start: int, end: int) -> float:
        """About how many words of the source stand from start to end."""
        return count_words(self._source[start:end])

    def _runs(self, folded: str) -> Iterable[Quote]:
        at = done = 0
        while at <= len(folded) - GRAM:
            places = self._grams.get(folded[at : at + GRAM])
            longest = places and self._longest(folded, at, done, places)
            if longest and longest.end - longest.start >= SHORTEST:
                yield longest
                at = done = longest.end
            else:
                at += 1

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
    low, high = 0, length
    while low < high:
        middle = (low + high + 1) // 2
        if one[:middle] == other[:middle]:
            low = middle
        else:
            high = middle - 1
    return low
