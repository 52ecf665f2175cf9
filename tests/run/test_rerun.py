"""Again from a node: what does not descend from it is kept, and the outcome is that of a full run."""

import asyncio
from dataclasses import replace
from typing import Any, NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flowloom.flow.model import Flow, Node
from flowloom.kinds.context import Turn
from flowloom.kinds.registry import all_kinds
from flowloom.run.events import (
    NodeEvent,
    NodeFinished,
    NodeSkipped,
    NodeStarted,
    RunEvent,
    RunFinished,
    event_json,
    read_event,
)
from flowloom.run.execution.executor import execute
from flowloom.run.execution.rerun import descent, log_again, not_to_repeat, with_pinned
from flowloom.run.planning.plan import plan_of
from flowloom.run.reading.steps import story_of
from flowloom.run.reading.view import view_of
from tests.run.kinds_for_tests import registry
from tests.run.test_executor import SERVICES, flow_of, graphs, run


def logged(events: list[RunEvent]) -> list[RunEvent]:
    return [read_event(event_json(event)) for event in events]


def again(past: list[RunEvent], flow: Flow, node: str) -> list[RunEvent]:
    """The whole log of the new run."""
    events = log_again(logged(past), flow, registry(), node, "again", "hi")
    kept = list(events)
    asyncio.run(execute(plan_of(flow, registry()), Turn("hi"), SERVICES, events.append, "again", kept))
    assert [event.seq for event in events] == list(range(len(events)))
    assert {event.run_id for event in events} == {"again"}
    return events


def ran(events: list[RunEvent]) -> set[str]:
    """The nodes that ran now."""
    began = events[0].at
    return {event.node for event in events if isinstance(event, NodeStarted) and event.at >= began}


def ends(events: list[RunEvent]) -> dict[tuple[str, int], Any]:
    """How every node ended."""
    return {
        (event.node, event.round): event.outputs if isinstance(event, NodeFinished) else None
        for event in events
        if isinstance(event, NodeFinished | NodeSkipped)
    }


def with_config(flow: Flow, node: str, **config: Any) -> Flow:
    def changed(each: Node) -> Node:
        return each.model_copy(update={"config": {**each.config, **config}}) if each.id == node else each

    return flow.model_copy(update={"nodes": tuple(changed(each) for each in flow.nodes)})


DIAMOND = {"a": "start", "b": ("say", {"word": "b"}), "c": ("say", {"word": "c"}), "d": "pair", "z": "answer"}
DIAMOND_EDGES = "a>b a>c b>d.left c>d.right d>z"
LOOP = {
    "a": "start",
    "b": ("say", {"word": "b"}),
    "u": ("until", {"times": 6}),
    "s": ("say", {"word": "s"}),
    "o": ("say", {"word": "o"}),
    "d": "pair",
    "z": "answer",
}
LOOP_EDGES = "a>o a>b b>u u.no>s s>b u.yes>d.left o>d.right d>z"


class Case(NamedTuple):
    name: str
    before: Flow
    now: Flow
    node: str
    ran: str
    answer: str


