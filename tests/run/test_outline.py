"""The flow as a list: every block once, what it takes before it, under the way it hangs on."""

from typing import Any, NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flowloom.flow.model import Flow
from flowloom.kinds.registry import all_kinds
from flowloom.run.reading.outline import Row, outline


class Case(NamedTuple):
    name: str
    blocks: str
    """`id:kind`, in the order of the file."""
    lines: str
    rows: list[str]
    """Each block as the ports of its ways and its id."""


ROUTE = {"rows": [{"name": "Yes"}, {"name": "No"}]}
CASES = [
    Case("empty", "", "", []),
    Case(
        "chain, written backwards",
        "answer:chat.answer model:model message:chat.message",
        "message.message>model.prompt model.answer>answer.text",
        ["message", "model", "answer"],
    ),
    Case(
        "ways stand together, in the order of the outputs, and end where they meet",
        "message:chat.message no:prompt yes:prompt way:branch merge:merge no2:model yes2:model",
        "message.message>way.value way.no>no.message way.yes>yes.message yes.prompt>yes2.prompt "
        "no.prompt>no2.prompt message.history>no2.history message.history>yes2.history "
        "no2.answer>merge.values yes2.answer>merge.values",
        ["message", "way", "yes/yes", "yes/yes2", "no/no", "no/no2", "merge"],
    ),
    Case(
        "ways within ways",
        "message:chat.message one:branch two:branch answer:chat.answer",
        "message.message>one.value one.yes>two.value two.no>answer.text",
        ["message", "one", "yes/two", "yes/no/answer"],
    ),
    Case(
        "an optional input alone puts nothing under a way",
        "message:chat.message way:branch model:model",
        "message.message>way.value way.yes>model.passages message.message>model.prompt",
        ["message", "way", "model"],
    ),
    Case(
        "tools stand under their agent",
        "message:chat.message sum:calculator agent:agent answer:chat.answer",
        "message.message>agent.message sum.tool>agent.tools agent.answer>answer.text",
        ["message", "agent", "tools/sum", "answer"],
    ),
    Case(
        "notes come last, blocks of no known kind where they are",
        "note:note message:chat.message odd:from.the.future answer:chat.answer",
        "message.message>odd.x odd.y>answer.text",
        ["message", "odd", "answer", "note"],
    ),
    Case(
        "a circle is still listed",
        "message:chat.message a:merge b:merge",
        "message.message>a.values a.value>b.values b.value>a.values",
        ["message", "a", "b"],
    ),
]


def flow_of(blocks: str, lines: str) -> Flow:
    nodes: list[dict[str, Any]] = []
    for block in blocks.split():
        id, kind = block.split(":")
        nodes.append({"id": id, "kind": kind, "config": ROUTE if kind == "branch" else {}})
    edges = [dict(zip(("from", "to"), line.split(">"), strict=True)) for line in lines.split()]
    return Flow.model_validate({"nodes": nodes, "edges": edges})


def said(row: Row) -> str:
    return "/".join([*(way.port.id for way in row.ways), row.node.id])


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_outline(case: Case) -> None:
    rows = outline(flow_of(case.blocks, case.lines), all_kinds())
    assert [said(row) for row in rows] == case.rows
    assert [row.number for row in rows] == list(range(1, len(rows) + 1))


def test_an_error_port_is_a_way() -> None:
    flow = flow_of("message:chat.message model:model answer:chat.answer", "message.message>model.prompt")
    nodes = [node.model_dump() for node in flow.nodes]
    nodes[1]["settings"]["on_error"] = "port"
    edges = [{"from": "message.message", "to": "model.prompt"}, {"from": "model.error", "to": "answer.text"}]
    rows = outline(Flow.model_validate({"nodes": nodes, "edges": edges}), all_kinds())
    assert [said(row) for row in rows] == ["message", "model", "error/answer"]


KINDS = ["chat.message", "branch", "merge", "model", "agent", "calculator", "note", "from.the.future"]


@st.composite
def flows(draw: st.DrawFn, loops: bool = False) -> Flow:
    kinds = draw(st.lists(st.sampled_from(KINDS), max_size=9))
    pairs = [(a, b) for a in range(len(kinds)) for b in range(len(kinds)) if a < b or (loops and a != b)]
    drawn = draw(st.lists(st.sampled_from(pairs), max_size=16, unique=True)) if pairs else []
    ports = st.sampled_from(["yes", "no", "value", "answer", "error"])
    edges = [
        {"from": f"n{a}.{draw(ports)}", "to": f"n{b}.{draw(st.sampled_from(['values', 'prompt', 'value']))}"}
        for a, b in drawn
    ]
    nodes = [
        {"id": f"n{at}", "kind": kind, "config": ROUTE if kind == "branch" else {}} for at, kind in enumerate(kinds)
    ]
    return Flow.model_validate({"nodes": draw(st.permutations(nodes)), "edges": edges})


@settings(deadline=None)
@given(flows())
def test_every_block_once_and_after_what_it_takes(flow: Flow) -> None:
    rows = outline(flow, all_kinds())
    place = {row.node.id: row.number for row in rows}
    assert sorted(place) == sorted(node.id for node in flow.nodes)
    notes = {row.node.id for row in rows if row.notes}
    for edge in flow.edges:
        if not notes & {edge.start.node, edge.end.node}:
            assert place[edge.start.node] < place[edge.end.node]
    assert all(place[way.owner] < row.number for row in rows for way in row.ways if way.owner not in notes)


@settings(deadline=None)
@given(flows(loops=True))
def test_circles_lose_no_block(flow: Flow) -> None:
    rows = outline(flow, all_kinds())
    assert sorted(row.node.id for row in rows) == sorted(node.id for node in flow.nodes)
