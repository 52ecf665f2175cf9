"""The request that calls an operation, its values put in so that they stay values."""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from urllib.parse import quote

from flowloom.errors import NodeError, Problem
from flowloom.kinds.context import NodeContext
from flowloom.kinds.http import HttpReply, HttpRequest
from flowloom.kinds.operations import Operation, Parameter
from flowloom.locales import add_texts
from flowloom.nodes.readable import first_words
from flowloom.nodes.tools.arguments import given
from flowloom.nodes.tools.requests import CONTENT_TYPES, check_url, dots, fill_header, refuse
from flowloom.nodes.tools.serialising import (
    as_form,
    as_json,
    as_multipart,
    as_word,
    form_pairs,
    in_line,
    in_path,
    query_pairs,
    query_text,
)

_MEDIA = {str(body): media for body, media in CONTENT_TYPES.items()}
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
            "Choose or renew the connection of this block.": "Choisissez ou renouvelez la connexion de ce bloc.",
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
            "The service returned error {status}.",
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
        parameter.name: fill_header(parameter.name, in_line(parameter, value), {})
        for parameter, value in pairs
        if parameter.place == "header"
    }
    if cookies := _cookies(_at(pairs, "cookie")):
        headers["Cookie"] = cookies
    body, media = _body(operation, pairs)
    if body:
        headers["Content-Type"] = media
    return HttpRequest(
        method=operation.method, url=_url(operation, pairs), headers=headers, body=body, timeout=timeout
    )


Pairs = Sequence[tuple[Parameter, Any]]


def _at(pairs: Pairs, place: str) -> Pairs:
    return [(parameter, value) for parameter, value in pairs if parameter.place == place]


def _cookies(pairs: Pairs) -> str:
    return "; ".join(
        f"{quote(name, safe='')}={quote(as_word(each), safe=',:/')}"
        for parameter, value in pairs
        for name, each in query_pairs(parameter, value)
    )


def _url(operation: Operation, pairs: Pairs) -> str:
    steps = {parameter.name: in_path(parameter, value) for parameter, value in _at(pairs, "path")}
    path = _HOLE.sub(lambda hole: steps.get(hole[1], ""), operation.path)
    base = re.split(r"[?#]", operation.server, maxsplit=1)[0].rstrip("/")
    if dots(base + path) > dots(base + _HOLE.sub("x", operation.path)):
        raise NodeError(
            "A value would lead to another place of the address.",
            "Values may not be “.” or “..” here.",
            code="http.dots",
        )
    query = query_text(_at(pairs, "query"))
    return base + quote(path, safe="/%:@!$&'()*+,;=-._~") + (f"?{query}" if query else "")


def _body(operation: Operation, pairs: Pairs) -> tuple[str, str]:
    """The body and the media type it is sent as; "" for none."""
    whole, fields = _at(pairs, "whole"), _at(pairs, "body")
    kind = operation.body or "json"
    media = fill_header("Content-Type", operation.media or _MEDIA.get(kind, ""), {})
    if not whole and not fields:
        return ("{}" if operation.body == "json" and _wants_body(operation) else ""), media
    if whole and kind in ("form", "multipart") and isinstance(whole[0][1], dict):
        fields, whole = [(Parameter(str(name)), value) for name, value in whole[0][1].items()], []
    if kind == "multipart":
        return as_multipart(fields or whole)
    if kind == "text":
        value = (whole or fields)[0][1]
        return (value if isinstance(value, str) else as_word(value)), media
    if kind == "form" and fields:
        return as_form(form_pairs(fields)), media
    return as_json(whole[0][1] if whole else {parameter.name: value for parameter, value in fields}), media


def _wants_body(operation: Operation) -> bool:
    return any(parameter.place in ("body", "whole") for parameter in operation.parameters)
