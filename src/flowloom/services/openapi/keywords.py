"""What one schema says of itself, in the words of today's JSON Schema, whichever version wrote it."""

import json
from collections.abc import Mapping
from typing import Any

from flowloom.flow.sorts import listed
from flowloom.services.openapi.document import text_of
from flowloom.services.openapi.merging import as_type, names_of

MAX_CHOICES = 200
MAX_VALUE = 200
"""Characters of a default, constant or choice that is carried along."""
_LIMITS = ("minimum", "maximum", "minLength", "maxLength", "minItems", "maxItems", "multipleOf")
_WORDS = ("format", "pattern")
TYPES = ("string", "integer", "number", "boolean", "array", "object", "null")
# What people write for a type, though no version of the specification knows it.
_NICKNAMES: Mapping[str, str] = {
    "file": "string",
    "str": "string",
    "text": "string",
    "date": "string",
    "datetime": "string",
    "date-time": "string",
    "uuid": "string",
    "uri": "string",
    "url": "string",
    "email": "string",
    "binary": "string",
    "byte": "string",
    "enum": "string",
    "char": "string",
    "int": "integer",
    "int32": "integer",
    "int64": "integer",
    "long": "integer",
    "short": "integer",
    "bigint": "integer",
    "float": "number",
    "double": "number",
    "decimal": "number",
    "numeric": "number",
    "bool": "boolean",
    "list": "array",
    "set": "array",
    "tuple": "array",
    "dict": "object",
    "map": "object",
    "hash": "object",
    "none": "null",
    "nil": "null",
    "undefined": "null",
}


def type_names(value: Any) -> list[str]:
    """The types that a `type` means, in JSON Schema's words; [] for any value.

    `any`, which old drafts know, and words that nobody knows allow everything.
    """
    names = []
    for name in names_of(value if isinstance(value, str | list) else None):
        plain = name.strip().lower()
        plain = plain if plain in TYPES else _NICKNAMES.get(plain, "")
        if not plain:
            return []
        names.append(plain)
    return list(dict.fromkeys(names))


def keywords_of(source: Mapping[str, Any]) -> dict[str, Any]:
    """What a schema says of itself, without the schemas within it."""
    found: dict[str, Any] = {}
    if names := _types(source):
        found["type"] = as_type(names)
    if about := text_of(source.get("description")) or text_of(source.get("title"), 80):
        found["description"] = about
    if choices := _choices(source):
        found["enum"] = choices
    for name in (*_LIMITS, *_WORDS):
        value = source.get(name)
        if isinstance(value, str if name in _WORDS else int | float) and not isinstance(value, bool):
            if len(str(value)) <= MAX_VALUE:
                found[name] = value
    _limits(source, found)
    for name in ("default", "const"):
        if name in source and _is_small(source[name]):
            found[name] = source[name]
    return found


def _types(source: Mapping[str, Any]) -> list[str]:
    names = type_names(source.get("type"))
    if not names and source.get("type") in (None, [], ""):
        names = _implied(source)
    # OpenAPI 3.0 writes the null of 3.1 as a word of its own, Swagger 2 as an extension.
    if names and (source.get("nullable") is True or source.get("x-nullable") is True) and "null" not in names:
        names.append("null")
    return names


def _implied(source: Mapping[str, Any]) -> list[str]:
    """The types of a schema that names none."""
    if "properties" in source:
        return ["object"]
    if "items" in source or "prefixItems" in source:
        return ["array"]
    values = _choices(source) or ([source["const"]] if "const" in source else [])
    return list(dict.fromkeys(type_of(value) for value in values))


def type_of(value: Any) -> str:
    """The JSON Schema type of a value."""
    match value:
        case None:
            return "null"
        case bool():
            return "boolean"
        case int():
            return "integer"
        case float():
            return "number"
        case str():
            return "string"
        case list() | tuple():
            return "array"
    return "object"


def _choices(source: Mapping[str, Any]) -> list[Any]:
    choices = [each for each in listed(source.get("enum")) if isinstance(each, str | int | float | None)]
    return choices[:MAX_CHOICES]


def _limits(source: Mapping[str, Any], found: dict[str, Any]) -> None:
    """`exclusiveMinimum` is a number of its own since draft 6; OpenAPI 3.0 says true or false of `minimum`."""
    for name, plain in (("exclusiveMinimum", "minimum"), ("exclusiveMaximum", "maximum")):
        value = source.get(name)
        if value is True and plain in found:
            found[name] = found.pop(plain)
        elif isinstance(value, int | float) and not isinstance(value, bool):
            found[name] = value


def _is_small(value: Any) -> bool:
    try:
        return len(json.dumps(value)) <= MAX_VALUE
    except (TypeError, ValueError, RecursionError):
        return False
