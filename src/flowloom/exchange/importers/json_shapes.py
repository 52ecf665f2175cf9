"""A JSON schema that a model's answer should fit, as the fields of a model block."""

from collections.abc import Mapping
from typing import Any

from flowloom.exchange.drawing import Drawing

_TYPES = {"string": "text", "number": "number", "integer": "number", "boolean": "yes_no", "object": "json"}


def rows_of(schema: Any) -> list[dict[str, Any]]:
    """A row for each property of an object; none for all else."""
    if not isinstance(schema, dict) or not isinstance(schema.get("properties"), dict):
        return []
    needed = schema.get("required")
    required = needed if isinstance(needed, list) else []
    return [
        _row(name, shape, name in required)
        for name, shape in list(schema["properties"].items())[:50]
        if name.strip()
    ]


def _row(name: str, shape: Any, required: bool) -> dict[str, Any]:
    told = shape if isinstance(shape, dict) else {}
    type = told.get("type")
    types = [each for each in type if each != "null"] if isinstance(type, list) else [type]
    items = told.get("items")
    if types[:1] == ["array"]:
        plain = isinstance(items, dict) and items.get("type") == "string"
        kind = "list" if plain else "json"
    else:
        kind = _TYPES.get(str(types[0]) if types else "", "json" if told.get("properties") else "text")
    choices = told.get("enum")
    said = f"One of: {', '.join(map(str, choices))}." if isinstance(choices, list) else ""
    about = " ".join(filter(None, (str(told.get("description") or ""), said)))[:2_000]
    nullable = isinstance(type, list) and "null" in type
    return {"name": name[:80], "type": kind, "description": about, "required": required and not nullable}


def fields_of(format: Any, *, has_tools: bool, drawing: Drawing) -> dict[str, Any]:
    """The `fields` of a model that answers by a schema; what has no counterpart is told."""
    inner = format.get("json_schema", format) if isinstance(format, Mapping) else None
    rows = rows_of(inner.get("schema")) if isinstance(inner, Mapping) else []
    asked = isinstance(format, Mapping) and format.get("type") in ("json_object", "json_schema")
    if rows and not has_tools:
        return {"fields": rows, "answer_as": "json"}
    if asked:
        drawing.remark(
            "It was made to answer in JSON; here its instructions have to ask for that.",
            "You notice when it answers in plain words: add “Answer in JSON” to its instructions.",
        )
    return {}
