"""CSV as spreadsheets and registers really write it."""

import pytest

from flowloom.kinds.table_text import read_table, sign_of
from flowloom.nodes.data.number_columns import with_decimal_commas
from flowloom.nodes.data.tables import cells_of
from flowloom.services.knowledge.loaders import read_document

TWO = [["Name", "Price"], ["Cup", "3,50"]]
TABLES = [
    ("sep= on top, as Excel reads and writes it", "sep=;\nName;Price\nCup;3,50\n", TWO),
    ("sep= with a tab and a mark", "\ufeffsep=\t\r\nName\tPrice\r\nCup\t3,50\r\n", TWO),
    ("sep= that contradicts the look", "sep=,\na;b,c;d\n1;2,3;4\n", [["a;b", "c;d"], ["1;2", "3;4"]]),
    ("semicolons with decimal commas", "Name;Price\nCup;3,50\n", TWO),
    ("the same without a header", "3,50;4,20\n1,00;2,00\n", [["3,50", "4,20"], ["1,00", "2,00"]]),
    ("a title above", "Sales 2026\n\nName;Price\nCup;3,50\nPot;9,00\n", [*TWO, ["Pot", "9,00"]]),
    ("a title padded with delimiters", "Sales 2026;\n;\nName;Price\nCup;3,50\nPot;9,00\n", [*TWO, ["Pot", "9,00"]]),
    ("a remark below", "Name;Price\nCup;3,50\nPot;9,00\nall in euros\n", [*TWO, ["Pot", "9,00"], ["all in euros"]]),
    (
        "delimiters in quoted headers",
        '"Price, net";"Name, all"\n3,50;Cup\n',
        [["Price, net", "Name, all"], ["3,50", "Cup"]],
    ),
    ("line breaks in headers", '"Price\r\n(EUR)";Name\r\n3,50;Cup\r\n', [["Price (EUR)", "Name"], ["3,50", "Cup"]]),
    (
        "quotes within quotes",
        'Name,Said\nAnn,"She said ""no"", twice"\n',
        [["Name", "Said"], ["Ann", 'She said "no", twice']],
    ),
    ("an inch sign", 'Size,Price\n5" pipe,3\n6" pipe,4\n', [["Size", "Price"], ['5" pipe', "3"], ['6" pipe', "4"]]),
    ("semicolons in some notes", "Name,Note\nAnn,a; b\nBo,c\n", [["Name", "Note"], ["Ann", "a; b"], ["Bo", "c"]]),
    ("bars", "Name|Price\nCup|3,50\n", TWO),
    ("old Mac line ends", "Name;Price\rCup;3,50\r", TWO),
    ("one column", "Name\nCup, blue\nPot\n", [["Name"], ["Cup, blue"], ["Pot"]]),
    (
        "short rows",
        "a,b,c\n1\n2,3\n4,5,6\n7,8,9\n",
        [["a", "b", "c"], ["1"], ["2", "3"], ["4", "5", "6"], ["7", "8", "9"]],
    ),
]


@pytest.mark.parametrize(("case", "text", "rows"), TABLES)
def test_tables(case: str, text: str, rows: list[list[str]]) -> None:
    assert cells_of(text) == rows, case


@pytest.mark.parametrize(("case", "text", "rows"), TABLES)
def test_documents_are_read_by_the_same_rules(case: str, text: str, rows: list[list[str]]) -> None:
    shown = read_document("a.csv", text.encode()).text
    assert f"| {' | '.join(cell for cell in rows[0])} |" in shown, case
    assert ("Sales 2026" in shown) == ("Sales 2026" in text)
    assert "sep=" not in shown


def test_what_stands_above_is_kept_apart() -> None:
    found = read_table("Sales 2026\nBoard only\n\nName;Price\nCup;3,50\nPot;1,00\n")
    assert found.titles == ("Sales 2026", "Board only")
    assert next(found.rows) == ["Name", "Price"]


def test_a_large_text_is_judged_by_its_beginning() -> None:
    assert sign_of("a;b\n" + "1,5;2\n" * 100_000) == ";"


def test_decimal_commas_are_numbers_where_they_can_be_nothing_else() -> None:
    rows = [
        {"a": "3,50", "b": "1,234", "c": "x"},
        {"a": "10,00", "b": "2,500", "c": "1,5"},
        {"a": "", "b": 3, "c": ""},
    ]
    found = with_decimal_commas(["a", "b", "c"], rows)
    assert [row["a"] for row in found] == [3.5, 10.0, ""]
    assert [row["b"] for row in found] == ["1,234", "2,500", 3]
    assert found[0]["c"] == "x"
