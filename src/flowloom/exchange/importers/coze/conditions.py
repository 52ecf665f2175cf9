"""Conditions of a Coze selector as rows of a branch."""

from typing import Any

OPERATORS = {
    1: "is",
    2: "is_not",
    7: "contains",
    8: "does_not_contain",
    9: "is_empty",
    10: "is_not_empty",
    11: "is_yes",
    12: "is_no",
    13: "greater_than",
    14: "at_least",
    15: "less_than",
    16: "at_most",
}
LENGTHS = {3: ">", 4: ">=", 5: "<", 6: "<="}
COMPARED = {1: "==", 2: "!=", 13: ">", 14: ">=", 15: "<", 16: "<="}
WITHOUT_VALUE = frozenset({9, 10, 11, 12})
LISTS = frozenset({"list", "object"})


def row_operator(number: Any, left: str, literal: Any) -> str:
    """The operator of a row, "" where it takes code to say it."""
    if number in WITHOUT_VALUE:
        return OPERATORS[number]
    if number not in OPERATORS or left in LISTS or literal is None or isinstance(literal, dict | list):
        return ""
    return OPERATORS[number] if str(literal).strip() else ""


def code_of(number: Any) -> str:
    """The same as Python, with `{{left}}` and `{{right}}`."""
    if number in LENGTHS:
        return f"len({{{{left}}}} or '') {LENGTHS[number]} int({{{{right}}}})"
    if number in (7, 8):
        return f"{{{{right}}}} {'in' if number == 7 else 'not in'} ({{{{left}}}} or '')"
    return f"{{{{left}}}} {COMPARED.get(number, '==')} {{{{right}}}}"
