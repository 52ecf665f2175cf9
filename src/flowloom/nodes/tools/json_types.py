"""Which JSON types a schema allows, and whether a value already is what a schema asks for."""

from collections.abc import Mapping, Sequence
from typing import Any

TYPES = frozenset({"string", "integer", "number", "boolean", "array", "object", "null"})
MAX_DEPTH = 12
Schema = Mapping[str, Any]


def types_of(schema: Schema) -> Sequence[str]:
    """The types a schema names, null among them; [] for any value."""
    kind = schema.get("type", [])
    return [each for each in ([kind] if isinstance(kind, str) else kind) if each in TYPES]


def options_of(schema: Schema) -> Sequence[Schema]:
    """The schemas of which one is enough (`anyOf`, `oneOf`), [] where there is no choice."""
    options = schema.get("anyOf") or schema.get("oneOf")
    return [each for each in options if isinstance(each, dict)] if isinstance(options, list) else []


def allows_null(schema: Schema) -> bool:
    """Whether null is a value here; a schema that says nothing of types does not say so."""
    if "null" in types_of(schema) or ("const" in schema and schema["const"] is None):
        return True
    return any(allows_null(option) for option in options_of(schema))


def is_of(value: Any, kind: str) -> bool:
    """Whether a value is of a JSON type; a whole number is a number as well, a yes is no number."""
    match kind:
        case "null":
            return value is None
        case "boolean":
            return isinstance(value, bool)
        case "integer":
            return isinstance(value, int) and not isinstance(value, bool)
        case "number":
            return isinstance(value, int | float) and not isinstance(value, bool)
        case "string":
            return isinstance(value, str)
        case "array":
            return isinstance(value, list | tuple)
    return isinstance(value, dict)


def choices_of(schema: Schema) -> list[Any] | None:
    """The values a schema lists, None where it lists none."""
    if "const" in schema:
        return [schema["const"]]
    choices = schema.get("enum")
    return choices if isinstance(choices, list) else None


def is_among(value: Any, choices: Sequence[Any]) -> bool:
    """Whether a value is one of those listed; 1 is not yes, and 1.0 is 1."""
    return any(value == each and isinstance(value, bool) == isinstance(each, bool) for each in choices)


def fits(value: Any, schema: Schema, depth: int = 0) -> bool:
    """Whether a value is what a schema asks for as it stands, with nothing made fit."""
    types, choices = types_of(schema), choices_of(schema)
    if types and not any(is_of(value, kind) for kind in types):
        return False
    if choices is not None and not is_among(value, choices) and not (value is None and "null" in types):
        return False
    if out_of_range(value, schema):
        return False
    if depth >= MAX_DEPTH:
        return True
    options = options_of(schema)
    if options and not any(fits(value, option, depth + 1) for option in options):
        return False
    return _fits_inside(value, schema, depth + 1)


def _fits_inside(value: Any, schema: Schema, depth: int) -> bool:
    items, properties = schema.get("items"), schema.get("properties")
    if isinstance(value, list) and isinstance(items, dict):
        return all(fits(each, items, depth) for each in value)
    if not isinstance(value, dict):
        return True
    if any(name not in value for name in schema.get("required", ())):
        return False
    known: Mapping[str, Any] = properties if isinstance(properties, dict) else {}
    if schema.get("additionalProperties") is False and any(name not in known for name in value):
        return False
    return all(fits(each, known[name], depth) for name, each in value.items() if isinstance(known.get(name), dict))


def out_of_range(value: Any, schema: Schema) -> bool:
    """Whether a number is beyond the limits of a schema."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    low, above, high, below = (
        limit if isinstance(limit, int | float) and not isinstance(limit, bool) else None
        for limit in map(schema.get, ("minimum", "exclusiveMinimum", "maximum", "exclusiveMaximum"))
    )
    return (
        (low is not None and value < low)
        or (above is not None and value <= above)
        or (high is not None and value > high)
        or (below is not None and value >= below)
    )
