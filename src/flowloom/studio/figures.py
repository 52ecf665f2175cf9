"""What all answers to the versions of a prompt say together."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from flowloom.evaluation.statistics import Interval, interval_of
from flowloom.store.prompts import Sample


class Figures(NamedTuple):
    """One version: how often it was asked, and its means where they are known. Costs are in US dollars."""

    number: int
    tries: int
    answers: int
    failed: int
    cost: float | None
    written: float | None
    seconds: float | None
    sureness: Interval | None


def figures(facts: Sequence[tuple[int, str, Sample]]) -> list[Figures]:
    """Those of every version that was asked, the newest first."""
    numbers = sorted({number for number, _, _ in facts}, reverse=True)
    return [_of(number, [(id, sample) for each, id, sample in facts if each == number]) for number in numbers]


def _of(number: int, found: Sequence[tuple[str, Sample]]) -> Figures:
    answers = [sample for _, sample in found if not sample.problem]
    return Figures(
        number,
        len({id for id, _ in found}),
        len(answers),
        len(found) - len(answers),
        _mean(sample.cost for sample in answers),
        _mean(sample.written for sample in answers),
        _mean(sample.seconds for sample in answers),
        interval_of([sample.sureness for sample in answers if sample.sureness is not None]),
    )


def _mean(values: Iterable[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return sum(known) / len(known) if known else None
