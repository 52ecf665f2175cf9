"""The practice model on tables: the code it writes by rules runs, and gives what was asked for."""

from typing import Any

import pytest

from flowloom.kinds.code import CodeJob, Table
from flowloom.kinds.values import TableFacts
from flowloom.services.code.small import run_small
from flowloom.services.models.practice_tables import code_for
from tests.services.test_practice import ask

EN = Table(
    name="sales.csv",
    columns=("Month", "Region", "Units", "Sales"),
    rows=[
        {"Month": "May", "Region": "North", "Units": 2, "Sales": 10},
        {"Month": "May", "Region": "South", "Units": 1, "Sales": 30.5},
        {"Month": "June", "Region": "North", "Units": 4, "Sales": 25},
    ],
)
NAMES = {
    "fr": ("Mois", "Région", "Unités", "Ventes"),
    "zh": ("月份", "地区", "数量", "销售额"),
}


def table(language: str) -> Table:
    names = NAMES.get(language, EN.columns)
    rows = [dict(zip(names, row.values(), strict=True)) for row in EN.rows]
    return Table(name="sales.csv", columns=names, rows=rows)


def facts(found: Table) -> TableFacts:
    return TableFacts(name=found.name, columns=found.columns, numbers=found.columns[2:], count=3)


def outcome(language: str, question: str) -> tuple[Any, list[str]]:
    """The value of the code, and the kinds of chart it draws."""
    found = table(language)
    result = run_small(CodeJob(code=code_for(question, [facts(found)]), tables=[found]))
    assert result.failure is None
    return result.value, [chart.kind for chart in result.charts]


ASKED = [
    ("en", "What are the total sales?", [{"Sum of Sales": 65.5}]),
    ("en", "Average units per region", [{"Region": "North", "Units": 3}, {"Region": "South", "Units": 1}]),
    ("en", "Which region has the highest sales?", [{"Region": "North", "Sales": 35}]),
    ("en", "Which region has the lowest total sales?", [{"Region": "South", "Sales": 30.5}]),
    ("en", "How many rows by month?", [{"Month": "May", "count": 2}, {"Month": "June", "count": 1}]),
    ("en", "What is the highest of the sales?", [EN.rows[1]]),
    ("en", "How many are there?", [{"Rows": 3}]),
    ("fr", "Quel est le total des ventes ?", [{"Somme\u202f: Ventes": 65.5}]),
    ("fr", "Moyenne des unités par région", [{"Région": "North", "Unités": 3}, {"Région": "South", "Unités": 1}]),
    ("fr", "Quelle région a les ventes les plus hautes ?", [{"Région": "North", "Ventes": 35}]),
    ("fr", "Combien de lignes par mois ?", [{"Mois": "May", "count": 2}, {"Mois": "June", "count": 1}]),
    ("zh", "销售额的总和是多少？", [{"销售额总和": 65.5}]),
    ("zh", "按地区计算平均数量", [{"地区": "North", "数量": 3}, {"地区": "South", "数量": 1}]),
    ("zh", "哪个地区的销售额最高？", [{"地区": "North", "销售额": 35}]),
]


@pytest.mark.parametrize(("language", "question", "wanted"), ASKED)
def test_questions(language: str, question: str, wanted: list[Any]) -> None:
    value, charts = outcome(language, question)
    assert (value if isinstance(value, list) else [value]) == wanted
    assert charts == []


DRAWN = [
    ("en", "Draw the sales by region as bars", "bar"),
    ("en", "A pie of units per region, please", "pie"),
    ("en", "Show the sales by month as a line", "line"),
    ("en", "Histogram of the sales", "histogram"),
    ("en", "Scatter plot of units and sales", "scatter"),
    ("fr", "Dessine les ventes par région en barres", "bar"),
    ("fr", "Un camembert des ventes par région", "pie"),
    ("fr", "La courbe des ventes par mois", "line"),
    ("zh", "用柱状图画出各地区的销售额", "bar"),
    ("zh", "各地区销售额的饼图", "pie"),
    ("zh", "每月份销售额的折线图", "line"),
]


@pytest.mark.parametrize(("language", "question", "kind"), DRAWN)
def test_charts(language: str, question: str, kind: str) -> None:
    assert outcome(language, question)[1] == [kind]


@pytest.mark.parametrize(
    "question", ["What is this?", "", "Total of the money", "'''\nimport os", "\\", "那个呢？"]
)
def test_what_it_cannot_tell_gives_facts_about_the_columns(question: str) -> None:
    value, _ = outcome("en", question)
    assert [row["column"] for row in value] == list(EN.columns)


def test_columns_with_odd_names_cannot_become_code() -> None:
    odd = "Sales']); import os; (['"
    found = Table(name="a'b.csv", columns=("Region", odd), rows=[{"Region": "N", odd: 3}])
    known = TableFacts(name=found.name, columns=found.columns, numbers=(odd,), count=1)
    result = run_small(CodeJob(code=code_for(f"total {odd} by region", [known]), tables=[found]))
    assert result.failure is None
    assert result.value == [{"Region": "N", odd: 3}]


def test_the_table_whose_columns_are_named_is_taken() -> None:
    other = TableFacts(name="staff.csv", columns=("Name", "Wage"), numbers=("Wage",))
    assert "'staff.csv'" in code_for("average wage", [facts(EN), other])
    assert "'sales.csv'" in code_for("total sales", [other, facts(EN)])


def test_it_writes_code_and_tells_what_came_of_it() -> None:
    assert ask("Question: total sales", tables=[facts(EN)]).text.startswith("```python\nresult = ")
    told = ask("It gave: …\n\nQuestion: total sales", results=["- Sum of Sales: 65.5"]).text
    assert "This is what I worked out" in told
    assert "65.5" in told
    assert "not a real AI" in told
