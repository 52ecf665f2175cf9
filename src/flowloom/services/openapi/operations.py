"""The operations of a specification, made from what OpenAPI 3 and Swagger 2 each say of them."""

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any, get_args

from flowloom.flow.sorts import listed, mapping
from flowloom.kinds.operations import Body, Method, Operation, Parameter, Place
from flowloom.services.openapi.bodies import Content, body_inputs, content_of, takes_files
from flowloom.services.openapi.document import Document, text_of
from flowloom.services.openapi.references import References
from flowloom.services.openapi.schemas import Schemas
from flowloom.services.openapi.styles import Written, style_of, style_of_collection

METHODS = tuple(method.lower() for method in get_args(Method))
MAX_FIELDS = 40
"""Fields of a form of Swagger 2 that become inputs."""
# A key belongs to a connection, and the others are ours to send.
_NOT_ASKED = frozenset(
    "accept content-type authorization proxy-authorization cookie host content-length connection "
    "x-api-key api-key apikey x-auth-token x-access-token".split()
)
_KEYS = ("session", "sid", "token", "auth", "csrf", "xsrf", "jwt", "secret", "key", "login", "passw")
"""What the name of a cookie that lets somebody in has in it."""


def operations_of(document: Document, server: str, schemas: Schemas, servers: Any) -> Iterator[Operation]:
    """Every operation, in the order of the specification. `servers(place)` is the server a place names, or ""."""
    old, references = "swagger" in document, schemas.references
    taken: set[str] = set()
    for path, item in mapping(document.get("paths")).items():
        place = references.resolve(item)
        for method in METHODS:
            source = references.resolve(place.get(method))
            if not isinstance(place.get(method), dict) or not isinstance(path, str) or not path.startswith("/"):
                continue
            parts = _parts(place, source, references)
            inputs, body, media = (
                _swagger_inputs(document, source, parts, schemas) if old else _inputs(source, parts, schemas)
            )
            inputs = [*_undeclared(path, inputs), *inputs]
            yield Operation(
                id=_id(source, method, path, taken),
                method=method.upper(),
                path=path[:1000],
                server=servers(source) or servers(place) or server,
                summary=text_of(source.get("summary"), 120),
                about=text_of(source.get("description")),
                tag=text_of(next(iter(listed(source.get("tags"))), ""), 80),
                parameters=tuple(inputs),
                body=body,
                security=_security(source.get("security", document.get("security"))),
                media=media,
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
    return tuple(dict.fromkeys(str(name)[:100] for row in listed(value) for name in mapping(row)))[:10]


def _parts(place: Document, source: Document, references: References) -> list[Document]:
    """The parameters of a path and of the operation itself, which come before those."""
    found: dict[tuple[str, str], Document] = {}
    for row in [*listed(place.get("parameters")), *listed(source.get("parameters"))][:200]:
        part = references.resolve(row)
        name, where = part.get("name"), part.get("in")
        if isinstance(name, str) and isinstance(where, str) and len(name) <= 200:
            found[name, where] = part
    return list(found.values())


Inputs = tuple[list[Parameter], Body, str]
"""What an operation takes, and how and as which media type its body is sent."""


def _inputs(source: Document, parts: list[Document], schemas: Schemas) -> Inputs:
    inputs = [each for part in parts if (each := _parameter(part, _schema_in(part), schemas, style_of))]
    says = schemas.references.resolve(source.get("requestBody"))
    content = content_of(mapping(says.get("content")))
    if takes_files(content, schemas):
        return inputs, "files", content.media
    return [*inputs, *body_inputs(content, says, schemas)], content.body, content.media


def _schema_in(part: Document) -> Any:
    content: Any = next(iter(mapping(part.get("content")).values()), {})
    return part.get("schema", mapping(content).get("schema", {}))


def _parameter(
    part: Document, schema: Any, schemas: Schemas, style_in: Callable[[Document, Place], Written]
) -> Parameter | None:
    name, where = part["name"], part["in"]
    if where not in ("path", "query", "header", "cookie") or _is_ours(name.lower(), where):
        return None
    style, explode, reserved = style_in(part, where)
    return Parameter(
        name=name,
        place=where,
        required=where == "path" or part.get("required") is True,
        about=text_of(part.get("description")),
        schema=schemas.copy(schema),
        style=style,
        explode=explode,
        reserved=reserved,
    )


def _is_ours(name: str, where: str) -> bool:
    """Whether a header or cookie is not for a flow to fill in."""
    if where == "cookie":
        return any(word in name for word in _KEYS)
    return where == "header" and name in _NOT_ASKED


def _swagger_inputs(document: Document, source: Document, parts: list[Document], schemas: Schemas) -> Inputs:
    inputs = [each for part in parts if (each := _parameter(part, part, schemas, style_of_collection))]
    fields = [part for part in parts if part["in"] == "formData"]
    consumes: dict[str, Any] = {str(each): {} for each in listed(source.get("consumes", document.get("consumes")))}
    if fields:
        return _swagger_form(inputs, fields, consumes, schemas)
    whole = next((part for part in parts if part["in"] == "body"), None)
    if whole is None:
        return inputs, "", ""
    content = content_of(consumes or {"application/json": {}})
    if content.body in ("", "form", "multipart"):
        content = Content("json")
    content = replace(content, says={"schema": whole.get("schema")})
    return [*inputs, *body_inputs(content, whole, schemas)], content.body, content.media


def _swagger_form(
    inputs: list[Parameter], fields: list[Document], consumes: dict[str, Any], schemas: Schemas
) -> Inputs:
    files = [part for part in fields if part.get("type") == "file"]
    if any(part.get("required") is True for part in files) or len(files) == len(fields):
        return inputs, "files", ""
    given = []
    for part in fields[:MAX_FIELDS]:
        if part.get("type") != "file":
            style, explode, reserved = style_of_collection(part, "formData")
            needed, about = part.get("required") is True, text_of(part.get("description"))
            schema = schemas.copy(part)
            given.append(Parameter(part["name"], "body", needed, about, schema, style, explode, reserved))
    is_multipart = bool(files) or list(consumes) == ["multipart/form-data"]
    return [*inputs, *given], "multipart" if is_multipart else "form", ""
