"""The last step before a model: schemas and names as every vendor's model takes them.

Schemas come from web services, MCP servers and people. What one vendor lets pass another refuses, and with it the
whole request: lists without `items`, types that JSON Schema does not know, choices at the root, references.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import count
from typing import Any

from flowloom.kinds.values import ModelRequest, ToolSpec
from flowloom.services.openapi.merging import both, names_of
from flowloom.services.openapi.references import References
from flowloom.services.openapi.schemas import Schemas

MAX_TOOLS = 128
"""Tools in one request: the least that a large vendor allows (OpenAI's API reference, `tools`)."""
MAX_ABOUT = 1_024
"""Characters of a tool's description: likewise."""
MAX_DEPTH = 16
MAX_PARTS = 5_000
_NAME = re.compile(r"[A-Za-z0-9_-]{1,64}")


def fit_for_models(request: ModelRequest) -> tuple[ModelRequest, tuple[str, ...]]:
    """The request as any model takes it, and the names of the tools that had to be left out."""
    if not request.tools and request.response_schema is None:
        return request, ()
    mended = [(tool, mend_tool(tool)) for tool in request.tools]
    tools = [found for _, found in mended if found is not None][:MAX_TOOLS]
    kept = {tool.name for tool in tools}
    left_out = tuple(tool.name for tool, _ in mended if tool.name not in kept)
    shape = request.response_schema
    update = {"tools": tools, "response_schema": shape if shape is None else mend_schema(shape)}
    return request.model_copy(update=update), left_out


def mend_tool(tool: ToolSpec) -> ToolSpec | None:
    """A tool that every model takes; None where its values are no object and so cannot be called by name."""
    schema = _as_object(mend_schema(tool.parameters))
    if schema is None:
        return None
    about = tool.description
    return ToolSpec(
        name=tool.name,
        description=about if len(about) <= MAX_ABOUT else about[: MAX_ABOUT - 1].rstrip() + "…",
        parameters=schema,
    )


def mend_schema(schema: Any) -> dict[str, Any]:
    """A schema in the words of today's JSON Schema, without references, in which every list has `items`."""
    document = schema if isinstance(schema, dict) else {}
    schemas = Schemas(References(document), for_requests=False, max_depth=MAX_DEPTH, max_parts=MAX_PARTS)
    return _with_items(schemas.copy(document))


def _with_items(schema: Mapping[str, Any]) -> dict[str, Any]:
    made = dict(schema)
    if "array" in names_of(made.get("type")):
        made["items"] = _with_items(made.get("items") or {})
    if "properties" in made:
        made["properties"] = {name: _with_items(each) for name, each in made["properties"].items()}
    if "anyOf" in made:
        made["anyOf"] = [_with_items(each) for each in made["anyOf"]]
    if isinstance(made.get("additionalProperties"), dict):
        made["additionalProperties"] = _with_items(made["additionalProperties"])
    return made


def _as_object(schema: dict[str, Any]) -> dict[str, Any] | None:
    """A tool's values as one object: models take no choice, and nothing but an object, at the root."""
    if "anyOf" in schema:
        schema = _one_of_many(schema)
    types = names_of(schema.get("type"))
    if types and "object" not in types:
        return None
    return {**schema, "type": "object", "properties": schema.get("properties", {})}


def _one_of_many(schema: Mapping[str, Any]) -> dict[str, Any]:
    """Every field of any option; required only what all of them require."""
    outer = {name: value for name, value in schema.items() if name != "anyOf"}
    options = [both(outer, each) for each in schema["anyOf"] if each.get("type") != "null"]
    found: dict[str, Any] = dict(outer)
    for option in options:
        for name, field in option.get("properties", {}).items():
            found["properties"] = {**found.get("properties", {})}
            known = found["properties"].setdefault(name, field)
            if known != field:
                found["properties"][name] = _either(known, field)
    needed = [set(option.get("required", ())) for option in options]
    shared = set.intersection(*needed) if needed else set()
    required = [name for name in found.get("properties", {}) if name in shared]
    types = {name for option in options for name in names_of(option.get("type")) or ["object"]}
    if "object" not in types:
        found["type"] = sorted(types)
    return {name: value for name, value in found.items() if name != "required"} | (
        {"required": required} if required else {}
    )


def _either(one: Mapping[str, Any], other: Mapping[str, Any]) -> dict[str, Any]:
    """A field that two options describe otherwise; what tells them apart becomes one list of choices."""
    if "enum" in one and "enum" in other and one.get("type") == other.get("type"):
        return {**one, "enum": list(dict.fromkeys([*one["enum"], *other["enum"]]))}
    return {"anyOf": [*one.get("anyOf", [one]), other]}


def aliases_of(tools: Sequence[ToolSpec]) -> dict[str, str]:
    """Each tool's name and the one it travels by: ASCII without spaces, 64 signs at most, no two alike."""
    return dict(_aliases(tools))


def _aliases(tools: Sequence[ToolSpec]) -> Iterator[tuple[str, str]]:
    taken = {tool.name for tool in tools if _NAME.fullmatch(tool.name)}
    for number, tool in enumerate(tools):
        alias = tool.name
        if not _NAME.fullmatch(alias):
            base = re.sub(r"[^A-Za-z0-9_-]+", "_", alias).strip("_")[:50] or "tool"
            alias = next(name for name in _numbered(base, number) if name not in taken)
            taken.add(alias)
        yield tool.name, alias


def _numbered(base: str, number: int) -> Iterator[str]:
    return (f"{base}_{at}" for at in count(number))
