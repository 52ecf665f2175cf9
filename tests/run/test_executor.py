"""What runs, in which order, and what is told: each shape of graph as one case."""

import asyncio
import time
from collections.abc import Mapping
from typing import Any, NamedTuple

import networkx as nx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flowloom.flow.model import Budget, Edge, Flow, Node
from flowloom.kinds.context import Turn
from flowloom.kinds.services import Services
from flowloom.run.events import NodeFinished, NodeProgress, RunEvent, event_json, read_event
from flowloom.run.execution.executor import execute
from flowloom.run.planning.check import find_problems
from flowloom.run.planning.plan import plan_of
from flowloom.run.reading.view import RunView, view_of
from tests.run.kinds_for_tests import registry

SERVICES = Services(*[None] * 4)  # type: ignore[list-item]


def flow_of(nodes: Mapping[str, Any], edges: str, **more: Any) -> Flow:
    """`nodes` by id: a kind, or (kind, config, settings); `edges` as "a>b a.yes>b.left"."""

    def node(id: str, what: Any) -> Node:
        kind, config, settings = (*what, {}, {})[:3] if isinstance(what, tuple) else (what, {}, {})
        return Node.model_validate({"id": id, "kind": kind, "config": config, "settings": settings})

    def end(text: str) -> str:
        return text if "." in text else f"{text}.value"

    return Flow(
        nodes=tuple(node(id, what) for id, what in nodes.items()),
        edges=tuple(
            Edge.model_validate({"from": end(a), "to": end(b)})
            for a, b in (edge.split(">") for edge in edges.split())
        ),
        **more,
    )


def run(flow: Flow, message: str = "hi") -> list[RunEvent]:
    events: list[RunEvent] = []
    asyncio.run(execute(plan_of(flow, registry()), Turn(message), SERVICES, events.append, "r"))
    return events


def seen(flow: Flow) -> RunView:
    return view_of(run(flow))


class Case(NamedTuple):
    name: str
    nodes: dict[str, Any]
    edges: str
    answer: str
    skipped: set[str] = set()  # noqa: RUF012
    state: str = "finished"


