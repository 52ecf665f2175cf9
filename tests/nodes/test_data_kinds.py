"""Text, Note, Remember, Recall and Merge."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flowloom.errors import FlowloomError, NodeError
from flowloom.kinds.registry import all_kinds
from tests.nodes.conftest import Ports, World


def test_a_text_hands_on_itself(world: World) -> None:
    assert world.run("text", {"text": "Open from {{9}} to 18"}) == {"text": "Open from {{9}} to 18"}


def test_a_note_does_nothing(world: World, ports: Ports) -> None:
    assert world.run("note", {"text": "Mind the gap"}) == {}
    assert ports.inputs("note") == ports.outputs("note") == []
    assert all_kinds()["note"].annotates


def test_a_long_text_is_short_on_the_card() -> None:
    kind = all_kinds()["text"]
    line = kind.summarise(kind.config.model_validate({"text": "word \n" * 1_000}))
    assert len(line) <= 60
    assert line.startswith("word word")


def test_what_is_remembered_is_recalled(world: World) -> None:
    assert world.run("memory.remember", {"name": " colour "}, value="blue") == {"value": "blue"}
    assert world.run("memory.recall", {"name": "colour"}) == {"value": "blue"}
    assert world.run("memory.recall", {"name": "colour"}, after="anything") == {"value": "blue"}


@pytest.mark.parametrize("value", [0, "", False, []])
def test_an_empty_value_is_remembered_too(world: World, value: Any) -> None:
    world.run("memory.remember", value=value)
    assert world.run("memory.recall", {"default": "other"}) == {"value": value}


def test_nothing_remembered(world: World) -> None:
    assert world.run("memory.recall", {"name": "colour", "default": "unknown"}) == {"value": "unknown"}


@pytest.mark.parametrize("kind", ["memory.remember", "memory.recall"])
def test_a_memory_needs_a_name(ports: Ports, kind: str) -> None:
    assert ports.problems(kind, name=" ") == ["memory.unnamed"]


@pytest.mark.parametrize(
    ("config", "values", "outputs"),
    [
        ({}, ["a"], ("a", "a", ["a"])),
        ({}, [{"x": 1}, "b"], ({"x": 1}, '{"x":1}', [{"x": 1}, "b"])),
        ({"mode": "join"}, ["a", 3.0], ("a\n\n3", "a\n\n3", ["a", 3.0])),
        ({"mode": "join", "separator": "comma"}, ["a", "b"], ("a, b", "a, b", ["a", "b"])),
        ({"mode": "list", "separator": "line"}, ["a", "b"], (["a", "b"], "a\nb", ["a", "b"])),
        ({"mode": "list"}, [], ([], "", [])),
    ],
)
def test_merge(
    world: World, config: dict[str, str], values: list[Any], outputs: tuple[Any, str, list[Any]]
) -> None:
    value, text, items = outputs
    assert world.run("merge", config, values=values) == {"value": value, "text": text, "items": items}


def test_merge_of_nothing(world: World) -> None:
    with pytest.raises(NodeError):
        world.run("merge", values=[])


def test_merge_takes_many() -> None:
    port = all_kinds()["merge"].input_ports(all_kinds()["merge"].config())[0]
    assert (port.many, port.required, port.type.value) == (True, True, "any")


anything = st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.binary() | st.lists(st.floats())


@given(mode=st.sampled_from(["first", "join", "list"]), values=st.lists(anything, max_size=4))
def test_only_flowloom_errors(mode: str, values: list[Any]) -> None:
    try:
        World().run("merge", {"mode": mode}, values=values)
    except FlowloomError:
        pass
