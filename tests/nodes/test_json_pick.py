"""Pick from JSON: paths, and what is there instead."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flowloom.errors import FlowloomError, NodeError
from tests.nodes.conftest import Ports, World

DATA = {"items": [{"name": "Tea", "n": 1}, {"name": "Cake"}], "a.b": {"c": None}, "empty": [], "价格": 3}


@pytest.mark.parametrize(
    ("path", "value", "text"),
    [
        ("items[0].name", "Tea", "Tea"),
        ("items[-1].name", "Cake", "Cake"),
        ("items.1.name", "Cake", "Cake"),
        ("items.*.name", ["Tea", "Cake"], "Tea\nCake"),
        ("items[*].name", ["Tea", "Cake"], "Tea\nCake"),
        ("items.*.n", [1], "1"),
        ("$.items[0]['name']", "Tea", "Tea"),
        ('["a.b"].c', None, ""),
        ("价格", 3, "3"),
        ("empty.*", [], ""),
        (" items . 0 . name ", "Tea", "Tea"),
    ],
)
def test_paths(world: World, path: str, value: Any, text: str) -> None:
    assert world.run("json.pick", {"path": path}, data=DATA) == {"value": value, "text": text}


def test_an_empty_path_is_everything(world: World) -> None:
    assert world.run("json.pick", data=DATA)["value"] == DATA


@pytest.mark.parametrize("text", ['{"a": 1}', '```json\n{"a": 1}\n```', ' \n{"a":1}'])
def test_text_is_read_as_json(world: World, text: str) -> None:
    assert world.run("json.pick", {"path": "a"}, data=text)["value"] == 1


@pytest.mark.parametrize(
    ("path", "there"),
    [
        ("item", "items, a.b, empty, 价格"),
        ("items[2]", r"\[0\] … \[1\]"),
        ("items.name", r"\[0\] … \[1\]"),
        ("empty[0]", r"\[\]"),
        ("items[0].name.first", "Tea"),
        ("items.*.nme", "name, n"),
        ('["a.b"].c.d', "NoneType|None"),
    ],
)
def test_what_is_missing_and_what_is_there(world: World, path: str, there: str) -> None:
    with pytest.raises(NodeError, match=there):
        world.run("json.pick", {"path": path}, data=DATA)


@pytest.mark.parametrize("path", ["a[", "a[b]", "a..b", "a]", "a[1.5]", "[[0]]", "a.", "__class__[("])
def test_unreadable_paths(ports: Ports, path: str) -> None:
    assert ports.problems("json.pick", path=path) == ["path"]


@pytest.mark.parametrize("text", ["", "no json", "{", "[" * 100_000])
def test_no_data(world: World, text: str) -> None:
    with pytest.raises(NodeError):
        world.run("json.pick", data=text)


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.binary(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=2), inner, max_size=3),
    max_leaves=5,
)


@settings(max_examples=150, deadline=None)
@given(path=st.text(alphabet="ab.[]*0-'\"$", max_size=10), data=anything)
def test_only_flowloom_errors(path: str, data: Any) -> None:
    try:
        World().run("json.pick", {"path": path}, data=data)
    except FlowloomError:
        pass
