"""Words made of words, where a language writes them as one: Kündigungsfrist and Frist find each other."""

from bisect import bisect_left
from collections.abc import Iterable, Iterator
from functools import cached_property

SHORTEST = 4
"""Letters of a part; shorter ones are in everything."""
_MOST = 12
# Little words of languages that write compounds as one word, as they are folded and without their endings.
_TELLING = (
    frozenset("und der das nicht ist fur werd mit von auf oder".split()),
    frozenset("het een van voor niet zijn met aan".split()),
    frozenset("och att som inte med for ikke til det".split()),
    frozenset("ja on ei tai kun".split()),
)
_ENOUGH = 4


class Compounds:
    """The words of an index, found by their beginnings and ends; none where its language writes no compounds."""

    def __init__(self, words: Iterable[str]) -> None:
        self._words = words

    def related(self, word: str) -> list[str]:
        """Words that begin or end with this one, or that it begins or ends with."""
        if len(word) < SHORTEST or not self._forward:
            return []
        found = [*_starting(self._forward, word), *(each[::-1] for each in _starting(self._backward, word[::-1]))]
        parts = [word[:at] for at in range(SHORTEST, len(word) - SHORTEST + 1)]
        parts += [word[at:] for at in range(SHORTEST, len(word) - SHORTEST + 1)]
        found += sorted((part for part in parts if part in self._known), key=len, reverse=True)[:2]
        return [each for each in dict.fromkeys(found) if each != word][:_MOST]

    @cached_property
    def _known(self) -> frozenset[str]:
        words = frozenset(self._words)
        is_telling = any(len(words & telling) >= _ENOUGH for telling in _TELLING)
        return frozenset(each for each in words if len(each) >= SHORTEST) if is_telling else frozenset()

    @cached_property
    def _forward(self) -> list[str]:
        return sorted(self._known)

    @cached_property
    def _backward(self) -> list[str]:
        return sorted(each[::-1] for each in self._known)


def _starting(ordered: list[str], start: str) -> Iterator[str]:
    """Words that go on for at least one more part after this beginning."""
    for at in range(bisect_left(ordered, start), min(len(ordered), bisect_left(ordered, start) + 200)):
        if not ordered[at].startswith(start):
            return
        if len(ordered[at]) >= len(start) + SHORTEST - 1:
            yield ordered[at]
