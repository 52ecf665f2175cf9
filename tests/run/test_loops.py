"""Loops: drawn by an edge back, gone round until no edge leads back or the limit is reached."""

from typing import Any, NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flowloom.flow.loops import entries_of, loops_of
from flowloom.flow.model import Flow
from flowloom.kinds.kind import TOOL_PORT
from flowloom.run.events import NodeFinished, NodeSkipped
from flowloom.run.planning.check import find_problems
from flowloom.run.reading.steps import story_of
from tests.run.kinds_for_tests import registry
from tests.run.test_executor import flow_of, run, seen


class Case(NamedTuple):
    name: str
    nodes: dict[str, Any]
    edges: str
    answer: str
    times: dict[str, int]


X = ("say", {"word": "x"})
Y = ("say", {"word": "y"})


def until(length: int) -> Any:
    return ("until", {"times": length})


CASES = [
    Case(
        "again until it is good",
        {"a": "start", "w": X, "u": until(5), "z": "answer"},
        "a>w w>u u.no>w u.yes>z",
        "hixxx",
        {"w": 3, "u": 3, "z": 1},
    ),
    Case(
        "good at once",
        {"a": "start", "w": X, "u": until(1), "z": "answer"},
        "a>w w>u u.no>w u.yes>z",
        "hix",
        {"w": 1},
    ),
    Case(
        "at most so many rounds, and the last word leaves",
        {"a": "start", "w": (*X, {"rounds": 4}), "u": until(99), "z": "answer"},
        "a>w w>u u.no>w w>z",
        "hixxxx",
        {"w": 4, "z": 1},
    ),
    Case(
        "an input that only later rounds fill is empty at first",
        {"a": "start", "p": "pair", "u": until(12), "z": "answer"},
        "a>p.left p>u u.no>p.right u.yes>z",
        "(hi,(hi,(hi,)))",
        {"p": 3},
    ),
    Case(
        "a way through the loop that is not taken in every round",
        {"a": "start", "u": until(4), "w": X, "v": until(6), "y": Y, "g": "gather", "e": until(7), "z": "answer"},
        "a>u u.no>w u.yes>v v.no>y w>g.values y>g.values g>e e.no>u e.yes>z v.yes>z",
        "hixxyy",
        {"u": 5, "w": 2, "y": 2},
    ),
    Case(
        "one in the other",
        {"a": "start", "o": Y, "w": X, "i": until(6), "u": until(9), "z": "answer"},
        "a>o o>w w>i i.no>w i.yes>u u.no>o u.yes>z",
        "hiyxxxyxyx",
        {"o": 3, "w": 5},
    ),
    Case(
        "two, one after the other",
        {"a": "start", "w": X, "u": until(4), "y": Y, "v": until(6), "z": "answer"},
        "a>w w>u u.no>w u.yes>y y>v v.no>y v.yes>z",
        "hixxyy",
        {"w": 2, "y": 2},
    ),
    Case(
        "a block that leads back to itself by a branch alone",
        {"a": "start", "u": (*until(9), {"rounds": 3}), "z": "answer"},
        "a>u u.no>u u.no>z",
        "hi",
        {"u": 3},
    ),
    Case(
        "an answer within",
        {"a": "start", "w": (*X, {"rounds": 3}), "z": "answer", "u": until(99)},
        "a>w w>z w>u u.no>w",
        "hixxx",
        {"w": 3},
    ),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_rounds(case: Case) -> None:
    flow = flow_of(case.nodes, case.edges)
    assert find_problems(flow, registry()) == []
    events = run(flow)
    assert seen(flow).text == case.answer
    finished = [event.node for event in events if isinstance(event, NodeFinished)]
    assert {name: finished.count(name) for name in case.times} == case.times


def test_a_loop_that_lets_nothing_out_says_so() -> None:
    flow = flow_of(
        {"a": "start", "w": (*X, {"rounds": 3}), "u": until(99), "z": "answer"}, "a>w w>u u.no>w u.yes>z"
    )
    view = seen(flow)
    assert view.state == "failed"
    assert view.problem is not None
    assert (view.problem.code, view.problem.params["rounds"]) == ("loop.limit", "3")
    assert view.problem.node in ("w", "u")


@pytest.mark.parametrize(
    ("nodes", "edges", "code"),
    [
        ({"a": "start", "w": X, "v": X, "z": "answer"}, "a>z w>v v>w", "loop.no_entry"),
        (
            {"a": "start", "w": "pair", "v": "pair", "z": "answer"},
            "a>w.left a>v.left w>v.right v>w.right v>z",
            "loop.entries",
        ),
        ({"a": "start", "w": X, "u": until(3), "z": "answer"}, "a>w w>u u.no>w a>z", "loop.no_exit"),
    ],
)
def test_a_wrong_loop_is_explained(nodes: dict[str, Any], edges: str, code: str) -> None:
    flow = flow_of(nodes, edges)
    (problem,) = [each for each in find_problems(flow, registry()) if each.code.startswith("loop.")]
    assert problem.code == code
    assert problem.node in ("w", "v")


def test_every_round_is_in_the_story_with_its_number() -> None:
    flow = flow_of({"a": "start", "w": X, "u": until(5), "z": "answer"}, "a>w w>u u.no>w u.yes>z")
    steps = [step for step in story_of(run(flow)) if step.node == "w"]
    assert [(step.round, step.outputs["value"]) for step in steps] == [(1, "hix"), (2, "hixx"), (3, "hixxx")]


def test_a_loop_that_is_not_reached_is_passed_over() -> None:
    flow = flow_of(
        {"a": "start", "f": ("fork", {"yes": True}), "w": X, "u": until(5), "y": "answer", "z": "answer"},
        "a>f f.no>w w>u u.no>w u.yes>z f.yes>y",
    )
    skipped = [event.node for event in run(flow) if isinstance(event, NodeSkipped)]
    assert sorted(skipped) == ["u", "w", "z"]
    assert seen(flow).text == "hi"


def test_a_long_chain_that_is_passed_over_needs_no_deep_stack() -> None:
    nodes = {"a": "start", "f": ("fork", {"yes": True}), "y": "answer"} | {f"n{at}": X for at in range(1_500)}
    chain = " ".join(f"n{at}>n{at + 1}" for at in range(1_499))
    assert seen(flow_of(nodes, f"a>f f.yes>y f.no>n0 {chain}")).state == "finished"


@st.composite
def nests(draw: st.DrawFn) -> tuple[Flow, str]:
    """Loops in a row, each of some blocks, each until a length; and what comes out by plain reading."""
    nodes: dict[str, Any] = {"a": "start"}
    edges, before, text = [], "a", "hi"
    for number in range(draw(st.integers(1, 3))):
        words = draw(st.lists(st.sampled_from("bcd"), min_size=1, max_size=4))
        rounds, length = draw(st.integers(1, 5)), draw(st.integers(0, 15))
        for at, word in enumerate(words):
            name = f"n{number}-{at}"
            nodes[name] = ("say", {"word": word}, {"rounds": rounds} if not at else {})
            edges.append(f"{before if not at else f'n{number}-{at - 1}.value'}>{name}")
        last, check = f"n{number}-{len(words) - 1}", f"u{number}"
        nodes[check] = until(length)
        edges += [f"{last}>{check}", f"{check}.no>n{number}-0"]
        for _ in range(rounds):
            text += "".join(words)
            if len(text) >= length:
                break
        before = f"{last}.value"
    nodes["z"] = "answer"
    return flow_of(nodes, " ".join([*edges, f"{before}>z"])), text


@settings(deadline=None, max_examples=80)
@given(nests())
def test_loops_do_as_the_words_say(drawn: tuple[Flow, str]) -> None:
    flow, text = drawn
    assert seen(flow).text == text


def test_loops_are_found_with_those_within() -> None:
    flow = flow_of({name: X for name in "abcde"}, "a>b b>c c>d d>c d>b d>e")
    (outer,) = loops_of(flow)
    assert (sorted(outer.members), outer.entries, outer.has_exit) == (["b", "c", "d"], ("b",), True)
    (inner,) = outer.inner
    assert (sorted(inner.members), inner.entries) == (["c", "d"], ("c",))


def test_entries_are_those_of_inner_loops_too_and_none_of_tools() -> None:
    flow = flow_of({name: X for name in "abcdef"}, "a>b b>c c>d d>c d>b d>e e>f f.tool>e")
    assert entries_of(flow, [TOOL_PORT.id]) == {"b", "c"}
