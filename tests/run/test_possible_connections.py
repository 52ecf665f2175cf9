"""Lines that may be drawn and blocks that may be added."""

import pytest

from flowloom.errors import FlowEditError
from flowloom.flow.edit import apply
from flowloom.flow.model import Flow, Position
from flowloom.kinds.registry import all_kinds
from flowloom.run.planning.possible_connections import add, connect, inputs_for, outputs_for
from tests.run.test_outline import flow_of

KINDS = all_kinds()
CHAIN = (
    "message:chat.message model:model answer:chat.answer",
    "message.message>model.prompt model.answer>answer.text",
)
WITH_AGENT = "message:chat.message sum:calculator agent:agent"


@pytest.mark.parametrize(
    ("blocks", "lines", "source", "targets"),
    [
        (*CHAIN, "message.history", ["model.history", "model.prompt", "answer.text"]),
        (*CHAIN, "message.message", ["answer.text"]),
        (*CHAIN, "answer.text", []),
        (*CHAIN, "gone.text", []),
        (*CHAIN, "model.gone", []),
        (WITH_AGENT, "", "sum.tool", ["agent.tools"]),
        (WITH_AGENT, "", "message.attachments", ["sum.expression", "agent.message"]),
    ],
)
def test_a_line_may_lead_to(blocks: str, lines: str, source: str, targets: list[str]) -> None:
    assert [end.name for end in inputs_for(flow_of(blocks, lines), KINDS, source)] == targets


def test_a_line_that_leads_back_is_refused() -> None:
    with pytest.raises(FlowEditError):
        connect(flow_of(*CHAIN), KINDS, "answer.text", "model.prompt")


def test_a_new_block_follows_what_fits_it() -> None:
    flow = flow_of(*CHAIN)
    assert [end.name for end in outputs_for(flow, KINDS, KINDS["chat.message"])] == []
    assert "model.answer" in [end.name for end in outputs_for(flow, KINDS, KINDS["chat.answer"])]


def test_three_blocks_make_a_flow() -> None:
    flow = Flow()
    after = None
    for kind, output in (("chat.message", "message"), ("model", "answer"), ("chat.answer", "text")):
        node, edits = add(flow, KINDS, KINDS[kind], after)
        for edit in edits:
            flow = apply(flow, edit)
        after = f"{node.id}.{output}"
    assert [(edge.source, edge.target) for edge in flow.edges] == [
        ("message.message", "model.prompt"),
        ("model.answer", "answer.text"),
    ]
    places = [flow.layout[node.id] for node in flow.nodes]
    assert [place.x for place in places] == sorted({place.x for place in places})


def test_blocks_never_lie_on_each_other() -> None:
    flow = flow_of("message:chat.message", "")
    for after in ("message.message",) * 4 + (None,) * 3:
        _, edits = add(flow, KINDS, KINDS["model"], after)
        for edit in edits:
            flow = apply(flow, edit)
    places = [Position(x=0, y=0), *flow.layout.values()]
    apart = [abs(a.x - b.x) >= 240 or abs(a.y - b.y) >= 140 for a in places for b in places if a is not b]
    assert all(apart)


def test_what_follows_a_block_that_is_gone_is_refused() -> None:
    with pytest.raises(FlowEditError):
        add(Flow(), KINDS, KINDS["model"], "gone.text")
