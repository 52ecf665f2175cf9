"""Run code: names in braces are variables, what is quoted stays, and what goes wrong is told."""

from typing import Any

import pytest

from flowloom.errors import NodeError
from flowloom.kinds.context import Turn
from flowloom.kinds.registry import all_kinds
from flowloom.kinds.values import Attachment
from flowloom.nodes.data.code_values import filled
from flowloom.services.code.open_code import OpenCode
from tests.nodes.conftest import Ports, World


@pytest.fixture
def desk(world: World) -> World:
    world.code = OpenCode()
    return world


def run(world: World, code: str, **inputs: Any) -> dict[str, Any]:
    return world.run("code.run", {"code": code}, **inputs)


def test_the_result_and_what_was_printed(desk: World) -> None:
    found = run(desk, "print('hello')\n6 * 7")
    assert found == {
        "result": 42,
        "text": "42\n\nhello",
        "printed": "hello\n",
        "code": "print('hello')\n6 * 7",
        "engine": "small",
    }


VALUES = [
    ("{{a}} + 1", {"a": 2}, 3),
    ("{{first name}} + {{first name}}", {"first name": "x"}, "xx"),
    ("len({{城市}})", {"城市": ["北京", "上海"]}, 2),
    ("{{list}}['a']", {"list": {"a": None}}, None),
    ("{{a}}.upper() + '{{a}}'  # {{b}}", {"a": "x"}, "X{{a}}"),
    ("f'{{{{a}}}}'", {}, "{{a}}"),
    ("{{print}} * 2", {"print": 4}, 8),
    ("{{class}}", {"class": "1; import os"}, "1; import os"),
]


@pytest.mark.parametrize(("code", "inputs", "wanted"), VALUES)
def test_names_in_braces_are_variables(desk: World, code: str, inputs: dict[str, Any], wanted: Any) -> None:
    assert run(desk, code, **inputs)["result"] == wanted


def test_a_value_never_becomes_code(desk: World) -> None:
    evil = "'); import os; os.environ; ('"
    assert run(desk, "[{{a}}, len({{a}})]", a=evil)["result"] == [evil, len(evil)]


def test_ports_and_problems(ports: Ports) -> None:
    assert ports.inputs("code.run", code="{{a}} + {{b}} + {{a}} + '{{c}}'  # {{d}}") == ["tables", "a", "b"]
    assert ports.problems("code.run", code=" ") == ["code.empty"]
    assert ports.problems("code.run", code="x = '{{a}}'") == ["code.quoted"]
    assert ports.problems("code.run", code="x = {{a}}") == []
    assert ports.inputs("code.run", code="x = ({{a}}\n'''") == ["tables", "a"]


def test_a_name_without_a_value_is_told() -> None:
    with pytest.raises(NodeError, match="Nothing arrived for “a”"):
        filled("{{a}}", {})


def test_tables_of_the_message_are_there(desk: World) -> None:
    desk.turn = Turn("x", attachments=[Attachment(id="1", name="marks.csv", text="Pupil,Mark\nAda,1\nBen,2")])
    assert run(desk, "aggregate('marks.csv', 'Mark', 'mean')")["result"] == 1.5
    assert run(desk, "rows('table')", tables=[[{"a": 1}]])["result"] == [{"a": 1}]


@pytest.mark.parametrize(
    ("code", "problem"),
    [("1 / 0", "code.error"), ("open('x')", "code.reach"), ("(", "code.error"), ("[0] * 10**10", "code.memory")],
)
def test_what_goes_wrong_is_told(desk: World, code: str, problem: str) -> None:
    with pytest.raises(NodeError) as raised:
        run(desk, code)
    assert raised.value.problem.code == problem


def test_without_a_place_for_code(world: World) -> None:
    with pytest.raises(NodeError, match="Code can’t run here"):
        run(world, "1")


def test_names_in_javascript_are_values_but_not_in_its_strings_and_comments() -> None:
    code = "// {{a}}\n/* {{b}} */ const text = '{{c}}' + \"{{d}}\" + `{{e}}`;\n{{items}}.length // it's {{f}}"
    kind = all_kinds()["code.run"]
    config = kind.config.model_validate({"code": code, "engine": "javascript"})
    assert [port.id for port in kind.input_ports(config)] == ["tables", "items"]
    assert {problem.params["name"] for problem in kind.check(config)} == {"c", "d"}
