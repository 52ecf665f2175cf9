"""The body of an operation: the media type it is sent as, and its fields as inputs."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from flowloom.flow.sorts import mapping
from flowloom.kinds.operations import Body, Parameter
from flowloom.services.openapi.document import Document, text_of
from flowloom.services.openapi.merging import Schema
from flowloom.services.openapi.schemas import Schemas, nullable
from flowloom.services.openapi.styles import style_of_field

MAX_FIELDS = 40
"""Fields of a body that become inputs of their own; a larger one is one input."""
MERGE_PATCH = "application/merge-patch+json"
_BODIES: tuple[Body, ...] = ("json", "form", "multipart", "text", "files")
_TEXTS = frozenset({"application/xml", "application/yaml", "application/x-yaml", "application/graphql"})
_LINES = frozenset({"application/x-ndjson", "application/jsonl", "application/json-seq"})
_BINARY = frozenset({"binary", "base64"})


@dataclass(frozen=True, slots=True)
class Content:
    """One way to write a body: its media type as the specification names it, and what it says of it."""

    body: Body = ""
    media: str = ""
    says: Document = field(default_factory=dict)


def content_of(content: Mapping[str, Any]) -> Content:
    """The way to write a body that we know best: JSON before forms, before text, before files."""
    ways = [Content(_body_of(str(media)), _media(str(media)), mapping(says)) for media, says in content.items()]
    plain = [way for way in ways if way.media.startswith("application/json")]
    return min([*plain, *ways], key=lambda way: _BODIES.index(way.body), default=Content())


def _body_of(media: str) -> Body:
    media = media.partition(";")[0].strip().lower()
    if media in ("application/json", "*/*", "application/*", "text/json") or media.endswith("+json"):
        return "json"
    if media == "application/x-www-form-urlencoded":
        return "form"
    if media == "multipart/form-data":
        return "multipart"
    is_text = media.startswith("text/") or media.endswith(("+xml", "+yaml")) or media in _TEXTS | _LINES
    return "text" if is_text else "files"


def _media(named: str) -> str:
    """The type to send: the one that is named, or what a pattern such as `text/*` stands for."""
    media = named.strip()[:200]
    if not media.isascii() or not media.isprintable():
        return ""
    return "" if "*" in media else media


def body_inputs(content: Content, says: Document, schemas: Schemas) -> Iterator[Parameter]:
    """A body's fields as inputs, or the body as one; none where it takes files."""
    if content.body in ("", "files"):
        return
    schema = schemas.copy(content.says.get("schema", {}))
    if content.media.startswith(MERGE_PATCH):
        schema = _removable(schema)
    required = says.get("required") is True
    fields: Mapping[str, Schema] = schema.get("properties", {})
    if content.body != "text" and 0 < len(fields) <= MAX_FIELDS and "anyOf" not in schema:
        yield from _fields(content, fields, schema.get("required", ()) if required else ())
    else:
        yield Parameter("body", "whole", required, text_of(says.get("description")), schema)


def _fields(content: Content, fields: Mapping[str, Schema], required: Iterable[str]) -> Iterator[Parameter]:
    needed, encoding = set(required), mapping(content.says.get("encoding"))
    for name, schema in fields.items():
        if content.body == "multipart" and is_file(schema):
            continue
        style, explode, reserved = style_of_field(mapping(encoding.get(name)))
        about = schema.get("description", "")
        yield Parameter(name, "body", name in needed, about, schema, style, explode, reserved)


def takes_files(content: Content, schemas: Schemas) -> bool:
    """Whether a body cannot be sent without a file; one that may be left out is."""
    if content.body != "multipart":
        return content.body == "files"
    schema = schemas.copy(content.says.get("schema", {}))
    files = [name for name, each in schema.get("properties", {}).items() if is_file(each)]
    return len(files) == len(schema.get("properties", {})) or bool(set(files) & set(schema.get("required", ())))


def is_file(schema: Mapping[str, Any]) -> bool:
    """Whether a field is a file, or a list of them."""
    if isinstance(schema.get("items"), dict) and schema.get("type") == "array":
        return is_file(schema["items"])
    return schema.get("format") in _BINARY or bool(schema.get("contentMediaType"))


def _removable(schema: Schema) -> Schema:
    """In a merge patch null takes a field away, whatever the field holds (RFC 7396, section 1)."""
    if "properties" not in schema:
        return schema
    needed = schema.get("required", ())
    fields = {
        name: _removable(each) if name in needed else nullable(_removable(each))
        for name, each in schema["properties"].items()
    }
    return {**schema, "properties": fields}
