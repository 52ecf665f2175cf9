"""The answer of a run in pieces: in order, nothing twice, nothing taken back, one answer held at most."""

import asyncio
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flowloom.run.events import (
    RELAYED,
    NodeFinished,
    NodeProgress,
    NodeStarted,
    RunEvent,
    RunFinished,
    RunPaused,
    RunStarted,
)
from flowloom.run.reading.view import Answer, RunView
from flowloom.serve.api.following import AnswerText, RunFeed


def said(node: str, text: str, afresh: bool = False) -> RunEvent:
    return NodeProgress(run_id="r", seq=0, at=0.0, node=node, port=RELAYED, text=text, afresh=afresh)


def done(node: str, text: str) -> RunEvent:
    return NodeFinished(run_id="r", seq=0, at=0.0, node=node, outputs={}, seconds=0.0, answer=text)


def begun(node: str) -> RunEvent:
    return NodeStarted(run_id="r", seq=0, at=0.0, node=node)


CASES: dict[str, tuple[list[RunEvent], str]] = {
    "one block": ([said("a", "x"), said("a", "y"), done("a", "xy")], "xy"),
    "not streamed": ([done("a", "xy")], "xy"),
    "more at the end": ([said("a", "x"), done("a", "xyz")], "xyz"),
    "two blocks": ([said("a", "x"), done("a", "x"), said("b", "y"), done("b", "y")], "x\n\ny"),
    "two at once": ([said("a", "1"), said("b", "2"), said("a", "3"), done("b", "2"), done("a", "13")], "13\n\n2"),
    "another text at the end": ([said("a", "x"), done("a", "other")], "x\n\nother"),
    "anew before the end": ([said("a", "x"), said("a", "other", afresh=True), done("a", "other")], "x\n\nother"),
    "a second round": ([said("a", "x"), done("a", "x"), begun("a"), said("a", "y"), done("a", "y")], "x\n\ny"),
    "nothing": ([done("a", "")], ""),
}


@pytest.mark.parametrize("often", [True, False])
@pytest.mark.parametrize("case", CASES)
def test_pieces_make_the_answer(case: str, often: bool) -> None:
    events, whole = CASES[case]
    if not often and case in ("another text at the end", "anew before the end", "a second round"):
        whole = whole.rpartition("\n\n")[2]  # nobody has seen the first text yet
    text, taken = AnswerText(), ""
    for event in events:
        text.hear(event)
        taken += text.take(over=False) if often else ""
    assert taken + text.take(over=True) == whole


def test_who_comes_later_gets_what_was_said_before() -> None:
    text = AnswerText()
    text.begin(RunView(answers=(Answer("a", "x", done=True), Answer("b", "y", done=False))))
    text.hear(said("b", "z"))
    assert text.take(over=False) == "x\n\nyz"


@given(
    st.lists(st.tuples(st.sampled_from("ab"), st.text("xyz", min_size=1, max_size=3), st.booleans()), max_size=30)
)
def test_whenever_it_is_taken_the_text_is_the_same(pieces: list[tuple[str, str, bool]]) -> None:
    often, once, taken = AnswerText(), AnswerText(), ""
    whole: dict[str, str] = {}
    for node, piece, take in pieces:
        whole[node] = whole.get(node, "") + piece
        for text in (often, once):
            text.hear(said(node, piece))
        taken += often.take(over=False) if take else ""
    assert taken + often.take(over=True) == once.take(over=True) == "\n\n".join(whole.values())


class FakeRunner:
    def __init__(self) -> None:
        self.now = RunView()
        self.watch = lambda watcher: setattr(self, "hear", watcher)
        self.hear: Any = None

    def view(self, run_id: str) -> RunView:
        return self.now


def test_a_reader_who_takes_nothing_is_held_one_piece() -> None:
    async def whole() -> None:
        runner = FakeRunner()
        feed = RunFeed(runner)  # type: ignore[arg-type]
        follower = feed.follow("r")
        follower.begin()
        for number in range(10_000):
            runner.hear("f", NodeProgress(run_id="r", seq=number, at=0.0, node="a", port=RELAYED, text="x"))
        heard = await follower.more()
        assert (len(heard.text), heard.over) == (10_000, False)
        follower.close()
        assert feed._followers == {}

    asyncio.run(whole())


def test_what_happened_before_is_not_heard_twice() -> None:
    async def whole() -> None:
        runner = FakeRunner()
        feed = RunFeed(runner)  # type: ignore[arg-type]
        follower = feed.follow("r")
        runner.hear("f", NodeProgress(run_id="r", seq=1, at=0.0, node="a", port=RELAYED, text="x"))
        runner.now = RunView(answers=(Answer("a", "x", done=False),), count=2)
        runner.hear("f", NodeProgress(run_id="r", seq=2, at=0.0, node="a", port=RELAYED, text="y"))
        follower.begin()
        assert (await follower.more()).text == "xy"

    asyncio.run(whole())


def test_a_pause_is_an_end_only_for_who_does_not_wait() -> None:
    async def whole() -> None:
        runner = FakeRunner()
        feed = RunFeed(runner)  # type: ignore[arg-type]
        short, long = feed.follow("r"), feed.follow("r")
        for follower in (short, long):
            follower.begin()
        runner.hear("f", RunStarted(run_id="r", seq=0, at=0.0, flow_id="f"))
        runner.now = RunView(state="paused", count=2)
        runner.hear("f", RunPaused(run_id="r", seq=1, at=0.0))
        assert (await short.more()).over
        assert not (await long.more(through_pauses=True)).over
        runner.now = RunView(state="finished", count=3)
        runner.hear("f", RunFinished(run_id="r", seq=2, at=0.0))
        assert (await long.more(through_pauses=True)).over

    asyncio.run(whole())
