"""How far a judge agrees with the people who rated the same answers."""

from collections.abc import Iterable
from typing import NamedTuple

from flowloom.evaluation.statistics import Interval, interval_of
from flowloom.store.experiments import Score


class Agreement(NamedTuple):
    """`share` is how often it agrees where it gives a verdict; `usual` is how often it would by always saying what
    people say most.
    """

    share: Interval | None
    usual: float
    untold: int


def agreement_of(judged: Iterable[tuple[bool, Score]]) -> Agreement:
    """What people said of each answer, and what the judge did."""
    found = list(judged)
    told = [(good, score.value >= 0.5) for good, score in found if score.value is not None]
    good = sum(good for good, _ in told) / len(told) if told else 0.0
    share = interval_of([float(one == other) for one, other in told], within=(0.0, 1.0))
    return Agreement(share, max(good, 1 - good), len(found) - len(told))
