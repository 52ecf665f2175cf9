"""Two versions told apart in sentences: each case is a change and what is said of it."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flowloom.configuration.backbone import with_edits
from flowloom.configuration.choices import UseAgent, edits_for
from flowloom.differences import differences
from flowloom.flow.model import Flow
from flowloom.store.templates import templates

BEFORE = Flow.model_validate(
    {
        "name": "Desk",
        "nodes": [
            {"id": "m", "kind": "chat.message"},
            {"id": "ask", "kind": "model", "name": "Ask", "config": {"instructions": "Be kind."}},
            {"id": "z", "kind": "chat.answer"},
        ],
        "edges": [{"from": "m.message", "to": "ask.prompt"}, {"from": "ask.answer", "to": "z.text"}],
        "layout": {"m": {"x": 0, "y": 0}},
    }
)


def changed(**changes: Any) -> Flow:
    document = BEFORE.model_dump(mode="json", by_alias=True)
    for path, value in changes.items():
        *way, last = path.split("__")
        place: Any = document
        for step in way:
            place = place[int(step) if step.isdecimal() else step]
        place[int(last) if last.isdecimal() else last] = value
    return Flow.model_validate(document)


CASES = [
    ({}, []),
    ({"name": "Helpdesk"}, ["The name is “Helpdesk”."]),
    ({"nodes__1__config": {"instructions": "Be brief."}}, ["Changed the block “Ask”: Instructions"]),
    (
        {
            "nodes__1__config": {"instructions": "Be kind.", "temperature": 0.1},
            "nodes__1__settings": {"retries": 2},
        },
        ["Changed the block “Ask”: Temperature, settings"],
    ),
    ({"nodes__1__name": "Answer it"}, ["Renamed “Ask” to “Answer it”."]),
    ({"edges": [BEFORE.edges[0].model_dump(by_alias=True)]}, ["“Ask” is no longer connected to “Answer”."]),
    (
        {"edges__1": {"from": "m.message", "to": "z.text"}},
        ["“Ask” is no longer connected to “Answer”.", "Connected “Chat message” to “Answer”."],
    ),
    (
        {"nodes": [*(node.model_dump() for node in BEFORE.nodes), {"id": "t", "kind": "text", "name": "Rules"}]},
        ["Added the block “Rules”."],
    ),
    ({"language": "fr"}, ["It speaks another language."]),
    ({"budget": {"steps": 5}}, ["The limits of a run are different."]),
    ({"layout__m": {"x": 9, "y": 9}}, ["Blocks were moved on the canvas."]),
]


@pytest.mark.parametrize(("changes", "told"), CASES)
def test_each_change_is_a_sentence(changes: dict[str, Any], told: list[str]) -> None:
    assert differences(BEFORE, changed(**changes), "en") == told


def test_a_removed_block_takes_its_lines_along() -> None:
    nodes = [node.model_dump() for node in BEFORE.nodes if node.id != "ask"]
    assert differences(BEFORE, changed(nodes=nodes, edges=[]), "en") == ["Removed the block “Ask”."]
    assert differences(BEFORE, changed(nodes=nodes, edges=[]), "fr") == ["Bloc «\u202fAsk\u202f» retiré."]


ALL = [template.flow for template in templates("en")]


@given(st.sampled_from(ALL), st.sampled_from(ALL), st.sampled_from(["en", "zh", "fr"]))
def test_something_is_said_exactly_where_something_is_different(before: Flow, after: Flow, language: str) -> None:
    assert bool(differences(before, after, language)) == (before.id != after.id)


def test_lines_that_a_block_keeps_as_another_kind_are_not_told() -> None:
    before = next(each.flow for each in templates() if each.flow.id == "support-desk")
    after = with_edits(before, edits_for(before, UseAgent()))
    assert differences(before, after, "en") == ["“Write the reply” is a block of another kind now: Agent."]


def test_a_line_that_goes_to_another_input_is_one_sentence() -> None:
    nodes = [{"id": "a", "kind": "chat.message"}, {"id": "b", "kind": "model", "name": "Ask"}]
    before, after = (
        Flow.model_validate({"id": "f", "nodes": nodes, "edges": [{"from": "a.message", "to": f"b.{port}"}]})
        for port in ("prompt", "passages")
    )
    assert differences(before, after, "en") == ["“Chat message” goes to another input of “Ask”."]
