"""What values are, in words, and what they are read as where another sort was meant."""

from typing import Any

import pytest

from flowloom.flow.sorts import listed, mapping, mappings, sort_of, words

SORTS: list[tuple[Any, str]] = [
    (None, "empty"),
    ("", "a piece of text"),
    (0, "a number"),
    (1.5, "a number"),
    (False, "a yes or no"),
    ([], "a list"),
    ({}, "a group of fields"),
]


@pytest.mark.parametrize(("value", "word"), SORTS)
def test_what_a_value_is(value: Any, word: str) -> None:
    assert sort_of(value) == word


@pytest.mark.parametrize("value", [value for value, _ in SORTS])
def test_another_sort_is_read_as_nothing(value: Any) -> None:
    assert mapping(value) == {}
    assert listed(value) == []
    assert mappings([value, {"a": 1}, 3])[-1] == {"a": 1}
    assert words(value) == ("" if sort_of(value) not in ("a piece of text", "a number") else str(value))
