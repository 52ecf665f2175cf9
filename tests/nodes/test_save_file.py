"""Save a file: what becomes of a text, of rows and of data, and under which name."""

from typing import Any

import pytest

from flowloom.errors import NodeError
from tests.nodes.conftest import Ports, World

ROWS = [{"Name": "Ada", "Sum": -5}, {"Name": "=1+1", "Note": "-x, y"}]


@pytest.mark.parametrize(
    ("name", "content", "text"),
    [
        ("a.md", "# Hi", "# Hi"),
        ("a.md", ["one", "two"], "one\ntwo"),
        ("a.csv", "a,b", "a,b"),
        ("a.csv", ROWS, "Name,Sum,Note\nAda,-5,\n'=1+1,,\"'-x, y\"\n"),
        ("a.csv", "Name,Sum\n=1+1,-5\n", "Name,Sum\n'=1+1,-5\n"),
        (
            "a.csv",
            [{"Sum": "-5", "Tel": "+33 1 23", "x": "+3.2", "y": "-1,5 %", "z": "＝A1"}],
            'Sum,Tel,x,y,z\n-5,+33 1 23,+3.2,"-1,5 %",\'＝A1\n',
        ),
        ("A.TSV", [{"a": 1, "b": True}], "a\tb\n1\tyes\n"),
        ("a.json", {"é": 1}, '{\n  "é": 1\n}'),
    ],
)
def test_content_is_written_as_the_ending_says(world: World, name: str, content: Any, text: str) -> None:
    outputs = world.run("file.save", {"name": name}, content=content)
    assert world.files.saved == [(name, text, False)]
    assert outputs["name"] == outputs["file"].name == name


def test_the_name_takes_values_and_old_files_may_be_replaced(world: World) -> None:
    world.run("file.save", {"name": "{{day}}.md", "exists": "replace"}, content="x", day="monday")
    assert world.files.saved == [("monday.md", "x", True)]


def test_no_table_in_a_table(world: World) -> None:
    with pytest.raises(NodeError, match="This can’t be saved as a table"):
        world.run("file.save", {"name": "a.csv"}, content={"a": 1})


def test_ports_and_problems(ports: Ports) -> None:
    assert ports.inputs("file.save", name="{{day}} {{content}}.md") == ["content", "day"]
    assert ports.problems("file.save", name=" ") == ["file.no_name"]
    assert ports.problems("file.save") == []
