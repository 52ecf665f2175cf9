"""Schemas put together: one that asks for all that several ask for (`allOf`, and what stands beside it)."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

Schema = dict[str, Any]
_NARROWER: Mapping[str, Callable[[Any, Any], Any]] = {
    "minimum": max,
    "exclusiveMinimum": max,
    "minLength": max,
    "minItems": max,
    "maximum": min,
    "exclusiveMaximum": min,
    "maxLength": min,
    "maxItems": min,
}


def both(one: Mapping[str, Any], other: Mapping[str, Any]) -> Schema:
    """A schema that asks for what both ask for; where only one of them can be kept, it is that of `one`.

    `required` is not pruned here: a part of an `allOf` may name only what another part has to have
    (JSON Schema 2020-12, section 10.2.1.1; OpenAPI 3.0.3, “Composition and Inheritance”).
    """
    found = {**other, **one}
    shared = one.keys() & other.keys()
    for name in shared & _NARROWER.keys():
        found[name] = _narrower(name, one[name], other[name])
    if "type" in shared:
        found["type"] = _common_type(one["type"], other["type"])
    if "enum" in shared:
        found["enum"] = [each for each in one["enum"] if each in other["enum"]] or one["enum"]
    if "properties" in shared:
        found["properties"] = _properties(one["properties"], other["properties"])
    if "items" in shared:
        found["items"] = both(one["items"], other["items"])
    if "anyOf" in shared:
        found["anyOf"] = [both(mine, theirs) for mine in one["anyOf"] for theirs in other["anyOf"]][:40]
    if "required" in shared:
        found["required"] = list(dict.fromkeys([*other["required"], *one["required"]]))
    return found


def _narrower(name: str, one: Any, other: Any) -> Any:
    try:
        return _NARROWER[name](one, other)
    except TypeError:
        return one


def _properties(one: Mapping[str, Any], other: Mapping[str, Any]) -> Schema:
    """In the order of the part that came first, each with what either says of it."""
    names = dict.fromkeys([*other, *one])
    return {
        name: both(one[name], other[name]) if name in one and name in other else one.get(name, other.get(name))
        for name in names
    }


def names_of(kind: Any) -> list[str]:
    """The names a `type` holds, [] for any."""
    return [kind] if isinstance(kind, str) else [each for each in kind or () if isinstance(each, str)]


def _common_type(one: Any, other: Any) -> Any:
    mine, theirs = names_of(one), names_of(other)
    if not mine or not theirs:
        return one or other
    found = [name for name in mine if name in theirs or (name == "integer" and "number" in theirs)]
    found += [name for name in theirs if name == "integer" and "number" in mine and name not in found]
    return as_type(found) if found else one


def as_type(names: Sequence[str]) -> Any:
    return names[0] if len(names) == 1 else list(names)
