"""Tables as people have them: other names, half the columns, broken rows, and what is no table."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from flowloom.insights.answer import Answer
from flowloom.insights.languages import languages_sql
from flowloom.insights.questions import QUESTIONS
from flowloom.insights.selection import Selection
from flowloom.insights.table import InsightsError, Table

duckdb = pytest.importorskip("duckdb")
HEAD = "Name,Author Name,Category,Created At,Num Conversations,Avg Rating,Capabilities,Prompt Starters\n"


def load(tmp_path: Path, text: str | bytes, name: str = "crawl.csv") -> Table:
    path = tmp_path / "file"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    table = Table()
    table.load_file(path, name)
    return table


def test_columns_under_other_names_and_numbers_as_stores_write_them(tmp_path: Path) -> None:
    table = load(
        tmp_path,
        HEAD
        + 'Tutor,Ann,Education,2024-05-06,"1.2K+","4,5","[\'browser\', \'dalle\']",Hi||Help me\n'
        + 'Cook,Ben,"Food; Fun",1715000000,"100,000",4.0,,\n'
        + "Poet,Cy,,2024-05-06T10:00:00Z,2M,,python,Write\n",
    )
    found = table.ask(
        "SELECT title, categories, created, conversations, rating, tools, starters FROM gpts ORDER BY id"
    )
    assert found == [
        ("Tutor", ["education"], date(2024, 5, 6), 1_200, 4.5, ["browser", "dalle"], 2),
        ("Cook", ["food", "fun"], date(2024, 5, 6), 100_000, 4.0, [], 0),
        ("Poet", [], date(2024, 5, 6), 2_000_000, None, ["python"], 1),
    ]
    assert table.loaded.lacking == ("descriptions", "numbers of ratings")


def test_broken_rows_are_counted_and_left_out(tmp_path: Path) -> None:
    rows = "title,description,conversations\nOne,Fine,1\nTwo,Too,2,many,3\nThree,x,3\n,No name,4\nFive,y,five\n"
    table = load(tmp_path, rows)
    assert table.ask("SELECT title, conversations FROM gpts ORDER BY id") == [
        ("One", 1),
        ("Three", 3),
        ("Five", None),
    ]
    assert (table.loaded.rows, table.loaded.broken) == (3, 2)


def test_broken_lines_of_json_are_counted_and_left_out(tmp_path: Path) -> None:
    lines = '{"title": "One", "tools": ["a", "b"]}\n{"title": "Tw\n{"title": "Three"}\n'
    table = load(tmp_path, lines, "crawl.jsonl")
    assert table.ask("SELECT title, tools FROM gpts ORDER BY id") == [("One", ["a", "b"]), ("Three", [])]
    assert (table.loaded.rows, table.loaded.broken) == (2, 1)


def test_half_the_columns_leave_every_question_answered(tmp_path: Path) -> None:
    table = load(tmp_path, "title\nOne\nTwo\n")
    for question in QUESTIONS:
        assert isinstance(question.ask(table, Selection()), Answer)


@pytest.mark.parametrize(
    ("data", "name", "said"),
    [
        ("", "crawl.csv", "This file is empty"),
        ("colour,size\nred,1\n", "crawl.csv", "no column with the names of GPTs"),
        ("title\n\n\n", "crawl.csv", "no rows with a name"),
        ("anything", "crawl.xlsx", "no table that Insights can read"),
        ("PAR1 not really", "crawl.parquet", "couldn’t be read as a table"),
        (b"\x1f\x8b broken", "crawl.csv.gz", "couldn’t be read as a table"),
        (bytes(range(256)) * 40, "crawl.jsonl", "no column with|couldn’t be read"),
    ],
)
def test_what_is_no_table_is_said(tmp_path: Path, data: Any, name: str, said: str) -> None:
    with pytest.raises(InsightsError, match=said) as caught:
        load(tmp_path, data, name)
    assert str(tmp_path) not in str(caught.value)


def test_ten_gigabytes_are_refused_before_they_are_read(tmp_path: Path) -> None:
    path = tmp_path / "huge.csv"
    with path.open("wb") as file:
        file.truncate(10_000_000_000)
    with pytest.raises(InsightsError, match=r"10\.0 GB. Insights reads up to 2 GB"):
        Table().load_file(path, path.name)


def test_a_loaded_table_reaches_no_other_file(tmp_path: Path) -> None:
    table = load(tmp_path, "title\nOne\n")
    (tmp_path / "secret.csv").write_text("key\nabc\n")
    with pytest.raises(duckdb.Error):
        table.ask(f"SELECT * FROM read_csv('{tmp_path}/secret.csv')")


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Helps you with the homework of your children", "en"),
        ("Vous aide avec les devoirs de vos enfants", "fr"),
        ("Te ayuda con los deberes de tu clase", "es"),
        ("Hilft dir mit den Aufgaben und der Schule", "de"),
        ("Ajuda você com os deveres da escola e do curso", "pt"),
        ("Ti aiuta con il compito e la lezione di storia", "it"),
        ("帮助你完成作业", "zh"),
        ("あなたの宿題を手伝います", "ja"),
        ("숙제를 도와줍니다", "ko"),
        ("Помогает с уроками", "ru"),
        ("xyzzy", "unknown"),
        ("", "unknown"),
    ],
)
def test_languages(text: str, language: str) -> None:
    db = duckdb.connect()
    db.execute("CREATE TABLE said AS SELECT 1 AS id, '' AS title, ? AS description", [text])
    assert db.execute(languages_sql("said")).fetchall() == [(1, language)]
    db.close()


def test_names_that_look_like_a_known_one(tmp_path: Path) -> None:
    rows = [
        "title,author,conversations", "Canva Helper,canva,90000", "CANVA-HELPER,someone,12", "Cаnvа Helper,other,3",
        "Canva Helper,canva,5", "Canva Helper 2,new,1", "Canva Helpers,new,1",
    ]  # fmt: skip
    (question,) = [each for each in QUESTIONS if each.id == "impersonation"]
    found = question.ask(load(tmp_path, "\n".join(rows)), Selection())
    assert {(row[0], row[1]) for row in found.rows} == {("CANVA-HELPER", "someone"), ("Cаnvа Helper", "other")}
