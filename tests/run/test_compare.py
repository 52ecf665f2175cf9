"""Runs side by side: which blocks differ."""

from typing import NamedTuple

import pytest

from flowloom.run.reading.compare import compared
from flowloom.run.reading.steps import Step, story_of
from tests.run.test_executor import flow_of, run


class Case(NamedTuple):
    name: str
    steps: tuple[Step | None, ...]
    differing: set[str] | None


def gave(**outputs: object) -> Step:
    return Step("b", outcome="done", outputs=outputs)


CASES = [
    Case("the same", (gave(a=1), gave(a=1)), None),
    Case("took longer, gave the same", (gave(a=1), Step("b", outcome="done", seconds=9, outputs={"a": 1})), None),
    Case("another output", (gave(a=1, b=2), gave(a=1, b=3)), {"b"}),
    Case("another way", (gave(yes="x"), gave(no="x")), {"yes", "no"}),
    Case("one of three", (gave(a=1), gave(a=1), gave(a=2)), {"a"}),
    Case("not needed in one", (gave(a=1), Step("b", outcome="skipped")), {"a"}),
    Case("not there in one", (gave(a=1), None), {"a"}),
    Case("failed in one, gave nothing in the other", (gave(), Step("b", outcome="failed")), set()),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_one_block(case: Case) -> None:
    (block,) = compared([[step] if step else [] for step in case.steps])
    assert block.differs == (case.differing is not None)
    assert block.differing() == (case.differing or set())


def test_blocks_come_in_the_order_of_the_first_run_that_had_them() -> None:
    one = run(flow_of({"a": "start", "b": "say", "z": "answer"}, "a>b b>z"))
    other = run(flow_of({"a": "start", "c": ("say", {"word": "!"}), "z": "answer"}, "a>c c>z"))
    blocks = compared([story_of(one), story_of(other)])
    assert [(block.node, block.differs) for block in blocks] == [
        ("a", False),
        ("b", True),
        ("z", True),
        ("c", True),
    ]


def test_a_loop_is_compared_by_its_last_round_and_calls_are_left_out() -> None:
    rounds = [Step("b", round=number, outcome="done", outputs={"a": number}) for number in (1, 2)]
    call = Step("t", call="b.1", outcome="done", outputs={"a": 1})
    (block,) = compared([[*rounds, call], rounds[1:]])
    assert not block.differs
