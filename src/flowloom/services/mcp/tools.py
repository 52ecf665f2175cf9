"""The tools a server says it has, cut to what a flow can carry, and whether one is still what it was."""

import json
from collections.abc import Iterable, Mapping
from typing import Any

from flowloom.flow.sorts import mapping
from flowloom.kinds.mcp import McpTool
from flowloom.services.mcp.limits import NESTED, SCHEMA
from flowloom.services.openapi.references import References
from flowloom.services.openapi.schemas import Schemas


def tool_from(name: str, title: str, about: str, takes: Any, gives: Any) -> McpTool | None:
    """A tool as a flow keeps it; None where its name or its values are more than can be carried."""
    takes, gives = schema_from(takes), schema_from(gives)
    if takes is None or not 0 < len(name) <= 200:
        return None
    return McpTool(
        name=name, title=title.strip()[:200], about=about.strip()[:2_000], takes=takes, gives=gives or {}
    )


def schema_from(given: Any) -> dict[str, Any] | None:
    """A schema without references, or None where it is too large or too deep."""
    document = mapping(given)
    if not _is_shallow(document):
        return None
    found = Schemas(References(document), for_requests=False).copy(document)
    return found if len(json.dumps(found, default=str)) <= SCHEMA else None


def _is_shallow(value: Any) -> bool:
    level: list[Any] = [value]
    for _ in range(NESTED):
        level = [inner for each in level for inner in _inside(each)]
        if not level:
            return True
    return False


def _inside(value: Any) -> Iterable[Any]:
    return value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()


def change(kept: Mapping[str, Any], live: Mapping[str, Any], name: str = "") -> str:
    """The first value that a tool takes otherwise than it did, "" where what was chosen still holds."""
    if not _types(kept) & _types(live):
        return name or "?"
    before, now = mapping(kept.get("properties")), mapping(live.get("properties"))
    fresh = [each for each in live.get("required", ()) if each not in kept.get("required", ())]
    gone = [each for each in before if now and each not in now] if before else []
    if fresh or gone:
        return _path(name, str((fresh or gone)[0]))
    for each in before:
        if each in now and (found := change(mapping(before[each]), mapping(now[each]), _path(name, each))):
            return found
    items = mapping(kept.get("items")), mapping(live.get("items"))
    return change(*items, _path(name, "[]")) if all(items) else _choices(kept, live, name)


def _choices(kept: Mapping[str, Any], live: Mapping[str, Any], name: str) -> str:
    now = live.get("enum")
    if not isinstance(now, list):
        return ""
    before = kept.get("enum")
    same = isinstance(before, list) and all(each in now for each in before)
    return "" if same else name or "?"


_ALL = frozenset({"string", "number", "integer", "boolean", "array", "object", "null"})


def _types(schema: Mapping[str, Any]) -> frozenset[str]:
    kind = schema.get("type")
    names = frozenset([kind] if isinstance(kind, str) else kind if isinstance(kind, list) else ())
    return names or _ALL


def _path(name: str, inner: str) -> str:
    return f"{name}.{inner}" if name else inner


def unfit(value: Any, schema: Mapping[str, Any], name: str = "") -> str:
    """The first place at which a value is not what a schema promises, "" where it is."""
    if not _types(schema) & _kinds(value):
        return name or "?"
    if isinstance(schema.get("enum"), list) and value not in schema["enum"]:
        return name or "?"
    if isinstance(value, dict):
        missing = [each for each in schema.get("required", ()) if each not in value]
        if missing:
            return _path(name, str(missing[0]))
        known = mapping(schema.get("properties"))
        found = (unfit(value[each], mapping(known[each]), _path(name, each)) for each in known if each in value)
        return next(filter(None, found), "")
    if isinstance(value, list) and "items" in schema:
        found = (unfit(each, mapping(schema["items"]), f"{name}[{at}]") for at, each in enumerate(value[:1_000]))
        return next(filter(None, found), "")
    return ""


def _kinds(value: Any) -> frozenset[str]:
    match value:
        case None:
            return frozenset({"null"})
        case bool():
            return frozenset({"boolean"})
        case int():
            return frozenset({"integer", "number"})
        case float():
            return frozenset({"integer", "number"}) if value.is_integer() else frozenset({"number"})
        case str():
            return frozenset({"string"})
        case list():
            return frozenset({"array"})
    return frozenset({"object"})
