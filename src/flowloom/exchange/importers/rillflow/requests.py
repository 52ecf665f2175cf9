"""The request that a task of Rill-Flow sends: its query, headers and body from what the task takes in."""

from collections.abc import Mapping
from typing import Any, NamedTuple
from urllib.parse import quote

from flowloom.nodes.port_names import port_id
from flowloom.nodes.tools.requests import OURS, SECRET_HEADERS

BODY = "body"


class Request(NamedTuple):
    """How the block is set, the ports for its inputs, and those for the parts of its body, by their keys."""

    config: Mapping[str, Any]
    ports: Mapping[str, str]
    body: Mapping[str, str]


def request_of(url: str, method: str, local: Mapping[str, str]) -> Request:
    """GET sends what stands under `query`; else all that stands under no name of its own goes into the body."""
    verb = method.upper() or "POST"
    sends = verb not in ("GET", "HEAD")
    query, headers, body, ports = [], [], {}, {}
    for place, port in local.items():
        where, _, rest = place.removeprefix("input.").partition(".")
        key = rest if where in ("query", "header", "body") and rest else where
        name = port_id(f"{where} {rest}") if rest else port_id(key)
        if where == "query":
            query.append(f"{quote(key)}={{{{{name}}}}}")
            ports[name] = port
        elif where != "header":
            body[key] = port
        elif key.lower() not in SECRET_HEADERS | OURS:
            headers.append({"name": key, "value": f"{{{{{name}}}}}"})
            ports[name] = port
    if sends:
        headers.append({"name": "Content-Type", "value": "application/json"})
    address = url + ("&" if "?" in url else "?") + "&".join(query) if query else url
    config = {"method": verb, "url": address, "headers": headers, "body_format": "text"}
    return Request({**config, "body": "{{body}}" if sends else ""}, ports, body if sends else {})


def body_code(keys: Mapping[str, str]) -> tuple[str, dict[str, str]]:
    """The code that writes a body as JSON, and the ports of its values."""
    inputs = {f"value_{number}": port for number, port in enumerate(keys.values())}
    items = ", ".join(f"{key!r}: {{{{{name}}}}}" for key, name in zip(keys, inputs, strict=True))
    return f"import json\njson.dumps({{{items}}}, ensure_ascii=False)".replace("{{{", "{ {{"), inputs