CASES = [
    Case("chain", {"a": "start", "b": ("say", {"word": "!"}), "z": "answer"}, "a>b b>z", "hi!"),
    Case(
        "diamond",
        {
            "a": "start",
            "b": ("slow", {"word": "b", "seconds": 0.02}),
            "c": ("say", {"word": "c"}),
            "d": "pair",
            "z": "answer",
        },
        "a>b a>c b>d.left c>d.right d>z",
        "(hib,hic)",
    ),
    Case(
        "branch",
        {"a": "start", "f": ("fork", {"yes": False}), "y": "say", "n": ("say", {"word": "n"}), "z": "answer"},
        "a>f f.yes>y f.no>n y>z n>z",
        "hin",
        {"y"},
    ),
    Case(
        "skip runs on",
        {"a": "start", "f": "fork", "n": "say", "m": "say", "z": "answer"},
        "a>f f.no>n n>m f.yes>z",
        "hi",
        {"n", "m"},
    ),
    Case(
        "a dead required input skips",
        {"a": "start", "f": "fork", "p": "pair", "z": "answer"},
        "a>f f.yes>p.left f.no>p.right p>z",
        "",
        {"p", "z"},
    ),
    Case(
        "many inputs in the order of the edges",
        {
            "a": "start",
            "s": ("slow", {"word": "1", "seconds": 0.03}),
            "t": ("say", {"word": "2"}),
            "g": "gather",
            "z": "answer",
        },
        "a>s a>t s>g.values t>g.values g>z",
        "hi1+hi2",
    ),
    Case(
        "two answers",
        {"a": "start", "y": "answer", "s": ("slow", {"word": "late", "seconds": 0.02}), "z": "answer"},
        "a>y a>s s>z",
        "hi\n\nhilate",
    ),
    Case(
        "a block that waits runs only where one it is after has run",
        {
            "a": "start",
            "f": "fork",
            "y": ("say", {"word": "y"}, {"wait": True}),
            "n": ("say", {"word": "n"}, {"wait": True}),
            "z": "answer",
        },
        "a>y a>n a>f f.yes>y.@after f.no>n.@after y>z n>z",
        "hiy",
        {"n"},
    ),
    Case(
        "one of several it waits for is enough",
        {"a": "start", "f": "fork", "y": "say", "n": "say", "z": ("answer", {}, {"wait": True})},
        "a>f f.yes>y f.no>n y>z.@after n>z.@after a>z",
        "hi",
        {"n"},
    ),
    Case("failure stops", {"a": "start", "b": "break", "z": "answer"}, "a>b b>z", "", state="failed"),
    Case(
        "failure gives a value",
        {"a": "start", "b": ("break", {}, {"on_error": "value", "fallback": {"value": "spare"}}), "z": "answer"},
        "a>b b>z",
        "spare",
    ),
    Case(
        "failure leaves by its port",
        {"a": "start", "b": ("break", {}, {"on_error": "port"}), "y": "answer", "z": "answer"},
        "a>b b>y b.error>z",
        "It broke on hi. Mend it.",
        {"y"},
    ),
    Case(
        "retries",
        {"a": "start", "b": ("flaky", {"times": 2}, {"retries": 2, "retry_wait": 0}), "z": "answer"},
        "a>b b>z",
        "at last",
    ),
    Case(
        "too few retries",
        {"a": "start", "b": ("flaky", {"times": 2}, {"retries": 1, "retry_wait": 0}), "z": "answer"},
        "a>b b>z",
        "",
        state="failed",
    ),
    Case(
        "timeout",
        {"a": "start", "b": ("slow", {"seconds": 5}, {"timeout": 0.02}), "z": "answer"},
        "a>b b>z",
        "",
        state="failed",
    ),
    Case(
        "pinned output",
        {"a": "start", "b": ("break", {}, {"pinned": {"value": "kept"}}), "z": "answer"},
        "a>b b>z",
        "kept",
    ),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_shapes(case: Case) -> None:
    flow = flow_of(case.nodes, case.edges)
    assert [problem for problem in find_problems(flow, registry()) if problem.severity == "error"] == []
    view = seen(flow)
    assert view.state == case.state, view.problem
    assert view.text == case.answer
    assert {name for name, node in view.nodes.items() if node.status == "skipped"} == case.skipped


def test_a_failure_names_the_node_and_keeps_strange_texts_to_itself() -> None:
    view = seen(flow_of({"a": "start", "b": "crash", "z": "answer"}, "a>b b>z"))
    assert view.problem is not None
    assert view.problem.node == "b"
    assert "secret" not in str(view.problem)


def test_nodes_work_side_by_side() -> None:
    nodes: dict[str, Any] = {
        "a": "start",
        **{f"s{i}": ("slow", {"seconds": 0.1}) for i in range(20)},
        "g": "gather",
    }
    started = time.perf_counter()
    run(flow_of(nodes, " ".join(f"a>s{i} s{i}>g.values" for i in range(20))))
    assert time.perf_counter() - started < 1.0


def test_cancel_ends_a_run_at_once() -> None:
    events: list[RunEvent] = []
    flow = flow_of({"a": "start", "b": ("slow", {"seconds": 30}), "z": "answer"}, "a>b b>z")

    async def cancelled() -> None:
        task = asyncio.create_task(execute(plan_of(flow, registry()), Turn("hi"), SERVICES, events.append, "r"))
        await asyncio.sleep(0.02)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    asyncio.run(cancelled())
    view = view_of(events)
    assert view.state == "cancelled"
    assert "running" not in {node.status for node in view.nodes.values()}


@pytest.mark.parametrize(
    ("budget", "word"),
    [
        (Budget(steps=2), "2 steps"),
        (Budget(seconds=0.05), "0.05 seconds"),
        (Budget(tokens=5), "5 tokens"),
    ],
)
def test_budgets_end_a_run(budget: Budget, word: str) -> None:
    nodes = {"a": "start", "b": ("speak", {"tokens": 9}), "c": ("slow", {"seconds": 3}), "z": "answer"}
    view = seen(flow_of(nodes, "a>b b>c c>z", budget=budget))
    assert view.state == "failed"
    assert view.problem is not None
    assert word in str(view.problem)


def test_streams_through_an_answer() -> None:
    events = run(flow_of({"a": "start", "b": "speak", "z": "answer"}, "a>b b>z"))
    pieces = [event.text for event in events if isinstance(event, NodeProgress) and event.node == "z"]
    assert pieces == ["one ", "two ", "three"]
    partial = view_of(events[: [type(event) for event in events].index(NodeFinished) + 4])
    assert partial.answers


def test_events_are_numbered_and_survive_the_log() -> None:
    events = run(flow_of({"a": "start", "b": "break", "z": "answer"}, "a>b b>z"))
    assert [event.seq for event in events] == list(range(len(events)))
    assert [read_event(event_json(event)) for event in events] == events


@st.composite
def graphs(draw: st.DrawFn) -> Flow:
    """Any acyclic flow of say, fork and gather nodes, its edges from earlier to later ones."""
    count = draw(st.integers(2, 9))
    nodes: dict[str, Any] = {"n0": "start"}
    edges = []
    for i in range(1, count):
        kind = draw(st.sampled_from(["say", "fork", "gather"]))
        nodes[f"n{i}"] = (kind, {"word": str(i), "yes": draw(st.booleans())})
        for j in draw(st.lists(st.integers(0, i - 1), min_size=1, max_size=3, unique=True)):
            forks = nodes[f"n{j}"][0] == "fork"
            port = draw(st.sampled_from(["yes", "no"])) if forks else "value"
            edges.append(f"n{j}.{port}>n{i}.{'values' if kind == 'gather' else 'value'}")
    return flow_of(nodes, " ".join(edges))


def reference(flow: Flow) -> dict[str, dict[str, str]]:
    """What each node puts out, by the plainest reading of the rules: one node after the other."""
    graph = nx.DiGraph([(edge.start.node, edge.end.node) for edge in flow.edges])
    graph.add_nodes_from(node.id for node in flow.nodes)
    out: dict[str, dict[str, str]] = {}
    for id in nx.lexicographical_topological_sort(graph):
        node = flow.node(id)
        assert node is not None
        into = [edge for edge in flow.edges if edge.end.node == id]
        values = [out[edge.start.node][edge.start.port] for edge in into if edge.start.port in out[edge.start.node]]
        if into and not values:
            out[id] = {}
        elif node.kind == "gather":
            out[id] = {"value": "+".join(values)}
        elif node.kind == "fork":
            out[id] = {"yes" if node.config["yes"] else "no": values[0]}
        else:
            out[id] = {"value": (values[0] if values else "hi") + node.config.get("word", "")}
    return out


@settings(deadline=None, max_examples=150)
@given(graphs())
def test_any_graph_runs_as_the_reference_does(flow: Flow) -> None:
    finished = {event.node: dict(event.outputs) for event in run(flow) if isinstance(event, NodeFinished)}
    assert finished == {id: out for id, out in reference(flow).items() if out}
