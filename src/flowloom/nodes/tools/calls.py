"""The request that calls an operation, its values put in so that they stay values."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import quote, urlencode

from flowloom.errors import NodeError, Problem
from flowloom.kinds.context import NodeContext
from flowloom.kinds.http import HttpReply, HttpRequest
from flowloom.kinds.operations import Operation, Parameter, Style
from flowloom.locales import add_texts
from flowloom.nodes.readable import first_words, readable
from flowloom.nodes.tools.arguments import given
from flowloom.nodes.tools.requests import CONTENT_TYPES, check_url, dots, fill_header, refuse

SEPARATORS: Mapping[Style, str] = {"comma": ",", "space": " ", "pipe": "|"}
_HOLE = re.compile(r"\{([^{}/]+)\}")

add_texts(
    {
        "zh": {
            "The specification does not say where this service lives.": "规范没有说明这个服务的地址。",
            "Choose the operation again and write the service’s address.": "请重新选择操作，并填写服务的地址。",
            "This operation takes files, which cannot be sent yet.": "这个操作需要文件，目前还不能发送。",
            "Choose another operation of this service.": "请选择这个服务的其他操作。",
            "{host} did not accept the sign-in (error {status}).": "{host} 没有接受登录（错误 {status}）。",
            "Choose or renew the connection of this block.": "请为这个模块选择连接，或更新它的连接。",
        },
        "fr": {
            "The specification does not say where this service lives.": (
                "La spécification ne dit pas où se trouve ce service."
            ),
            "Choose the operation again and write the service’s address.": (
                "Choisissez de nouveau l’opération et écrivez l’adresse du service."
            ),
            "This operation takes files, which cannot be sent yet.": (
                "Cette opération prend des fichiers, qui ne peuvent pas encore être envoyés."
            ),
            "Choose another operation of this service.": "Choisissez une autre opération de ce service.",
            "{host} did not accept the sign-in (error {status}).": (
                "{host} n’a pas accepté la connexion (erreur {status})."
            ),
            "Choose or renew the connection of this block.": ("Choisissez ou renouvelez la connexion de ce bloc."),
        },
    }
)


def check_operation(operation: Operation) -> Iterable[Problem]:
    if not operation.server:
        yield Problem.of(
            "action.server",
            "The specification does not say where this service lives.",
            "Choose the operation again and write the service’s address.",
        )
    else:
        yield from check_url(operation.server)
    if operation.body == "files":
        yield Problem.of(
            "action.files",
            "This operation takes files, which cannot be sent yet.",
            "Choose another operation of this service.",
        )


async def call(
    operation: Operation, values: Mapping[str, Any], connection: str, timeout: float, ctx: NodeContext
) -> HttpReply:
    """Call it, signed in where a connection is named. Raises NodeError where the values do not fit."""
    request = request_of(operation, values, timeout)
    if connection:
        return await ctx.connections.request(connection, request)
    return await ctx.http.request(request)


def refuse_failure(reply: HttpReply, host: str) -> None:
    """Raise NodeError where the service answered with an error."""
    if reply.status in (401, 403):
        raise NodeError(
            "{host} did not accept the sign-in (error {status}).",
            "Choose or renew the connection of this block.",
            code="action.sign_in",
            host=host,
            status=reply.status,
        )
    if reply.status >= 400:
        raise NodeError(
            "The service answered with error {status}.",
            "It said: {answer}",
            code="http.status",
            status=reply.status,
            answer=first_words(reply.text, 300),
        )


def request_of(operation: Operation, values: Mapping[str, Any], timeout: float = 30) -> HttpRequest:
    """The request itself. Raises NodeError."""
    refuse(check_operation(operation))
    pairs = given(operation, values)
    headers = {
        parameter.name: fill_header(parameter.name, SEPARATORS["comma"].join(_texts(value)), {})
        for parameter, value in pairs
        if parameter.place == "header"
    }
    body = _body(operation, pairs)
    if body and operation.body in ("json", "form", "text"):
        headers["Content-Type"] = CONTENT_TYPES[operation.body]
    return HttpRequest(
        method=operation.method, url=_url(operation, pairs), headers=headers, body=body, timeout=timeout
    )


def _url(operation: Operation, pairs: Sequence[tuple[Parameter, Any]]) -> str:
    steps = {
        parameter.name: quote(",".join(_texts(value)), safe="")
        for parameter, value in pairs
        if parameter.place == "path"
    }
    path = _HOLE.sub(lambda hole: steps.get(hole[1], ""), operation.path)
    base = re.split(r"[?#]", operation.server, maxsplit=1)[0].rstrip("/")
    if dots(base + path) > dots(base + _HOLE.sub("x", operation.path)):
        raise NodeError(
            "A value would lead to another place of the address.",
            "Values may not be “.” or “..” here.",
            code="http.dots",
        )
    query = [pair for parameter, value in pairs if parameter.place == "query" for pair in _query(parameter, value)]
    return (
        base + quote(path, safe="/%:@!$&'()*+,;=-._~") + (f"?{urlencode(query, quote_via=quote)}" if query else "")
    )


def _query(parameter: Parameter, value: Any) -> Iterator[tuple[str, str]]:
    name = parameter.name
    match value:
        case list() if parameter.style in SEPARATORS:
            yield name, SEPARATORS[parameter.style].join(_texts(value))
        case list():
            yield from ((name, _text(each)) for each in value)
        case dict() if parameter.style == "deep":
            yield from ((f"{name}[{key}]", _text(each)) for key, each in value.items())
        case dict() if parameter.style == "form" and "properties" in parameter.schema:
            yield from ((str(key), _text(each)) for key, each in value.items())
        case _:
            yield name, _text(value)


def _body(operation: Operation, pairs: Sequence[tuple[Parameter, Any]]) -> str:
    whole = [value for parameter, value in pairs if parameter.place == "whole"]
    fields = {parameter.name: value for parameter, value in pairs if parameter.place == "body"}
    value: Any = whole[0] if whole else fields
    if not whole and not fields:
        return "{}" if operation.body == "json" and _wants_body(operation) else ""
    if operation.body == "text":
        return readable(value)
    if operation.body == "form" and isinstance(value, dict):
        return urlencode([(key, text) for key, each in value.items() for text in _texts(each)])
    return _json(value)


def _wants_body(operation: Operation) -> bool:
    return any(parameter.place in ("body", "whole") for parameter in operation.parameters)


def _texts(value: Any) -> list[str]:
    return [_text(each) for each in value] if isinstance(value, list) else [_text(value)]


def _text(value: Any) -> str:
    """A value as services write it: true rather than yes."""
    if isinstance(value, bool | dict | list):
        return _json(value)
    return readable(value)


def _json(value: Any) -> str:
    try:
        return (
            json.dumps(value, ensure_ascii=False, default=str, allow_nan=False).encode("utf-8", "replace").decode()
        )
    except (ValueError, RecursionError) as error:
        raise NodeError(
            "This value cannot be shown as text.",
            "It may be nested too deeply or too large a number.",
            code="unreadable",
        ) from error
