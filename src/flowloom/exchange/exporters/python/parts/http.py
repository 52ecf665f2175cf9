"""Requests to other computers, with values that stay values."""

import json
import re
from collections.abc import Callable
from typing import Any
from urllib.parse import quote, quote_plus

import httpx

from flowloom.exchange.exporters.python.parts.errors import NodeError
from flowloom.exchange.exporters.python.parts.values import first_words, readable
from flowloom.nodes.templates import PLACEHOLDER


def send(request: dict[str, Any], values: dict[str, Any]) -> dict[str, Any]:
    """What a service answers; `data` is there where its text is JSON."""
    body = put_in(request["body"], values, request["body_format"])
    reply = httpx.request(
        request["method"],
        put_in(request["url"], values, "url"),
        headers={name: put_in(value, values, "text").strip() for name, value in request["headers"].items()},
        content=body.encode() or None,
        timeout=request["timeout"],
        follow_redirects=True,
    )
    if reply.status_code >= 400 and request["fail_on_error"]:
        said = first_words(reply.text, 300)
        raise NodeError("The service returned error {status}. It said: {said}", status=reply.status_code, said=said)
    found = {"text": reply.text, "status": reply.status_code}
    try:
        return found | {"data": json.loads(reply.text)}
    except ValueError:
        return found


WAYS: dict[str, Callable[[str], str]] = {
    "url": lambda text: quote(text, safe=""),
    "form": quote_plus,
    "text": str,
}


def put_in(text: str, values: dict[str, Any], way: str) -> str:
    """A text with its {{names}} replaced, each written so that it can be nothing but a value."""

    def value_at(found: re.Match[str]) -> str:
        value = readable(values[found[1]])
        if way != "json":
            return WAYS[way](value)
        quoted = len(re.findall(r'(?<!\\)(?:\\\\)*"', text[: found.start()])) % 2 == 1
        written = json.dumps(value, ensure_ascii=False)
        return written[1:-1] if quoted else written

    return PLACEHOLDER.sub(value_at, text)
