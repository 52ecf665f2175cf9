"""Spreadsheet rows: the dialects tables come in, the rows and columns chosen, and what is no table."""

import time
from typing import Any

import pytest

from flowloom.errors import NodeError
from flowloom.nodes.data.tables import MAX_ROWS, cells_of
from tests.nodes.conftest import Ports, World

CELLS = [["Name", "Price"], ["Ada, Co", "1.5"], ["Ben", "20"]]
PUMPS = "Pump,Price,Note\nBrook,120,007\nLake,95,\nRiver,n/a,+33 1\nSea,,1.50\n"


@pytest.mark.parametrize(
    "text",
    [
        'Name,Price\n"Ada, Co",1.5\nBen,20\n',
        "Name;Price\r\nAda, Co;1.5\r\n\r\nBen;20",
        "\ufeffName\tPrice\nAda, Co\t1.5\nBen\t20",
        "| Name | Price |\n|---|---:|\n| Ada, Co | 1.5 |\n| Ben | 20 |",
        "Here it is:\n\nName | Price\n--- | ---\nAda, Co | 1.5\nBen | 20\n\nDone.",
    ],
    ids=["commas", "semicolons", "tabs", "markdown", "markdown in a text"],
)
def test_reads(text: str) -> None:
    assert cells_of(text) == CELLS


def rows(world: World, config: dict[str, Any], table: str = PUMPS) -> list[Any]:
    found: list[Any] = world.run("table.rows", config, table=table)["rows"]
    return found


def test_numbers_are_numbers_and_codes_stay_as_they_are(world: World) -> None:
    assert rows(world, {})[0] == {"Pump": "Brook", "Price": 120, "Note": "007"}
    assert rows(world, {})[3] == {"Pump": "Sea", "Price": "", "Note": 1.5}
    assert rows(world, {})[2]["Note"] == "+33 1"


@pytest.mark.parametrize(
    ("conditions", "match", "names"),
    [
        ([], "all", ["Brook", "Lake", "River", "Sea"]),
        ([("price", "is_not_empty", ""), ("Pump", "is_not", "river")], "all", ["Brook", "Lake"]),
        ([("Pump", "contains", "a")], "all", ["Lake", "Sea"]),
        ([("Pump", "is", "lake"), ("Pump", "is", "SEA")], "any", ["Lake", "Sea"]),
        ([("Pump", "is_not", "River"), ("Price", "at_least", "100")], "all", ["Brook"]),
        ([("Price", "is", "")], "all", ["Sea"]),
        ([("Price", "is_empty", "")], "all", ["Sea"]),
    ],
)
def test_rows_are_chosen(
    world: World, conditions: list[tuple[str, str, str]], match: str, names: list[str]
) -> None:
    asked = [{"input": name, "operator": operator, "value": value} for name, operator, value in conditions]
    found = rows(world, {"conditions": asked, "match": match})
    assert [row["Pump"] for row in found] == names


def test_columns_and_their_order_are_chosen_and_the_text_is_a_table(world: World) -> None:
    outputs = world.run("table.rows", {"columns": "note\nPump", "most": 1}, table=PUMPS.replace("Brook", "a|b"))
    assert outputs["text"] == "| Note | Pump |\n| --- | --- |\n| 007 | a\\|b |"
    assert outputs["count"] == 4


def test_columns_without_names_or_with_the_same_name(world: World) -> None:
    assert rows(world, {}, "A,A,,A\n1,2,3,4,5") == [{"A": 1, "A (2)": 2, "Column 3": 3, "A (3)": 4, "Column 5": 5}]
    assert rows(world, {"header": False}, "1,2\n3") == [
        {"Column 1": 1, "Column 2": 2},
        {"Column 1": 3, "Column 2": ""},
    ]
    assert rows(world, {}, "") == []


def test_a_sheet_is_chosen_by_name(world: World) -> None:
    book = "## March\n\nA\n1\n\n## April\n\nA\n2\n"
    assert rows(world, {}, book) == [{"A": 1}]
    assert rows(world, {"sheet": "april"}, book) == [{"A": 2}]


@pytest.mark.parametrize(
    ("config", "table", "said"),
    [
        ({"columns": "Colour"}, PUMPS, "no column called “Colour”.*Pump, Price, Note"),
        ({"conditions": [{"input": "Colour", "value": "x"}]}, PUMPS, "no column called"),
        ({"conditions": [{"input": "Price", "operator": "at_least", "value": "1"}]}, PUMPS, "n/a.*is not a number"),
        ({}, "a\n" * (MAX_ROWS + 2), "larger than"),
        ({}, "," * 300, "larger than|no table"),
        ({}, '"' + "x" * 200_000 + '",1', "no table"),
    ],
)
def test_what_does_not_fit_says_so(world: World, config: dict[str, Any], table: str, said: str) -> None:
    with pytest.raises(NodeError, match=said):
        world.run("table.rows", config, table=table + ("x" if table.startswith(",") else ""))


@pytest.mark.parametrize("piece", ["|", "-|", "a|---", ",", '"', "\\|", "## a\n", "--- "])
def test_long_hostile_texts_take_no_time(world: World, piece: str) -> None:
    started = time.perf_counter()
    try:
        world.run("table.rows", table=piece * (200_000 // len(piece)))
    except NodeError:
        pass
    assert time.perf_counter() - started < 3


def test_problems(ports: Ports) -> None:
    assert ports.problems("table.rows") == []
    assert ports.problems("table.rows", conditions=[{"value": "x"}]) == ["table.no_column"]
