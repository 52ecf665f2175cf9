"""Branch: every operator, rows in order, and values that make no sense."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flowloom.errors import FlowloomError, NodeError
from flowloom.nodes.logic.conditions import OPERATOR_LABELS, Condition, holds
from flowloom.nodes.numbers import parse_number, written
from tests.nodes.conftest import Ports, World

YES = [
    ("Refund", "is", " refund "),
    (3.0, "is", "3"),
    (3, "is", "3,0"),
    (True, "is", "yes"),
    (False, "is", "non"),
    ("a", "is_not", "b"),
    ("No refund please", "contains", "REFUND"),
    (["a", "b"], "contains", "b"),
    ("abc", "does_not_contain", "x"),
    ("Hello you", "starts_with", "hello"),
    ("Hello you", "ends_with", "YOU"),
    ("", "is_empty", ""),
    ("  \n", "is_empty", ""),
    (None, "is_empty", ""),
    ([], "is_empty", ""),
    (0, "is_not_empty", ""),
    (False, "is_not_empty", ""),
    (4, "greater_than", "3"),
    ("1,234", "greater_than", "1000"),
    ("3,5", "less_than", "3.6"),
    ("€ 20", "at_least", "20"),
    ("２０", "at_most", "20"),
    ("yes", "is_yes", ""),
    ("是的。", "is_yes", ""),
    ("Oui", "is_yes", ""),
    (True, "is_yes", ""),
    ("False", "is_no", ""),
    ("否", "is_no", ""),
]
NO = [
    ("a", "is", "b"),
    (True, "is", "no"),
    ("x", "is_empty", ""),
    ("", "is_not_empty", ""),
    (3, "greater_than", "3"),
    ("", "is_yes", ""),
    ("", "is_no", ""),
    ("no", "is_yes", ""),
]


EXACT = [
    ("Refund", "is", "refund", False),
    ("refund ", "is", "refund", False),
    ("refund", "is", "refund", True),
    ("Refund", "is_not", "refund", True),
    ("No refund", "contains", "REFUND", False),
    ("No refund", "does_not_contain", "REFUND", True),
    ("Hello", "starts_with", "hello", False),
    ("Hello", "ends_with", "llo", True),
    (3, "is", "3,0", True),
    (True, "is", "yes", True),
    (" ", "is_empty", "", False),
    (" ", "is_not_empty", "", True),
    ("", "is_empty", "", True),
    (None, "is_empty", "", True),
    (None, "exists", "", False),
    (None, "is_missing", "", True),
    ("", "exists", "", True),
    (0, "is_missing", "", False),
]


@pytest.mark.parametrize(("value", "operator", "wanted", "met"), EXACT)
def test_exactly_as_written_counts_capitals_and_spaces(value: Any, operator: str, wanted: str, met: bool) -> None:
    condition = Condition.model_validate({"operator": operator, "value": wanted, "exact": True})
    assert holds(condition, value) is met


@pytest.mark.parametrize(("value", "operator", "wanted"), YES)
def test_holds(value: Any, operator: str, wanted: str) -> None:
    assert holds(Condition.model_validate({"operator": operator, "value": wanted}), value)


@pytest.mark.parametrize(("value", "operator", "wanted"), NO)
def test_does_not_hold(value: Any, operator: str, wanted: str) -> None:
    assert not holds(Condition.model_validate({"operator": operator, "value": wanted}), value)


@pytest.mark.parametrize(
    ("value", "operator", "wanted"),
    [("many", "greater_than", "3"), (3, "less_than", "few"), (True, "at_least", "1"), ("perhaps", "is_yes", "")],
)
def test_makes_no_sense(value: Any, operator: str, wanted: str) -> None:
    with pytest.raises(NodeError):
        holds(Condition.model_validate({"operator": operator, "value": wanted}), value)


def row(name: str, *conditions: tuple[str, str, str], match: str = "all") -> dict[str, Any]:
    made = [{"input": input, "operator": operator, "value": value} for input, operator, value in conditions]
    return {"name": name, "match": match, "conditions": made}


ROWS = [
    row("Big refund", ("category", "is", "refund"), ("Amount", "greater_than", "100")),
    row("Refund", ("category", "is", "refund")),
    row("Either", ("category", "is", "praise"), ("Amount", "is", "0"), match="any"),
]


def test_ports(ports: Ports) -> None:
    assert ports.inputs("branch", rows=ROWS) == ["category", "amount"]
    assert ports.outputs("branch", rows=ROWS) == ["big_refund", "refund", "either", "otherwise"]
    assert ports.inputs("branch") == ["value"]
    assert ports.inputs("branch", rows=[]) == ["value"]


@pytest.mark.parametrize(
    ("category", "amount", "port"),
    [
        ("refund", 200, "big_refund"),
        ("refund", 20, "refund"),
        ("praise", 5, "either"),
        ("other", 0, "either"),
        ("other", 5, "otherwise"),
    ],
)
def test_the_first_row_that_fits(world: World, category: str, amount: int, port: str) -> None:
    assert world.run("branch", {"rows": ROWS}, category=category, amount=amount) == {port: category}


def test_a_row_without_conditions_never_fits(world: World) -> None:
    rows = [row("A"), row("B", ("", "is_empty", ""))]
    assert world.run("branch", {"rows": rows}, value=1) == {"otherwise": 1}


def test_a_number_in_the_file_is_read(world: World) -> None:
    rows = [{"name": "A", "conditions": [{"operator": "is", "value": 3}]}]
    assert world.run("branch", {"rows": rows}, value=3) == {"a": 3}


def test_problems(ports: Ports) -> None:
    assert ports.problems("branch") == []
    rows = [row("A"), row("a", ("", "is", "")), row(" ", ("x", "is_empty", ""))]
    assert ports.problems("branch", rows=rows) == [
        "branch.unnamed",
        "branch.same",
        "branch.no_condition",
        "branch.no_input",
        "branch.no_value",
    ]


@pytest.mark.parametrize(
    ("text", "language", "number"),
    [
        ("3,5", "en", 3.5),
        ("3,5", "fr", 3.5),
        ("1,234", "en", 1234),
        ("1,234", "fr", 1.234),
        ("1.234,56", "en", 1234.56),
        ("1,234.56", "fr", 1234.56),
        ("1 234,5", "fr", 1234.5),
        ("1'234'567", "en", 1234567),
        ("-2e3", "en", -2000),
        ("−7", "en", -7),
        ("50 %", "en", 50),
        (".5", "en", 0.5),
        ("1.2.3", "en", None),
        ("1e999", "en", None),
        ("٣", "en", None),
        ("", "en", None),
        ("nan", "en", None),
        ("9" * 500, "en", None),
    ],
)
def test_numbers(text: str, language: str, number: float | None) -> None:
    assert parse_number(text, language) == number


def test_numbers_are_written_for_people() -> None:
    assert [written(number) for number in (3.0, 0.25, 1 / 3, 1e20, 2**60)] == [
        "3",
        "0.25",
        "0.333333333333",
        "1e+20",
        "1152921504606846976",
    ]
    assert written(0.25, "fr") == "0,25"


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=5,
)


@settings(max_examples=150, deadline=None)
@given(value=anything, operator=st.sampled_from(list(OPERATOR_LABELS)), wanted=st.text(max_size=20))
def test_only_flowloom_errors(value: Any, operator: str, wanted: str) -> None:
    try:
        World().run("branch", {"rows": [row("A", ("value", operator, wanted))]}, value=value)
    except FlowloomError:
        pass
