"""How much of some texts another gives away, found in another way than the guard's, which it is to judge."""

import base64
import binascii
import codecs
import re
from collections.abc import Iterable, Iterator

from flowloom.services.protection.letters import count_words, fold, fold_without_digits

_CODE = re.compile(r"[A-Za-z0-9+/=\s]{40,}")


def longest_quote(answer: str, texts: Iterable[str]) -> int:
    """About how many words in a row an answer has of one of the texts, in the disguises attackers ask for."""
    texts, most = list(texts), 0.0
    for how in (fold, fold_without_digits):
        shapes = {how(shape) for shape in _shapes(answer)}
        for text in {how(text) for text in texts}:
            substrings = Substrings(text)
            most = max([most, *(count_words(substrings.longest_in(shape)) for shape in shapes)])
    return int(most)


class Substrings:
    """All that stands in a text, as its suffix automaton: made, and asked, in time linear in the letters.

    Source: Blumer et al., The smallest automaton recognizing the subwords of a text, 1985.
    """

    def __init__(self, text: str) -> None:
        self._next: list[dict[str, int]] = [{}]
        self._link, self._length, self._last = [-1], [0], 0
        for letter in text:
            self._add(letter)

    def longest_in(self, other: str) -> str:
        """The longest stretch of the text that stands in another; of several the first."""
        state = length = most = end = 0
        for at, letter in enumerate(other, 1):
            while state and letter not in self._next[state]:
                state = self._link[state]
                length = self._length[state]
            if letter in self._next[state]:
                state, length = self._next[state][letter], length + 1
            if length > most:
                most, end = length, at
        return other[end - most : end]

    def _add(self, letter: str) -> None:
        state, before = self._new({}, 0, self._length[self._last] + 1), self._last
        self._last = state
        while before >= 0 and letter not in self._next[before]:
            self._next[before][letter] = state
            before = self._link[before]
        if before >= 0:
            self._link[state] = self._split(before, letter)

    def _split(self, before: int, letter: str) -> int:
        """The state after `letter` that stands for nothing longer than comes by way of `before`."""
        found, length = self._next[before][letter], self._length[before] + 1
        if self._length[found] == length:
            return found
        shorter = self._new(dict(self._next[found]), self._link[found], length)
        self._link[found] = shorter
        while before >= 0 and self._next[before].get(letter) == found:
            self._next[before][letter] = shorter
            before = self._link[before]
        return shorter

    def _new(self, next: dict[str, int], link: int, length: int) -> int:
        self._next.append(next)
        self._link.append(link)
        self._length.append(length)
        return len(self._next) - 1


def _shapes(answer: str) -> Iterator[str]:
    yield answer
    yield answer[::-1]
    yield codecs.encode(answer, "rot13")
    for match in _CODE.finditer(answer):
        packed = re.sub(r"\s", "", match[0])
        for read in (base64.b64decode, bytes.fromhex):
            try:
                yield read(packed).decode("utf-8", "ignore")
            except (binascii.Error, ValueError):
                continue
