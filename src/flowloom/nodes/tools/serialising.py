"""Values as addresses, headers, cookies and forms carry them, by the style that a specification names.

OpenAPI 3.1.0, “Style Values” and “Encoding Object”, which follow RFC 6570.
"""

import json
import secrets
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import quote, urlencode

from flowloom.kinds.operations import Parameter, Style
from flowloom.nodes.readable import readable, unreadable

SEPARATORS: Mapping[Style, str] = {"comma": ",", "space": " ", "pipe": "|", "tab": "\t"}
_RESERVED = ":/?[]@!$'()*,;"
"""Signs that may stay in a query; `&`, `=`, `+` and `#` would end the value."""
_NESTED = 20
Pair = tuple[str, Any]


def in_path(parameter: Parameter, value: Any) -> str:
    """A value as a step of a path."""
    name = quote(parameter.name, safe="")
    match parameter.style, value:
        case "label", list():
            return "." + ("." if parameter.explode else ",").join(map(_quoted, value))
        case "label", dict():
            return "." + _joined(value, parameter.explode, "." if parameter.explode else ",")
        case "label", _:
            return "." + _quoted(value)
        case "matrix", list() if parameter.explode:
            return "".join(f";{name}={_quoted(each)}" for each in value)
        case "matrix", dict() if parameter.explode:
            return "".join(f";{quote(str(key), safe='')}={_quoted(each)}" for key, each in value.items())
        case "matrix", list():
            return f";{name}={','.join(map(_quoted, value))}"
        case "matrix", dict():
            return f";{name}={_joined(value, False, ',')}"
        case "matrix", _:
            return f";{name}={_quoted(value)}"
    return quote(in_line(parameter, value), safe="=" if parameter.explode and isinstance(value, dict) else "")


def in_line(parameter: Parameter, value: Any) -> str:
    """A value as one text: in a header, a cookie, or joined in a path or query."""
    if parameter.style == "json":
        return as_json(value)
    separator = SEPARATORS.get(parameter.style, ",")
    if isinstance(value, list):
        return separator.join(map(as_word, value))
    if isinstance(value, dict):
        glue = "=" if parameter.explode else separator
        return separator.join(f"{key}{glue}{as_word(each)}" for key, each in value.items())
    return as_word(value)


def _joined(value: Mapping[Any, Any], explode: bool, separator: str) -> str:
    glue = "=" if explode else ","
    return separator.join(f"{quote(str(key), safe='')}{glue}{_quoted(each)}" for key, each in value.items())


def _quoted(value: Any) -> str:
    return quote(as_word(value), safe="")


def query_text(pairs: Iterable[tuple[Parameter, Any]]) -> str:
    """The query of an address, without its question mark."""
    return "&".join(
        f"{quote(name, safe='')}={quote(as_word(each), safe=_RESERVED if parameter.reserved else '')}"
        for parameter, value in pairs
        for name, each in query_pairs(parameter, value)
    )


def query_pairs(parameter: Parameter, value: Any) -> Iterator[Pair]:
    """The names and values that a value becomes in a query."""
    name = parameter.name
    match value:
        case _ if parameter.style == "json":
            yield name, as_json(value)
        case list() | dict() if parameter.style in SEPARATORS:
            yield name, in_line(parameter, value)
        case list() | dict() if parameter.style == "deep":
            yield from _deep(name, value)
        case list():
            yield from ((name, each) for each in value)
        case dict():
            yield from ((str(key), each) for key, each in value.items())
        case _:
            yield name, value


def form_pairs(pairs: Iterable[tuple[Parameter, Any]]) -> Iterator[Pair]:
    """The names and values of a form; an object is one JSON text unless its encoding says otherwise."""
    for parameter, value in pairs:
        if isinstance(value, dict) and parameter.style == "form" and not parameter.explode:
            yield parameter.name, as_json(value)
        else:
            yield from query_pairs(parameter, value)


def as_form(pairs: Iterable[Pair]) -> str:
    """A body of application/x-www-form-urlencoded."""
    return urlencode([(name, as_word(value)) for name, value in pairs])


def as_multipart(pairs: Sequence[tuple[Parameter, Any]]) -> tuple[str, str]:
    """A body of multipart/form-data without files, and its media type (RFC 7578)."""
    boundary = f"flowloom-{secrets.token_hex(12)}"
    parts = [_part(name, value, parameter) for parameter, value in pairs for name, value in _each(parameter, value)]
    body = "".join(f"--{boundary}\r\n{part}\r\n" for part in parts)
    return f"{body}--{boundary}--\r\n", f"multipart/form-data; boundary={boundary}"


def _each(parameter: Parameter, value: Any) -> Iterator[Pair]:
    if parameter.style == "json" or (
        isinstance(value, dict) and parameter.style == "form" and not parameter.explode
    ):
        yield parameter.name, value
    else:
        yield from query_pairs(parameter, value)


def _part(name: str, value: Any, parameter: Parameter) -> str:
    # As browsers write a name: the HTML standard, “Multipart form data”.
    safe = name.replace('"', "%22").replace("\r", "%0D").replace("\n", "%0A")
    is_json = parameter.style == "json" or isinstance(value, dict | list)
    kind = "\r\nContent-Type: application/json" if is_json else ""
    text = as_json(value) if is_json else as_word(value)
    return f'Content-Disposition: form-data; name="{safe}"{kind}\r\n\r\n{text}'


def _deep(name: str, value: Any, depth: int = 0) -> Iterator[Pair]:
    """Names in brackets, lists by number: what servers read, as the specification leaves deeper levels open."""
    if depth < _NESTED and isinstance(value, dict | list) and value:
        for key, each in value.items() if isinstance(value, dict) else enumerate(value):
            yield from _deep(f"{name}[{key}]", each, depth + 1)
    elif value is not None:
        yield name, value


def as_word(value: Any) -> str:
    """A value as services write it: true rather than yes."""
    if isinstance(value, bool | dict | list):
        return as_json(value)
    return readable(value)


def as_json(value: Any) -> str:
    """A value as JSON. Raises NodeError."""
    try:
        return (
            json.dumps(value, ensure_ascii=False, default=str, allow_nan=False).encode("utf-8", "replace").decode()
        )
    except (ValueError, RecursionError) as error:
        raise unreadable() from error
