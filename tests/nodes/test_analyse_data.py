"""Analyse data: the model writes code, is told what failed, and says what came of it; tables come as they come."""

import json
from typing import Any

import pytest

from flowloom.errors import KnowledgeError, NodeError, StoreError
from flowloom.flow.file import read_flow
from flowloom.flow.model import Flow
from flowloom.kinds.context import Turn
from flowloom.kinds.values import Attachment, Message, ModelReply
from flowloom.nodes.data import analysis
from flowloom.services.code.open_code import OpenCode
from flowloom.workspace import Workspace
from tests.nodes.conftest import ListedFiles, World
from tests.services.test_workbooks import workbook

SALES = "Region;Sales\nNorth;3\nSouth;4,5\nNorth;9"
CODE = "```python\nresult = group('table', 'Region', 'Sales')\n```"
CHART = "```\nchart('bar', 'table', 'Region', 'Sales', title='Sales: all/every')\n```"


@pytest.fixture
def desk(world: World) -> World:
    world.code = OpenCode()
    return world


def answers(world: World, *texts: str) -> World:
    world.models.replies = [ModelReply(text=text) for text in texts]
    return world


def analyse(world: World, *tables: Any, question: str = "Sales by region?", **config: Any) -> dict[str, Any]:
    return world.run("code.analyse", config, question=question, tables=list(tables))


def sent(world: World, number: int) -> str:
    return "\n".join(message.text for message in world.models.requests[number].messages)


def test_code_is_written_run_and_told_in_words(desk: World) -> None:
    found = analyse(answers(desk, f"Sure:\n{CODE}", "North sold most."), SALES)
    assert found == {
        "answer": "North sold most.",
        "data": [{"Region": "North", "Sales": 12}, {"Region": "South", "Sales": 4.5}],
        "code": "result = group('table', 'Region', 'Sales')",
        "engine": "small",
    }
    first, last = sent(desk, 0), sent(desk, 1)
    assert "Table 'table', 3 rows. Columns: 'Region' (text), 'Sales' (number)" in first
    assert "group(table, by" in first
    assert "| North | 12 |" in last
    assert "group(table, by" not in last
    assert len(desk.spent) == 2
    assert "".join(piece for _, piece in desk.streamed) == "North sold most.".replace(" ", "")


def test_an_error_goes_back_to_the_model(desk: World) -> None:
    found = analyse(answers(desk, "```python\nnope()\n```", CODE, "Fine."), SALES)
    assert found["answer"] == "Fine."
    assert "NameError: name 'nope' is not defined" in sent(desk, 1)
    assert "small Python" in sent(desk, 1)


def test_after_the_last_try_the_person_is_told(desk: World) -> None:
    with pytest.raises(NodeError) as raised:
        analyse(answers(desk, "```python\n1/0\n```", "```python\nx\n```"), SALES, tries=2)
    assert raised.value.problem.code == "code.error"
    assert "line 1" in str(raised.value)


def test_a_question_that_needs_no_code_is_answered_in_words(desk: World) -> None:
    assert analyse(answers(desk, "Hello!"), SALES) == {"answer": "Hello!"}
    assert desk.streamed == [("answer", "Hello!")]


def test_charts_come_as_files(desk: World) -> None:
    found = analyse(answers(desk, CHART, "See below."), SALES)
    assert found["chart"].name == "Sales all every.png"
    assert found["chart"].media_type == "image/png"
    assert desk.files.saved == [("Sales all every.png", "image/png b'\\x89PNG'", False)]
    assert [row["Sales"] for row in found["data"]] == [3, 4.5, 9]
    assert "A chart was drawn" in sent(desk, 1)


class FullDisk(ListedFiles):
    def save_bytes(self, name: str, data: bytes, media_type: str, *, replace: bool) -> Attachment:
        raise StoreError("The disk is full.")


def test_a_chart_that_cannot_be_kept_is_told_of_and_the_answer_stays(desk: World) -> None:
    desk.files = FullDisk()
    found = analyse(answers(desk, CHART, "See below."), SALES)
    assert "chart" not in found
    assert found["answer"] == "See below."
    assert [problem.message for problem in desk.warned] == ["The disk is full."]


def test_earlier_turns_are_remembered(desk: World) -> None:
    said = [Message(role="user", text="Hi"), Message(role="assistant", text="Ask me.")]
    answers(desk, CODE, "Fine.").run("code.analyse", {}, question="And?", tables=[SALES], history=said)
    assert [message.role for message in desk.models.requests[0].messages] == ["system", "user", "assistant", "user"]


def file(name: str, text: str, media_type: str = "text/csv") -> Attachment:
    return Attachment(id=name, name=name, media_type=media_type, text=text)


def first_rows(world: World, *tables: Any) -> Any:
    """What `rows()` gives, and the names of all tables."""
    return analyse(answers(world, "```python\nresult = [tables(), rows()]\n```", "."), *tables)["data"]


def test_files_of_the_message_come_first_then_earlier_ones_then_what_is_joined(desk: World) -> None:
    new, old, text = file("new.csv", "a\n1"), file("old.csv", "a\n2"), file("letter.md", "Dear Ada")
    desk.turn = Turn("Sum?", attachments=[text, new], earlier=[old, file("new.csv", "a\n9")])
    assert first_rows(desk, "a\n3", [old]) == [["new.csv", "old.csv", "table"], [{"a": 1}]]


