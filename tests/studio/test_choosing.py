"""Which of several answers counts."""

import asyncio
import math

import pytest

from flowloom.errors import ModelError
from flowloom.store.prompts import Sample, Step
from flowloom.studio.choosing import ballot, take
from flowloom.studio.pace import Pace
from tests.evaluation.trying import Scripted

BALLOTS = {
    "Let me see.\n2 + 2 is 4.\nAnswer: 4": "4",
    "**4**": "4",
    "The answer is 4.": "4",
    "答案：四": "四",
    "Réponse : Paris !": "paris",
    "It’s PARIS": "it’s paris",
    "": "",
    "...\n": "",
}


@pytest.mark.parametrize("text", BALLOTS)
def test_what_an_answer_votes_for(text: str) -> None:
    assert ballot(text) == BALLOTS[text]


def samples(*texts: str, sure: list[float] | None = None) -> list[Sample]:
    return [
        Sample(0, number, text, sureness=math.log(sure[number - 1]) if sure else None)
        for number, text in enumerate(texts, 1)
    ]


TAKEN = {
    "first": (Step(take="first"), samples("a", "b"), 1, ""),
    "vote": (Step(take="vote"), samples("I say 5", "x\n4", "y\nAnswer: 4."), 2, "2/3"),
    "a tie goes to the first": (Step(take="vote"), samples("1", "2"), 1, "1/2"),
    "likeliest": (Step(take="likeliest"), samples("a", "b", sure=[0.2, 0.8]), 2, ""),
    "no chances told": (Step(take="likeliest"), samples("a", "b"), 1, ""),
    "judge": (Step(take="judge", rule="Shortest?"), samples("long", "s"), 2, ""),
    "nothing to judge": (Step(take="judge"), samples("only"), 1, ""),
}


@pytest.mark.parametrize(("step", "given", "number", "because"), TAKEN.values(), ids=TAKEN)
def test_which_answer_counts(step: Step, given: list[Sample], number: int, because: str) -> None:
    models = Scripted(lambda said: "2" if "Shortest?" in said else "1")
    found = asyncio.run(take(step, "Which?", given, models))
    assert (found.number, found.because) == (number, because)
    assert len(models.asked) == (step.take == "judge" and len(given) > 1)


def test_a_judge_that_names_none_is_said() -> None:
    with pytest.raises(ModelError, match="chose none"):
        asyncio.run(take(Step(take="judge"), "Which?", samples("a", "b"), Scripted(lambda said: "")))


def test_no_more_calls_begin_in_a_minute_than_are_allowed() -> None:
    now, begun = 0.0, list[float]()

    async def sleep(seconds: float) -> None:
        nonlocal now
        now += seconds

    async def run() -> None:
        pace = Pace(2, 3, sleep=sleep, clock=lambda: now)
        for _ in range(7):
            async with pace.turn():
                begun.append(now)

    asyncio.run(run())
    assert begun == [0, 0, 0, 60, 60, 60, 120]


def test_no_more_calls_are_under_way_than_are_allowed() -> None:
    open_, most = 0, 0

    async def one(pace: Pace) -> None:
        nonlocal open_, most
        async with pace.turn():
            open_ += 1
            most = max(most, open_)
            await asyncio.sleep(0)
            open_ -= 1

    async def run() -> None:
        pace = Pace(3)
        await asyncio.gather(*(one(pace) for _ in range(12)))

    asyncio.run(run())
    assert most == 3
