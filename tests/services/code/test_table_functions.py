"""The functions code works on tables with: each on a small table, and what they say to what does not fit."""

from typing import Any

import pytest

from flowloom.services.code import table_values
from flowloom.services.code.table_functions import TableFunctions

ROWS = [
    {"Region": "North", "Month": "May", "Sales": 3},
    {"Region": "South", "Month": "May", "Sales": 0.1},
    {"Region": "North", "Month": "June", "Sales": 0.2},
    {"Region": "South", "Month": "June", "Sales": "n/a"},
    {"Region": "", "Month": "June", "Sales": ""},
]
SOUTH = {"Region": "South", "Sales": 0.1}
HEADS = [{"Region": "North", "Head": "Ada"}, {"Region": "West", "Head": "Ben"}]


@pytest.fixture
def functions() -> TableFunctions:
    return TableFunctions(
        {"sales.csv": (["Region", "Month", "Sales"], ROWS), "heads.csv": (["Region", "Head"], HEADS)}
    )


CASES: list[tuple[str, tuple[Any, ...], Any]] = [
    ("tables", (), ["sales.csv", "heads.csv"]),
    ("rows", ("heads.csv",), HEADS),
    ("rows", (), ROWS),
    ("rows", ("SALES",), ROWS),
    ("columns", ("heads",), ["Region", "Head"]),
    ("where", (None, "Sales", ">", 0.15), [ROWS[0], ROWS[2]]),
    ("where", (None, "sales", ">", "a"), [ROWS[3]]),
    ("where", (None, "Region", "=", "north"), [ROWS[0], ROWS[2]]),
    ("where", (None, "Region", "contains", "OUT"), [ROWS[1], ROWS[3]]),
    ("where", (None, "Region", "in", ["South", "West"]), [ROWS[1], ROWS[3]]),
    ("select", ("heads", ["head"]), [{"Head": "Ada"}, {"Head": "Ben"}]),
    ("sort", (None, "Sales"), [ROWS[1], ROWS[2], ROWS[0], ROWS[3], ROWS[4]]),
    ("sort", (None, "Sales", True), [ROWS[3], ROWS[0], ROWS[2], ROWS[1], ROWS[4]]),
    ("sort", (HEADS, ["Head"], True), HEADS[::-1]),
    ("top", ("heads", "Head", 1), [HEADS[1]]),
    ("aggregate", (None, "Sales"), 3.3),
    ("aggregate", (None, "Sales", "mean"), 1.1),
    ("aggregate", (None, "Sales", "median"), 0.2),
    ("aggregate", (None, "Sales", "highest"), 3),
    ("aggregate", (None, "Sales", "count"), 4),
    ("aggregate", (None, "Month", "distinct"), 2),
    ("aggregate", (None, "Month", "min"), "June"),
    ("aggregate", (None,), 5),
    ("aggregate", ([], None), 0),
    ("aggregate", ([{"a": ""}], "a", "mean"), None),
    ("group", (HEADS, "Head"), [{"Head": "Ada", "count": 1}, {"Head": "Ben", "count": 1}]),
    ("group", (ROWS[:3], "Region", "Sales"), [{"Region": "North", "Sales": 3.2}, SOUTH]),
    ("group", (ROWS[:1], ["Region", "Month"], "Sales"), [ROWS[0]]),
    ("pivot", (ROWS[:3], "Region", "Month", "Sales"), [
        {"Region": "North", "May": 3, "June": 0.2}, {"Region": "South", "May": 0.1, "June": None}]),
    ("join", ("heads", ROWS[:2], "Region"), [{**ROWS[0], **HEADS[0]}]),
    ("join", ("heads", ROWS[:2], "Region", "left"), [{**ROWS[0], **HEADS[0]}, HEADS[1]]),
]  # fmt: skip


@pytest.mark.parametrize(("name", "values", "wanted"), CASES)
def test_functions(functions: TableFunctions, name: str, values: tuple[Any, ...], wanted: Any) -> None:
    assert functions.all()[name](*values) == wanted


def test_every_column_is_described(functions: TableFunctions) -> None:
    *_, sales = functions.all()["describe"]()
    assert sales == {
        "column": "Sales",
        "numbers": 3,
        "texts": 1,
        "empty": 1,
        "distinct": 4,
        "min": 0.1,
        "max": 3,
        "mean": 1.1,
        "sum": 3.3,
    }


WRONG: list[tuple[str, tuple[Any, ...], str]] = [
    ("rows", ("../etc/passwd",), "no table called"),
    ("rows", (42,), "name of a file, or a list of rows"),
    ("rows", ([[1]],), "name of a file, or a list of rows"),
    ("group", (None, "Town"), "The columns are: \\['Region', 'Month', 'Sales'\\]"),
    ("aggregate", (None, "Sales", "guess"), "no way to sum up"),
    ("where", (None, "Sales", "like", 1), "no test 'like'"),
    ("chart", ("cake", None, ["a"], [1]), "no chart 'cake'"),
    ("chart", ("bar", None, ["a"], [1, 2]), "x has 1 values and y has 2"),
    ("chart", ("bar", None, ["a"], ["b"]), "no number to draw"),
    ("chart", ("line", None, range(6_000), range(6_000)), "at most 5000 points"),
    ("group", ([{"a": [1]}], "a"), "a text, a number or nothing"),
    ("group", ([{"a": "x" * 20_000}], "a"), "at most 10000 characters"),
    ("group", ([{"a": 10**400}], "a"), "too large"),
    ("select", (None, ["Region"] * 300), "At most 200 columns"),
]


@pytest.mark.parametrize(("name", "values", "said"), WRONG)
def test_what_does_not_fit_is_told(functions: TableFunctions, name: str, values: Any, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        functions.all()[name](*values)


def test_tables_that_grow_are_stopped(functions: TableFunctions, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ValueError, match="too many rows"):
        functions.all()["join"]([{"a": 1}] * 3_000, [{"a": 1, "b": 2}] * 3_000, "a")
    monkeypatch.setattr(table_values, "MAX_CELLS", 100)
    with pytest.raises(ValueError, match="rows and 100 cells"):
        functions.all()["rows"]([{"a": 1}] * 101)
    monkeypatch.undo()
    with pytest.raises(ValueError, match="too many different values"):
        functions.all()["pivot"]([{"a": 1, "b": number} for number in range(300)], "a", "b")


def test_charts_are_kept_and_counted(functions: TableFunctions) -> None:
    chart = functions.all()["chart"]
    chart("bars", "sales.csv", "Region", ["Sales"], title="By region")
    chart("hist", [{"a": 1}, {"a": 2}], "a")
    assert [each["kind"] for each in functions.charts] == ["bar", "histogram"]
    assert functions.charts[0]["series"] == [{"name": "Sales", "values": [3.0, 0.1, 0.2, None, None]}]
    assert (functions.charts[0]["x_title"], functions.charts[0]["y_title"]) == ("Region", "Sales")
    for _ in range(4):
        chart("pie", None, ["a"], [1])
    with pytest.raises(ValueError, match="At most 6 charts"):
        chart("pie", None, ["a"], [1])


def test_the_clock_is_looked_at_before_each() -> None:
    def late() -> None:
        raise TimeoutError

    with pytest.raises(TimeoutError):
        TableFunctions({}, late).all()["tables"]()
