"""JSON schemas, as far as forms and models use them: does a value fit, and how is it told to a model?"""

import json
import re
from collections.abc import Mapping
from typing import Any

Schema = Mapping[str, Any]

_TYPES: dict[str, tuple[type, ...]] = {
    "string": (str,),
    "integer": (int,),
    "number": (int, float),
    "boolean": (bool,),
    "array": (list,),
    "object": (dict,),
    "null": (type(None),),
}
_DEEPEST = 32


def resolved(schema: Schema, root: Schema) -> Schema:
    """The schema a local `$ref` points at; the schema itself where there is none."""
    for _ in range(_DEEPEST):
        ref = schema.get("$ref")
        if not isinstance(ref, str) or not ref.startswith("#/"):
            return schema
        found: Any = root
        for part in ref[2:].split("/"):
            found = found.get(part.replace("~1", "/").replace("~0", "~"), {}) if isinstance(found, Mapping) else {}
        schema = found if isinstance(found, Mapping) else {}
    return {}


def types_of(schema: Schema) -> tuple[str, ...]:
    """The type names a schema allows, () for any."""
    named = schema.get("type")
    if isinstance(named, str):
        return (named,)
    return tuple(str(name) for name in named) if isinstance(named, list) else ()


def find_mismatch(value: Any, schema: Schema, root: Schema | None = None, place: str = "") -> str:
    """Where and how a value does not fit its schema, as `place: reason`; "" when it fits."""
    root = schema if root is None else root
    schema = resolved(schema, root)
    if place.count(".") > _DEEPEST:
        return ""
    if options := schema.get("anyOf") or schema.get("oneOf"):
        found = [find_mismatch(value, option, root, place) for option in options]
        return "" if "" in found else found[0]
    if wrong := _wrong_type(value, types_of(schema)) or _wrong_choice(value, schema):
        return f"{place or 'answer'}: {wrong}"
    if isinstance(value, dict):
        return _wrong_field(value, schema, root, place)
    if isinstance(value, list) and isinstance(schema.get("items"), Mapping):
        checks = (find_mismatch(item, schema["items"], root, f"{place}[{at}]") for at, item in enumerate(value))
        return next((check for check in checks if check), "")
    return ""


def _wrong_type(value: Any, types: tuple[str, ...]) -> str:
    for name in types:
        is_flag = isinstance(value, bool) and name in ("integer", "number")
        if isinstance(value, _TYPES.get(name, (object,))) and not is_flag:
            return ""
        if name == "integer" and isinstance(value, float) and value.is_integer():
            return ""
    return f"{_short(value)} is not {' or '.join(types)}" if types else ""


def _wrong_choice(value: Any, schema: Schema) -> str:
    allowed = schema.get("enum", [schema["const"]] if "const" in schema else None)
    return f"{_short(value)} is none of {_short(allowed)}" if allowed is not None and value not in allowed else ""


def _wrong_field(value: dict[str, Any], schema: Schema, root: Schema, place: str) -> str:
    properties = schema.get("properties", {})
    dot = f"{place}." if place else ""
    for name in schema.get("required", ()):
        if name not in value:
            return f"{dot}{name}: missing"
    for name, field in properties.items():
        if name in value and (wrong := find_mismatch(value[name], field, root, dot + name)):
            return wrong
    if schema.get("additionalProperties") is False:
        unknown = [name for name in value if name not in properties]
        return f"{dot}{unknown[0]}: not asked for" if unknown else ""
    return ""


def without_nulls(value: Any, schema: Schema, root: Schema | None = None) -> Any:
    """Leave out what was answered with null where the schema wants a value or nothing."""
    root = schema if root is None else root
    schema = resolved(schema, root)
    if isinstance(value, list) and isinstance(schema.get("items"), Mapping):
        return [without_nulls(item, schema["items"], root) for item in value]
    if not isinstance(value, dict):
        return value
    fields = {name: resolved(field, root) for name, field in schema.get("properties", {}).items()}
    required = set(schema.get("required", ()))
    return {
        name: without_nulls(item, fields.get(name, {}), root)
        for name, item in value.items()
        if item is not None or name in required or not find_mismatch(None, fields.get(name, {}), root)
    }


def strict(schema: Any) -> Any:
    """The schema as OpenAI's strict mode wants it: every field required, the optional ones nullable."""
    if isinstance(schema, list):
        return [strict(item) for item in schema]
    if not isinstance(schema, Mapping):
        return schema
    made = {name: strict(item) for name, item in schema.items() if name not in ("default", "title")}
    properties = schema.get("properties")
    if isinstance(properties, Mapping):
        required = set(schema.get("required", ()))
        made["properties"] = {
            name: strict(field) if name in required else _nullable(strict(field))
            for name, field in properties.items()
        }
        made |= {"required": list(properties), "additionalProperties": False}
    return made


def _nullable(schema: dict[str, Any]) -> dict[str, Any]:
    if "type" not in schema or "enum" in schema:
        return schema if _takes_null(schema) else {"anyOf": [schema, {"type": "null"}]}
    types = types_of(schema)
    return schema if "null" in types else {**schema, "type": [*types, "null"]}


def _takes_null(schema: dict[str, Any]) -> bool:
    return any(option.get("type") == "null" for option in schema.get("anyOf", ()))


def read_object(text: str) -> dict[str, Any] | None:
    """The JSON object in a model's answer, also between fences or other words."""
    decoder = json.JSONDecoder()
    for start in [match.start() for match in re.finditer(r"\{", text)][:50]:
        try:
            found, _ = decoder.raw_decode(text, start)
        except (ValueError, RecursionError):
            continue
        if isinstance(found, dict):
            return found
    return None


def _short(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= 80 else text[:77] + "…"
