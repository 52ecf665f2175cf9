"""Named parts of a model's answer."""

import json
from collections.abc import Callable, Sequence
from math import isfinite
from typing import Any, NamedTuple

from flowloom.exchange.exporters.python.parts.errors import NodeError
from flowloom.exchange.exporters.python.parts.values import readable
from flowloom.nodes.numbers import parse_number
from flowloom.nodes.yes_no import parse_yes_no


class Field(NamedTuple):
    """A part of the answer: its key in the schema, the output it becomes, what it is called, and its type."""

    key: str
    output: str
    name: str
    type: str = "text"
    required: bool = True


def read_number(value: Any) -> float | None:
    if isinstance(value, str):
        return parse_number(value)
    return value if isinstance(value, int | float) and isfinite(value) else None


READERS: dict[str, Callable[[Any], Any]] = {
    "text": readable,
    "number": read_number,
    "yes_no": parse_yes_no,
    "list": lambda value: value if isinstance(value, list) else [value],
    "json": lambda value: value,
}


def values_of(fields: Sequence[tuple[Any, ...]], found: dict[str, Any]) -> dict[str, Any]:
    """The value of each field that was found, by its output, in its type."""
    values: dict[str, Any] = {}
    for field in map(Field._make, fields):
        if found.get(field.key) is None:
            if field.required:
                raise NodeError("The model left out “{name}”.", name=field.name)
            continue
        value = READERS[field.type](found[field.key])
        if value is None:
            raise NodeError("The model put something unfitting into “{name}”.", name=field.name)
        values[field.output] = value
    return values


def named(fields: Sequence[tuple[Any, ...]], values: dict[str, Any]) -> dict[str, Any]:
    """The values by the names of their fields."""
    return {name: values[output] for _, output, name, *_ in fields if output in values}


def json_of(fields: Sequence[tuple[Any, ...]], values: dict[str, Any]) -> str:
    """All fields as one JSON object, null for what was left out."""
    found = {name: values.get(output) for _, output, name, *_ in fields}
    return json.dumps(found, ensure_ascii=False, separators=(",", ":"))


def lines_of(named_values: dict[str, Any]) -> str:
    """All fields as a text to read."""
    return "\n".join(f"{name}: {readable(value)}" for name, value in named_values.items())