CASES = [
    Case(
        "one arm of a diamond",
        flow_of(DIAMOND, DIAMOND_EDGES),
        flow_of({**DIAMOND, "b": ("say", {"word": "B"})}, DIAMOND_EDGES),
        "b",
        "b d z",
        "(hiB,hic)",
    ),
    Case(
        "the way a fork takes",
        flow_of({"a": "start", "f": "fork", "y": "say", "n": ("say", {"word": "n"}), "z": "answer"},
                "a>f f.yes>y f.no>n y>z n>z"),
        flow_of({"a": "start", "f": ("fork", {"yes": False}), "y": "say", "n": ("say", {"word": "n"}),
                 "z": "answer"}, "a>f f.yes>y f.no>n y>z n>z"),
        "f",
        "f n z",
        "hin",
    ),
    Case("a loop counts whole", flow_of(LOOP, LOOP_EDGES), flow_of(LOOP, LOOP_EDGES), "s", "b u s d z",
         "(hibsbsb,hio)"),
    Case("beside a loop", flow_of(LOOP, LOOP_EDGES), flow_of({**LOOP, "o": ("say", {"word": "!"})}, LOOP_EDGES),
         "o", "o d z", "(hibsbsb,hi!)"),
    Case(
        "a new line into what was kept",
        flow_of({"a": "start", "b": "say", "g": "gather", "z": "answer"}, "a>b b>g.values g>z"),
        flow_of({"a": "start", "b": "say", "g": "gather", "z": "answer"}, "a>b b>g.values a>g.values g>z"),
        "z",
        "g z",
        "hi+hi",
    ),
    Case(
        "a new node before what was kept",
        flow_of({"a": "start", "b": "say", "z": "answer"}, "a>b b>z"),
        flow_of({"a": "start", "n": ("say", {"word": "n"}), "b": "say", "z": "answer"}, "a>n n>b b>z"),
        "z",
        "n b z",
        "hin",
    ),
    Case(
        "another kind under the same name",
        flow_of({"a": "start", "b": "fork", "c": "say", "z": "answer"}, "a>b b.yes>c c>z"),
        flow_of({"a": "start", "b": ("say", {"word": "b"}), "c": "say", "z": "answer"}, "a>b b>c c>z"),
        "z",
        "b c z",
        "hib",
    ),
    Case(
        "a node that was removed",
        flow_of({"a": "start", "b": ("say", {"word": "b"}), "c": "say", "z": "answer"}, "a>b b>c c>z"),
        flow_of({"a": "start", "c": "say", "z": "answer"}, "a>c c>z"),
        "z",
        "c z",
        "hi",
    ),
    Case(
        "a failure that went on with a value",
        flow_of({"a": "start", "b": ("break", {}, {"on_error": "value", "fallback": {"value": "spare"}}),
                 "c": "say", "z": "answer"}, "a>b b>c c>z"),
        flow_of({"a": "start", "b": ("break", {}, {"on_error": "value", "fallback": {"value": "spare"}}),
                 "c": ("say", {"word": "!"}), "z": "answer"}, "a>b b>c c>z"),
        "c",
        "c z",
        "spare!",
    ),
    Case(
        "a failure that ended the run is mended",
        flow_of({"a": "start", "o": "say", "b": "break", "z": "answer"}, "a>o o>b b>z"),
        flow_of({"a": "start", "o": "say", "b": ("break", {}, {"pinned": {"value": "mended"}}), "z": "answer"},
                "a>o o>b b>z"),
        "z",
        "b z",
        "mended",
    ),
    Case(
        "a loop that may go round more often",
        flow_of({"a": "start", "w": ("say", {"word": "x"}, {"rounds": 2}), "u": ("until", {"times": 99}),
                 "z": "answer"}, "a>w w>u u.no>w w>z"),
        flow_of({"a": "start", "w": ("say", {"word": "x"}, {"rounds": 3}), "u": ("until", {"times": 99}),
                 "z": "answer"}, "a>w w>u u.no>w w>z"),
        "z",
        "w u z",
        "hixxx",
    ),
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_shapes(case: Case) -> None:
    events = again(run(case.before), case.now, case.node)
    assert ran(events) == set(case.ran.split())
    view = view_of(events)
    assert (view.state, view.text) == ("finished", case.answer)
    assert view.again == "r"


@settings(deadline=None, max_examples=150)
@given(graphs(), st.data())
def test_any_node_of_any_graph(flow: Flow, data: st.DataObject) -> None:
    node = data.draw(st.sampled_from([node.id for node in flow.nodes]))
    now = with_config(flow, node, word="changed", yes=data.draw(st.booleans()))
    events = again(run(flow), now, node)
    assert ends(events) == ends(run(now))
    assert ran(events) <= descent(flow, [node])


@settings(deadline=None, max_examples=150)
@given(graphs(), st.data())
def test_lines_that_were_drawn_or_removed_since(flow: Flow, data: st.DataObject) -> None:
    kept = data.draw(st.lists(st.sampled_from(flow.edges), unique=True, min_size=1))
    before = flow.model_copy(update={"edges": tuple(edge for edge in flow.edges if edge in kept)})
    node = data.draw(st.sampled_from([node.id for node in flow.nodes]))
    assert ends(again(run(before), flow, node)) == ends(run(flow))


@settings(deadline=None, max_examples=80)
@given(graphs(), st.data())
def test_from_a_run_that_was_cut_off(flow: Flow, data: st.DataObject) -> None:
    past = run(flow)
    cut = past[: data.draw(st.integers(1, len(past)))]
    node = data.draw(st.sampled_from([node.id for node in flow.nodes]))
    assert ends(again(cut, flow, node)) == ends(past)


@settings(deadline=None, max_examples=80)
@given(graphs(), st.data())
def test_going_on_with_another_output(flow: Flow, data: st.DataObject) -> None:
    past = run(flow)
    given_ = {name: event for (name, _), event in ends(past).items() if event}
    node = data.draw(st.sampled_from(sorted(given_)))
    now = with_pinned(flow, node, dict.fromkeys(given_[node], "mine"))
    events = again(past, now, node)
    assert ends(events) == ends(run(now))
    assert ends(events)[node, 1] == dict.fromkeys(given_[node], "mine")


def test_what_was_kept_took_nothing_now_and_says_so() -> None:
    flow = flow_of(
        {"a": "start", "b": ("speak", {"tokens": 9}), "c": ("speak", {"tokens": 5}), "z": "answer"},
        "a>b b>c c>z",
    )
    past = run(flow)
    events = again([replace(event, at=event.at - 60) for event in past], flow, "c")
    assert view_of(past).usage.tokens == 14
    assert view_of(events).usage.tokens == 5
    assert [(step.node, step.kept) for step in story_of(events)] == [
        ("a", True),
        ("b", True),
        ("c", False),
        ("z", False),
    ]


def test_calls_belong_to_the_node_that_made_them() -> None:
    flow = flow_of({"a": "start", "b": "say", "z": "answer"}, "a>b b>z")
    past = run(flow)
    where = {"run_id": "r", "seq": 0, "at": 1.0}
    tool = NodeStarted(node="t", call="b.1", **where)
    inner = NodeStarted(node="a/x", call="a#2/agent.1", **where)
    kept = log_again([*past, tool, inner], flow, registry(), "b", "n", "hi")
    assert {event.node for event in kept if isinstance(event, NodeEvent)} == {"a", "a/x"}


def test_a_kept_run_can_be_repeated_again() -> None:
    flow = flow_of(DIAMOND, DIAMOND_EDGES)
    once = again(run(flow), flow, "d")
    twice = again(once, with_config(flow, "c", word="C"), "c")
    assert ran(twice) == {"c", "d", "z"}
    assert view_of(twice).text == "(hib,hiC)"
    assert isinstance(twice[-1], RunFinished)


def test_what_does_something_outside_is_named() -> None:
    kinds = {**registry(), "say": replace(registry()["say"], safe_to_repeat=False)}
    flow = flow_of({"a": "start", "b": "say", "c": ("say", {}, {"pinned": {}}), "z": "answer"}, "a>b b>c c>z")
    assert [node.id for node in not_to_repeat(flow, kinds, descent(flow, ["a"]))] == ["b"]


def test_what_does_something_outside_within_a_block_is_named_by_the_block() -> None:
    inner = {"nodes": [{"id": "h", "kind": "http.request", "config": {"url": "https://example.com"}}]}
    flow = Flow.model_validate(
        {
            "nodes": [
                {"id": "s", "kind": "flow.sub", "config": {"flow": inner}},
                {"id": "p", "kind": "flow.sub", "config": {"flow": {"nodes": []}}},
            ]
        }
    )
    assert [node.id for node in not_to_repeat(flow, all_kinds(), ["s", "p"])] == ["s"]
