"""Blocks of exported programs, on LangGraph and in plain Python: who waits, who is skipped, who goes round."""

from collections.abc import Callable
from typing import Any

import pytest

from flowloom.exchange.exporters.agents.parts.graph import Blocks as PlainBlocks
from flowloom.exchange.exporters.python.parts.errors import NodeError
from flowloom.exchange.exporters.python.parts.graph import Blocks as GraphBlocks
from flowloom.exchange.exporters.python.parts.lines import Line, all_of, first_of

Made = Callable[[], Any]
both = pytest.mark.parametrize("blocks", [GraphBlocks, PlainBlocks], ids=["langgraph", "plain"])


def start(state: dict[str, Any]) -> dict[str, Any]:
    return {"message": state["message"]}


def left(text: str) -> dict[str, Any]:
    return {"left": text} if text == "left" else {"right": text}


def upper(text: str) -> dict[str, Any]:
    return {"text": text.upper()}


def twice(text: str, more: str = "") -> dict[str, Any]:
    return {"text": f"{text}{text}{more}"}


def answer(text: Any) -> dict[str, Any]:
    return {"text": text}


def said(made: Any, message: str = "left") -> dict[str, str]:
    state = made.compile().invoke({"message": message, "history": [], "files": [], "values": {}})
    return dict(state.get("answers", {}))


@both
@pytest.mark.parametrize(("message", "found"), [("left", "LEFT"), ("else", "elseelse")])
def test_only_the_way_that_is_taken_runs(blocks: Made, message: str, found: str) -> None:
    made = blocks()
    made.add(start)
    made.add(left, text="start.message")
    made.add(upper, text="left.left")
    made.add(twice, text="left.right")
    made.add(answer, text=first_of("upper.text", "twice.text"), _answers=True)
    assert said(made, message) == {"answer": found}


@both
def test_a_block_waits_for_all_that_lead_to_it_and_does_without_what_it_need_not_have(blocks: Made) -> None:
    made = blocks()
    made.add(start)
    made.add(left, text="start.message")
    made.add(upper, text="left.right")
    made.add(twice, text="start.message", more="upper.text")
    made.add(answer, text=all_of("twice.text", "start.message"), _answers=True)
    assert said(made, "a") == {"answer": "aaA\na"}
    made = blocks()
    made.add(start)
    made.add(left, text="start.message")
    made.add(upper, text="left.right")
    made.add(twice, text="start.message", more="upper.text")
    made.add(answer, text="twice.text", _answers=True)
    assert said(made) == {"answer": "leftleft"}


@both
def test_after_what_did_not_run_nothing_runs(blocks: Made) -> None:
    made = blocks()
    made.add(start)
    made.add(left, text="start.message")
    made.add(answer, text="start.message", _after=first_of("left.right"), _answers=True)
    assert said(made) == {}


def counting(most: int) -> tuple[Any, Any]:
    def entry(text: str) -> dict[str, Any]:
        return {"text": f"{text}x"}

    def test(text: str) -> dict[str, Any]:
        return {"again": text} if len(text) < most else {"done": text}

    return entry, test


@both
@pytest.mark.parametrize(("most", "rounds", "found"), [(3, 10, {"answer": "axx"}), (9, 4, None)])
def test_a_loop_goes_round_while_something_comes_back(
    blocks: Made, most: int, rounds: int, found: dict[str, str] | None
) -> None:
    made = blocks()
    entry, test = counting(most)
    made.loop("entry", ["entry", "test"], rounds)
    made.add(start)
    made.add(entry, text=first_of("start.message", Line("test.again", back=True)))
    made.add(test, text="entry.text")
    made.add(answer, text="test.done", _answers=True)
    if found is None:
        with pytest.raises(NodeError, match="4 rounds"):
            said(made, "a")
    else:
        assert said(made, "a") == found


@both
def test_loops_within_loops_begin_anew_in_each_round(blocks: Made) -> None:
    def outer(text: str) -> dict[str, Any]:
        return {"text": f"{text}|"}

    def inner(text: str) -> dict[str, Any]:
        return {"text": f"{text}x"}

    def check(text: str) -> dict[str, Any]:
        return {"done": text} if text.endswith("xx") else {"again": text}

    def enough(text: str) -> dict[str, Any]:
        return {"done": text} if text.count("|") == 2 else {"again": text}

    made = blocks()
    made.loop("outer", ["check", "enough", "inner", "outer"], 5)
    made.loop("inner", ["check", "inner"], 5)
    made.add(start)
    made.add(outer, text=first_of("start.message", Line("enough.again", back=True)))
    made.add(inner, text=first_of("outer.text", Line("check.again", back=True)))
    made.add(check, text="inner.text")
    made.add(enough, text="check.done")
    made.add(answer, text="enough.done", _answers=True)
    assert said(made, "a") == {"answer": "a|xx|xx"}


@both
def test_what_fails_is_tried_again_or_goes_another_way(blocks: Made) -> None:
    tries: list[int] = []

    def shaky(text: str) -> dict[str, Any]:
        tries.append(1)
        if len(tries) < 3:
            raise NodeError("Not yet.")
        return {"text": text}

    def broken(text: str) -> dict[str, Any]:
        raise NodeError("It is broken.", "Mend it.")

    made = blocks()
    made.add(start)
    made.add(shaky, text="start.message", _retries=2, _wait=0)
    made.add(broken, text="shaky.text", _if_it_fails="port")
    made.add(answer, text="broken.error", _answers=True)
    assert said(made) == {"answer": "It is broken. Mend it."}
    assert len(tries) == 3
