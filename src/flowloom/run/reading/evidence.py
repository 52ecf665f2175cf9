"""How far a recorded text bears a sentence out: the words and figures both have, and the same words in a row."""

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from itertools import takewhile

from flowloom.words import Placed, fold, placed_terms

Span = tuple[int, int]

CITATION = re.compile(r"[\[【](\d{1,3}(?:\s*[,;–-]\s*\d{1,3})*)(?:†[^】【\[]*+)?[\]】]")
FIGURE = re.compile(r"(?<![A-Za-z0-9_.,])\d+(?:[.,'’\u00a0\u202f ]\d{3}(?!\d))*(?:[.,]\d+)?(?!_)")
LEAST_SHARE = 0.3
"""How much of a sentence's words a text must have; fewer are chance."""
LEAST_WORDS = 2
LONGEST = 100_000
"""Characters of a recorded text whose words are compared; a person waits for it."""


@dataclass(frozen=True)
class Wanted:
    """What of a sentence is looked for: its words and figures, without its citation marks."""

    said: str
    written: str = ""
    """The same with its Markdown, which a block may have handed on as it is."""

    @cached_property
    def words(self) -> str:
        return CITATION.sub(" ", self.said)

    @cached_property
    def terms(self) -> frozenset[str]:
        return frozenset(placed.term for placed in placed_terms(self.words))

    @cached_property
    def figures(self) -> frozenset[Decimal]:
        return frozenset(value for found in FIGURE.finditer(self.words) for value in readings(found[0]))

    @cached_property
    def runs(self) -> tuple[str, ...]:
        return tuple(filter(None, (run_of(self.said), run_of(self.written))))

    def shared(self, text: str) -> list[Placed]:
        """The words of a text that the sentence has as well."""
        return [placed for placed in placed_terms(text[:LONGEST]) if placed.term in self.terms]

    def share(self, shared: list[Placed]) -> float:
        """How much of the sentence these are, from 0 to 1; 0 where it could be chance."""
        count = len({placed.term for placed in shared})
        share = count / len(self.terms) if self.terms else 0.0
        enough = count >= min(LEAST_WORDS, len(self.terms)) and share >= LEAST_SHARE
        return share if enough else 0.0

    def shared_figures(self, text: str) -> list[Span]:
        """Where a text has figures of the sentence, also where the sentence rounds them."""
        return [found.span() for found in FIGURE.finditer(text) if self._has(found[0])]

    def has_every_figure(self, text: str) -> bool:
        """Whether a text has each figure of the sentence, also where the sentence rounds it."""
        there = [value for found in FIGURE.finditer(text) for value in readings(found[0])]
        return all(
            any(_is(value, wanted) for wanted in readings(found[0]) for value in there)
            for found in FIGURE.finditer(self.words)
        )

    def stands_in(self, text: str) -> bool:
        """Whether the text says the sentence word for word, whatever its signs and capitals."""
        whole = run_of(text)
        return any(run in whole for run in self.runs)

    def _has(self, figure: str) -> bool:
        return any(_is(value, wanted) for value in readings(figure) for wanted in self.figures)


def _is(value: Decimal, wanted: Decimal) -> bool:
    return value == wanted or (_places(wanted) > 0 and round(value, _places(wanted)) == wanted)


def cited_in(text: str) -> tuple[int, ...]:
    """The numbers a sentence cites: [1], [2, 3] and 【4】."""
    return tuple(
        dict.fromkeys(int(number) for mark in CITATION.findall(text) for number in re.findall(r"\d+", mark))
    )


def readings(figure: str) -> set[Decimal]:
    """The numbers a figure may mean: 1,234 is a thousand or one and a bit, as its language has it."""
    plain = re.sub(r"['’\u00a0\u202f ]", "", figure)
    signs = re.findall(r"[.,]", plain)
    found = {Decimal(re.sub(r"[.,]", "", plain))} if _groups(plain) or not signs else set()
    if signs and len(list(takewhile(signs[-1].__eq__, reversed(signs)))) == 1:
        whole, part = re.split(r"[.,](?=\d+$)", plain)
        found.add(Decimal(f"{re.sub('[.,]', '', whole)}.{part}").normalize())
    return found


def _groups(plain: str) -> bool:
    return bool(re.fullmatch(r"\d{1,3}(?:([.,])\d{3})(?:\1\d{3})*", plain))


def _places(value: Decimal) -> int:
    return max(0, -int(value.as_tuple().exponent))


def run_of(text: str) -> str:
    """The letters and digits of a text and nothing else, between spaces."""
    words = re.findall(r"[^\W_]+", fold(CITATION.sub(" ", text)))
    return f" {' '.join(words)} " if words else ""


def merged(spans: list[Span]) -> tuple[Span, ...]:
    """Places in a text, in order, those that touch as one."""
    found: list[Span] = []
    for start, end in sorted(spans):
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(end, found[-1][1]))
        else:
            found.append((start, end))
    return tuple(found)
