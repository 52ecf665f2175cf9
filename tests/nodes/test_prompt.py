"""Prompt, and the placeholders it shares with other kinds."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flowloom.errors import FlowloomError, NodeError
from flowloom.nodes import templates
from flowloom.nodes.templates import fill, names_in
from tests.nodes.conftest import Ports, World


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("{{message}}", ["message"]),
        ("{{ message }} and {{message}}", ["message"]),
        ("{{b}} {{a}}", ["b", "a"]),
        ("{{客户}} {{prénom}} {{पिता}} {{имя_2}}", ["客户", "prénom", "पिता", "имя_2"]),
        ("{{customer name}} {{e-mail}}", ["customer name", "e-mail"]),
        ("{{e\u0301te\u0301}} {{\u00e9t\u00e9}}", ["\u00e9t\u00e9"]),
        ("{a} {{}} {{ }} {{1a}} {{a.b}} {{a|b}} {{a()}} {{secret:x}} {{-a}}", []),
        ('{"a": {{x}}}', ["x"]),
        ("{{{x}}}", ["x"]),
        ("{{a\nb}} {{a  b}} {{a\u200bb}}", []),
        ("{{" + "a" * 60 + "}}{{" + "a" * 61 + "}}", ["a" * 60]),
    ],
)
def test_names(text: str, names: list[str]) -> None:
    assert list(names_in(text)) == names


def test_every_name_becomes_a_text_input(ports: Ports) -> None:
    assert ports.inputs("prompt") == ["message"]
    assert ports.inputs("prompt", template="{{a}} {{b}}") == ["a", "b"]


def test_it_fills_in_values_of_any_type(world: World) -> None:
    filled = world.run_with("prompt", {"template": "{{a}}, {{b}}, {{c}}"}, {"a": "x", "b": 3.0, "c": ["p", "q"]})
    assert filled == {"prompt": "x, 3, p\nq"}


def test_a_value_is_not_filled_in_again(world: World) -> None:
    assert world.run("prompt", {"template": "{{a}}"}, a="{{b}}") == {"prompt": "{{b}}"}


def test_a_missing_value_is_named(world: World) -> None:
    with pytest.raises(NodeError, match="“b”"):
        world.run("prompt", {"template": "{{b}}"})


def test_the_result_has_a_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(templates, "MAX_FILLED", 100)
    with pytest.raises(NodeError, match="100"):
        fill("{{a}}" * 20, {"a": "x" * 10})


def test_an_empty_prompt_is_a_problem(ports: Ports) -> None:
    assert ports.problems("prompt", template=" \n") == ["prompt.empty"]
    assert ports.problems("prompt") == []


@settings(max_examples=60, deadline=None)
@given(
    template=st.text() | st.lists(st.sampled_from(["{{a}}", "{{b c}}", "{", "}", "x"])).map("".join),
    value=st.text(),
)
def test_only_flowloom_errors(template: str, value: str) -> None:
    config: dict[str, Any] = {"template": template}
    names = Ports.inputs("prompt", **config)
    try:
        World().run_with("prompt", config, dict.fromkeys(names, value))
    except FlowloomError:
        pass
