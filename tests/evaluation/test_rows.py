"""Rows to try a GPT on: each question once, nothing personal, always on the same side of the split."""

import pytest

from flowloom.errors import NodeError
from flowloom.evaluation.masking import masked
from flowloom.evaluation.rows import ASKS, EXPECTS, added, rows_of_chats, rows_of_table, rows_typed, usual_column
from flowloom.services.formats.row_files import read_rows
from flowloom.store.datasets import DataRow
from flowloom.workspace import Workspace
from tests.evaluation.trying import ECHO


def table(text: str, name: str = "t.csv") -> tuple[tuple[str, ...], list[dict[str, str]]]:
    found = read_rows(name, text.encode())
    return found.titles, found.rows


@pytest.mark.parametrize(
    ("content", "asked"),
    [
        ("question,expected\nA?,1\na?  ,2\nB?,3\n", ["A?", "B?"]),  # the same question twice
        ("question,expected\nA?,1\n,2\n  ,3\n", ["A?"]),  # rows that ask nothing
        ("question,question,expected\nA?,B?,1\n", ["A?"]),  # double columns
        ("question,expected\nA?,1\nB?,2,3\nC?\n", ["A?", "B?", "C?"]),  # ragged rows
        ('{"question": "A?", "expected": 7}\n{"question": ["x", 1], "extra": null}\n', ["A?", '["x", 1]']),  # mixed
    ],
)
def test_a_table_becomes_rows(content: str, asked: list[str]) -> None:
    titles, rows = table(content)
    made = rows_of_table(titles, rows, "{{question}}", "expected" if "expected" in titles else "")
    assert [row.given["question"].strip() for row in made.rows.rows] == asked
    assert "expected" not in made.rows.titles


def test_what_was_tidied_is_counted() -> None:
    titles, rows = table("question,expected\nCall +33 6 12 34 56 78,x\ncall +33 6 12 34 56 78,\n,\n,y\n")
    made = rows_of_table(titles, rows, "{{question}}", "expected")
    assert (made.twice, made.empty, made.masked) == (1, 1, 2)
    assert made.rows.rows[0].given["question"] == "Call [phone]"
    assert made.rows.rows[0].expected == "x", "of two, the one that says what is expected stays"


def test_a_missing_column_is_said() -> None:
    titles, rows = table("question\nA?\n")
    with pytest.raises(NodeError, match="quest"):
        rows_of_table(titles, rows, "{{quest}}", "")


@pytest.mark.parametrize(
    ("titles", "asks", "expects"),
    [
        (("Question", "Answer"), "Question", "Answer"),
        (("id", "prompt", "ideal"), "prompt", "ideal"),
        (("问题", "答案"), "问题", "答案"),
        (("a", "b"), "", ""),
    ],
)
def test_usual_columns_are_known(titles: tuple[str, ...], asks: str, expects: str) -> None:
    assert (usual_column(titles, ASKS), usual_column(titles, EXPECTS)) == (asks, expects)


def test_a_row_stays_on_its_side_of_the_split() -> None:
    rows = [DataRow(id="", given={"question": f"Question {n}?"}) for n in range(300)]
    text = "\n".join(row.given["question"] for row in rows)
    before = rows_typed(text).rows
    held = {row.id for row in before.rows if row.held_out}
    assert 60 < len(held) < 120
    more = added(before, rows_typed("Another?\nQuestion 7?\n" + text).rows.rows).rows
    assert len(more.rows) == 301
    assert {row.id for row in more.rows if row.held_out} - held <= {more.rows[-1].id}


def test_of_few_rows_none_is_held_out() -> None:
    assert not any(row.held_out for row in rows_typed("A?\nB? => b\n").rows.rows)


def test_rows_by_hand() -> None:
    made = rows_typed("What? => That\n\nWho?\n")
    assert [(row.given["question"], row.expected) for row in made.rows.rows] == [("What?", "That"), ("Who?", "")]


def test_rated_chats_become_rows_and_those_of_visitors_do_not(home: Workspace) -> None:
    flow = home.flows.create(ECHO)
    own, other = home.runs.new_conversation(flow.id), home.runs.new_conversation(flow.id, visitor="v", via="page")
    runs = {}
    for conversation, message in ((own, "Good?"), (own, "Bad?"), (own, "None?"), (other, "Theirs?")):
        runs[message] = home.runner.start(flow, message, conversation)
        home.runner.finished(runs[message])
    for message in ("Good?", "Bad?", "Theirs?"):
        home.runs.rate(runs[message], message == "Good?")
    made = rows_of_chats(home.runs, flow.id, only_rated=True)
    assert [(row.given["message"], row.expected, row.good) for row in made.rows.rows] == [
        ("Good?", "Said: Good?", True),
        ("Bad?", "", False),
    ]
    assert len(rows_of_chats(home.runs, flow.id, only_rated=False).rows.rows) == 3


@pytest.mark.parametrize(
    ("text", "clean", "count"),
    [
        ("Write to ada@example.org or bob@example.org", "Write to [email] or [email]", 2),
        ("sk-proj-abcdefghijklmnopqrstuvwxyz0123", "•••", 1),
        ("Nothing here", "Nothing here", 0),
    ],
)
def test_masking(text: str, clean: str, count: int) -> None:
    assert masked(text) == (clean, count)


def test_versions_of_a_dataset_stay(home: Workspace) -> None:
    store = home.datasets
    id = store.create("gpt", "Mine", rows_typed("A?").rows)
    store.add_version(id, rows_typed("A?\nB?").rows, "one more")
    assert [(each.number, each.amount) for each in store.versions(id)] == [(2, 2), (1, 1)]
    assert len(store.rows(id, 1).rows) == 1
    assert store.get(id).amount == 2
    assert [each.name for each in store.all("gpt")] == ["Mine"]
    store.delete_of("gpt")
    assert not store.all("gpt")
