"""What the readers of other tools’ datasets share."""

from typing import NamedTuple

from flowloom.errors import Problem
from flowloom.store.datasets import Chosen

EXPECTED = "expected"
Line = dict[str, str]


class Found(NamedTuple):
    rows: list[Line]
    message: str = ""
    measures: tuple[Chosen, ...] = ()
    remarks: tuple[Problem, ...] = ()


def by_hand(name: str) -> Problem:
    said = "The grader “{name}” didn’t come across. Build it as a GPT that judges, or choose a measure."
    return Problem.of("evaluate.grader", said, name=name)
