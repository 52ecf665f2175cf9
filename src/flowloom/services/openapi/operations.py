"""The operations of a specification, made from what OpenAPI 3 and Swagger 2 each say of them."""

import re
from collections.abc import Iterator, Mapping
from typing import Any, get_args

from flowloom.kinds.operations import Body, Method, Operation, Parameter, Place, Style
from flowloom.services.openapi.document import Document, mapping, rows, text_of
from flowloom.services.openapi.references import References

METHODS = tuple(method.lower() for method in get_args(Method))
MAX_FIELDS = 40
"""Fields of a body that become inputs of their own; a larger one is one input."""
_STYLES: Mapping[str, Style] = {
    "deepObject": "deep",
    "spaceDelimited": "space",
    "ssv": "space",
    "pipeDelimited": "pipe",
    "pipes": "pipe",
    "multi": "form",
    "csv": "comma",
}
_BODIES: tuple[Body, ...] = ("json", "form", "text", "files")
# A key belongs to a connection, and the others are ours to send.
_NOT_ASKED = frozenset(
    "accept content-type authorization proxy-authorization cookie host content-length connection "
    "x-api-key api-key apikey x-auth-token x-access-token".split()
)


def operations_of(document: Document, server: str, references: References, servers: Any) -> Iterator[Operation]:
    """Every operation, in the order of the specification. `servers(place)` is the server a place names, or ""."""
    old = "swagger" in document
    taken: set[str] = set()
    for path, item in mapping(document.get("paths")).items():
        place = references.resolve(item)
        for method in METHODS:
            source = references.resolve(place.get(method))
            if not isinstance(place.get(method), dict) or not isinstance(path, str) or not path.startswith("/"):
                continue
            parts = _parts(place, source, references)
            inputs, body = (
                _swagger_inputs(document, source, parts, references) if old else _inputs(source, parts, references)
            )
            inputs = [*_undeclared(path, inputs), *inputs]
            yield Operation(
                id=_id(source, method, path, taken),
                method=method.upper(),
                path=path[:1000],
                server=servers(source) or servers(place) or server,
                summary=text_of(source.get("summary"), 120),
                about=text_of(source.get("description")),
                tag=text_of(next(iter(rows(source.get("tags"))), ""), 80),
                parameters=tuple(inputs),
                body=body,
                security=_security(source.get("security", document.get("security"))),
            )


def _undeclared(path: str, inputs: list[Parameter]) -> Iterator[Parameter]:
    """What stands in braces in a path and is described nowhere."""
    known = {each.name for each in inputs if each.place == "path"}
    for name in dict.fromkeys(re.findall(r"\{([^{}/]+)\}", path)):
        if name not in known:
            yield Parameter(name, "path", True, schema={"type": "string"})


def _id(source: Document, method: str, path: str, taken: set[str]) -> str:
    words = re.sub(r"[^A-Za-z0-9_-]+", "_", text_of(source.get("operationId"), 200) or f"{method}{path}")
    base = words.strip("_")[:60] or method
    found, number = base, 1
    while found in taken:
        number += 1
        found = f"{base}_{number}"
    taken.add(found)
    return found


def _security(value: Any) -> tuple[str, ...]:
    return tuple(dict.fromkeys(str(name)[:100] for row in rows(value) for name in mapping(row)))[:10]


def _parts(place: Document, source: Document, references: References) -> list[Document]:
    """The parameters of a path and of the operation itself, which come before those."""
    found: dict[tuple[str, str], Document] = {}
    for row in [*rows(place.get("parameters")), *rows(source.get("parameters"))][:200]:
        part = references.resolve(row)
        name, where = part.get("name"), part.get("in")
        if isinstance(name, str) and isinstance(where, str) and len(name) <= 200:
            found[name, where] = part
    return list(found.values())


def _inputs(source: Document, parts: list[Document], references: References) -> tuple[list[Parameter], Body]:
    inputs = [each for part in parts if (each := _parameter(part, _schema_in(part), references, part))]
    content = references.resolve(source.get("requestBody"))
    body, schema = _content(mapping(content.get("content")), references)
    return [*inputs, *_body_inputs(body, schema, bool(content.get("required")), content, references)], body


def _schema_in(part: Document) -> Any:
    content: Any = next(iter(mapping(part.get("content")).values()), {})
    return part.get("schema", mapping(content).get("schema", {}))


def _parameter(part: Document, schema: Any, references: References, says: Document) -> Parameter | None:
    where, name = part["in"], part["name"]
    if where not in ("path", "query", "header") or (where == "header" and name.lower() in _NOT_ASKED):
        return None
    place: Place = where
    return Parameter(
        name=name,
        place=place,
        required=place == "path" or says.get("required") is True,
        about=text_of(part.get("description")),
        schema=references.schema(schema),
        style=_style(part, place),
    )


def _style(part: Document, place: Place) -> Style:
    named = str(part.get("style", part.get("collectionFormat", "")))
    if place != "query":
        return "comma"
    if named in _STYLES:
        return _STYLES[named]
    return "comma" if part.get("explode") is False or "type" in part else "form"


def _content(content: Document, references: References) -> tuple[Body, Any]:
    """How a body is written, by the first way we know; and its schema."""
    known: dict[Body, Any] = {}
    for media, says in content.items():
        known.setdefault(_body_of(str(media)), mapping(says).get("schema", {}))
    for body in _BODIES:
        if body in known:
            return body, known[body]
    return "", {}


def _body_of(media: str) -> Body:
    media = media.partition(";")[0].strip().lower()
    if media in ("application/json", "*/*", "application/*") or media.endswith("+json"):
        return "json"
    if media == "application/x-www-form-urlencoded":
        return "form"
    return "text" if media.startswith("text/") else "files"


def _body_inputs(
    body: Body, source: Any, required: bool, says: Document, references: References
) -> Iterator[Parameter]:
    if not body or body == "files":
        return
    schema = references.schema(source)
    fields = schema.get("properties", {})
    if body != "text" and fields and len(fields) <= MAX_FIELDS and "anyOf" not in schema:
        for name, inner in fields.items():
            about = inner.get("description", "")
            yield Parameter(name, "body", required and name in schema.get("required", []), about, inner)
    else:
        yield Parameter("body", "whole", required, text_of(says.get("description")), schema)


def _swagger_inputs(
    document: Document, source: Document, parts: list[Document], references: References
) -> tuple[list[Parameter], Body]:
    inputs = [each for part in parts if (each := _parameter(part, part, references, part))]
    fields = [part for part in parts if part["in"] == "formData"]
    media = rows(source.get("consumes", document.get("consumes")))
    if fields:
        files = any(part.get("type") == "file" for part in fields)
        given = [
            Parameter(
                part["name"],
                "body",
                part.get("required") is True,
                text_of(part.get("description")),
                references.schema(part),
            )
            for part in fields[:MAX_FIELDS]
        ]
        return [*inputs, *([] if files else given)], "files" if files else "form"
    whole = next((part for part in parts if part["in"] == "body"), None)
    if whole is None:
        return inputs, ""
    body = _content({str(each): {} for each in media} or {"application/json": {}}, references)[0]
    body = "json" if body in ("", "form") else body
    given_body = _body_inputs(body, whole.get("schema"), whole.get("required") is True, whole, references)
    return [*inputs, *given_body], body
