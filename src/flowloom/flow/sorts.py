"""What sort of value something is, in words, and values of one sort out of what may hold any."""

from typing import Any, NamedTuple

from pydantic import ValidationError

EMPTY, TEXT, NUMBER, FLAG = "empty", "a piece of text", "a number", "a yes or no"
LIST, GROUP = "a list", "a group of fields"
SAID = "In the file, {place} is {found}, but should be {wanted}."
_WANTED = {
    "string_type": TEXT,
    "int_type": NUMBER,
    "int_parsing": NUMBER,
    "int_from_float": NUMBER,
    "float_type": NUMBER,
    "float_parsing": NUMBER,
    "bool_type": FLAG,
    "bool_parsing": FLAG,
    "list_type": LIST,
    "tuple_type": LIST,
    "frozen_set_type": LIST,
    "dict_type": GROUP,
    "model_type": GROUP,
}
"""By pydantic's name for what is wrong."""
_LONGEST = 200


def mapping(value: Any) -> dict[str, Any]:
    """The fields of a group, none of all else."""
    return value if isinstance(value, dict) else {}


def listed(value: Any) -> list[Any]:
    """What a list holds, nothing for all else."""
    return value if isinstance(value, list) else []


def mappings(value: Any) -> list[dict[str, Any]]:
    """The groups in a list."""
    return [each for each in listed(value) if isinstance(each, dict)]


def words(value: Any) -> str:
    """A value as the text it was meant as; nothing for what is no text."""
    return "" if value is None or isinstance(value, bool | dict | list) else str(value)


class Wrong(NamedTuple):
    """The first value that does not belong where it is."""

    place: str
    found: str
    wanted: str


def sort_of(value: Any) -> str:
    """What a value is, in words."""
    match value:
        case None:
            return EMPTY
        case bool():
            return FLAG
        case int() | float():
            return NUMBER
        case list():
            return LIST
        case dict():
            return GROUP
    return TEXT


def wrong_in(error: ValidationError) -> Wrong | None:
    """What the first thing wrong is, where it is of another sort; None where it is of the right one."""
    first = error.errors(include_url=False, include_context=False)[0]
    wanted, found = _WANTED.get(first["type"], ""), sort_of(first["input"])
    return Wrong(place_in(first["loc"]), found, wanted) if wanted not in ("", found) else None


def place_in(keys: tuple[int | str, ...]) -> str:
    """A place by the keys that lead there."""
    return " › ".join(str(key) for key in keys)[:_LONGEST]