TABLES: list[tuple[str, Any, Any]] = [
    ("semicolons", SALES, [{"Region": "North", "Sales": 3}, {"Region": "South", "Sales": 4.5}]),
    ("a byte order mark", "\ufeffa,b\n1,2", [{"a": 1, "b": 2}]),
    ("Chinese", "地区,销售额\n北,3", [{"地区": "北", "销售额": 3}]),
    ("money and spaces", "a;b\n1 234,50 €;x\n−2 €;y", [{"a": 1234.5, "b": "x"}, {"a": -2, "b": "y"}]),
    ("thousands", 'a\n"$1,234.50"\n"$12,000"', [{"a": 1234.5}, {"a": 12000}]),
    ("percent", "a\n12 %\n7.5 %", [{"a": 12}, {"a": 7.5}]),
    ("mixed", "a\n1\nx\n007", [{"a": 1}, {"a": "x"}, {"a": "007"}]),
    ("gaps", "a;b\n1,5;\n;2,5\nn/a;3", [{"a": 1.5, "b": ""}, {"a": "", "b": 2.5}]),
    ("names twice", "a,a\n1,2", [{"a": 1, "a (2)": 2}]),
    ("uneven", "a,b\n1\n1,2,3", [{"a": 1, "b": "", "Column 3": ""}, {"a": 1, "b": 2, "Column 3": 3}]),
    ("rows", [{"a": 1}, {"b": 2}], [{"a": 1, "b": None}, {"a": None, "b": 2}]),
    ("only a header", "a,b\n", []),
    ("a file as rows of a flow", [file("x.csv", "a\n1")], [{"a": 1}]),
    ("a text file that is a table", file("x.txt", "a;b\n1;2"), [{"a": 1, "b": 2}]),
    ("the first sheet with rows", file("x.xlsx", "## May\n\na\n1\n\n## June\n\na\n2"), [{"a": 1}]),
]


@pytest.mark.parametrize(("table", "wanted"), [case[1:] for case in TABLES], ids=[case[0] for case in TABLES])
def test_tables_are_read_as_they_come(desk: World, table: Any, wanted: list[Any]) -> None:
    assert first_rows(desk, table)[1][:2] == wanted[:2]


AGENT = {
    "flowloom": 1,
    "name": "x",
    "nodes": [
        {"id": "in", "kind": "chat.message"},
        {"id": "agent", "kind": "agent"},
        {"id": "analyse", "kind": "code.analyse"},
        {"id": "out", "kind": "chat.answer"},
    ],
    "edges": [
        {"from": "in.message", "to": "agent.message"},
        {"from": "analyse.tool", "to": "agent.tools"},
        {"from": "agent.answer", "to": "out.text"},
    ],
}
BAD: list[tuple[str, Any, str]] = [
    ("nothing", "", "table.none"),
    ("an empty file", file("x.csv", "   "), "table.none"),
    ("no rows at all", "\n\n;\n", "table.empty"),
    ("a letter", file("x.md", "Dear Ada,\nI am fine."), "table.none"),
    ("a cell without end", "a\n" + '"' + "x" * 200_000 + '"', "table.unreadable"),
    ("too many columns", ",".join("abc" * 100) + "\n1", "table.large"),
]


@pytest.mark.parametrize(("table", "code"), [case[1:] for case in BAD], ids=[case[0] for case in BAD])
def test_what_is_no_table_is_told(desk: World, table: Any, code: str) -> None:
    with pytest.raises(NodeError) as raised:
        analyse(answers(desk, CODE, "."), table)
    assert raised.value.problem.code == code


def test_no_question_is_told(desk: World) -> None:
    with pytest.raises(NodeError, match="question about the tables is missing"):
        analyse(desk, SALES, question=" ")


def test_a_table_longer_than_the_limit_is_told(desk: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(analysis, "MAX_ROWS", 1_000)
    assert analyse(answers(desk, "```\nlen(rows())\n```", "."), "a\n" + "1\n" * 1_000)["data"] == 1_000
    with pytest.raises(NodeError, match="1000 rows"):
        analyse(answers(desk, CODE, "."), "a\n" + "1\n" * 1_001)


def test_a_workbook_that_is_attached_is_read_sheet_by_sheet(home: Workspace, desk: World) -> None:
    flow = home.flows.create(Flow(name="x"))
    book = workbook(May=[["Town", "Rain"], ["Rome", 3.5]], June=[["Town", "Rain"], ["Oslo", 9]])
    sent = home.runs.save_attachment(home.runs.new_conversation(flow.id), "rain.xlsx", "", book)
    desk.turn = Turn("Rain?", attachments=[sent])
    assert first_rows(desk) == [["May", "June"], [{"Town": "Rome", "Rain": 3.5}]]


def test_as_a_tool_it_works_on_the_files_of_the_message(home: Workspace) -> None:
    flow = read_flow(json.dumps(AGENT).encode())
    conversation = home.runs.new_conversation(home.flows.create(flow).id)
    sent = home.runs.save_attachment(conversation, "rain.csv", "text/csv", b"Town,Rain\nRome,3.5\nOslo,9\n")
    view = home.runner.finished(home.runner.start(flow, "Analyse the data: total rain?", conversation, [sent]))
    assert view.problem is None
    assert "12.5" in view.text


def test_a_locked_workbook_is_refused_when_it_is_attached(home: Workspace) -> None:
    flow = home.flows.create(Flow(name="x"))
    locked = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(2_000)
    with pytest.raises(KnowledgeError, match=r"book\.xlsx"):
        home.runs.save_attachment(home.runs.new_conversation(flow.id), "book.xlsx", "", locked)
