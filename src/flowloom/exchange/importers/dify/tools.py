"""Steps of a Dify flow that reach outside: requests, tools, searches of documents, agents."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from flowloom.exchange.importers.dify import differences as told
from flowloom.exchange.importers.dify.document import Step, selector
from flowloom.exchange.importers.dify.weaver import Value, Weaver
from flowloom.exchange.importers.dify.writing import REFERENCE, Writer
from flowloom.flow.sorts import mapping, mappings, words
from flowloom.locales import Verbatim
from flowloom.nodes.templates import find_placeholders
from flowloom.nodes.tools.requests import OURS, SECRET_HEADERS, inside_quotes

BODIES = {"json": "json", "raw-text": "text", "x-www-form-urlencoded": "form", "form-data": "form"}
METHODS = frozenset({"GET", "POST", "PUT", "PATCH", "DELETE", "HEAD"})
SECRET_PARTS = ("key", "token", "secret", "password")


def http(weaver: Weaver, step: Step) -> None:
    data = step.data
    writer = Writer(weaver, step, "request")
    url = writer.write(words(data.get("url"))).text.strip()
    if "{{" in url.partition("://")[2].partition("/")[0] or url.startswith("{{"):
        weaver.differ(step, told.HTTP_HOST)
    url = _with_query(writer, url, words(data.get("params")))
    headers = _headers(weaver, step, writer, words(data.get("headers")))
    body, format = _body(weaver, step, writer, mapping(data.get("body")))
    if words(mapping(data.get("body")).get("type")) == "json" and format == "text":
        headers = [each for each in headers if each["name"].lower() != "content-type"]
        headers.append({"name": "Content-Type", "value": "application/json"})
    method = words(data.get("method")).upper()
    config = {
        "method": method if method in METHODS else "GET",
        "url": url,
        "headers": headers,
        "body": body,
        "body_format": format,
        "timeout": _timeout(mapping(data.get("timeout"))),
        "fail_on_error": bool(data.get("error_strategy"))
        or mapping(data.get("retry_config")).get("retry_enabled") is True,
    }
    block = weaver.drawing.block("http.request", step.title, config, key=step.title, at=step.at)
    for name, port in writer.ports.items():
        weaver.drawing.join(port, f"{block}.{name}")
    if words(mapping(data.get("authorization")).get("type")) not in ("", "no-auth"):
        _ask_for_key(weaver, step)
    weaver.gate(block, step, *writer.values)
    weaver.offer(step.id, "body", Value(f"{block}.text", "string", step.id, step.title))
    weaver.offer(step.id, "status_code", Value(f"{block}.status", "number", step.id, "status"))
    weaver.offer(step.id, "headers", lambda: _no_headers(weaver, step))
    weaver.settle(step, block, {"body": "text", "status_code": "status"})
    weaver.ran(step, f"{block}.text")
    weaver.carried(step, block)


def _with_query(writer: Writer, url: str, params: str) -> str:
    pairs = []
    for line in params.splitlines():
        name, _, value = (part.strip() for part in line.partition(":"))
        if name:
            pairs.append(f"{quote(name)}={_quoted(writer, value)}")
    return url + ("&" if "?" in url else "?") + "&".join(pairs) if pairs else url


def _quoted(writer: Writer, value: str) -> str:
    """A value of the address, encoded; what is put in later is encoded by the block."""
    pieces = REFERENCE.split(value)
    found = [
        writer.write("{{#" + piece + "#}}").text if number % 2 else quote(writer.write(piece).text, safe="{}")
        for number, piece in enumerate(pieces)
        if piece
    ]
    return "".join(found)


def _headers(weaver: Weaver, step: Step, writer: Writer, text: str) -> list[dict[str, str]]:
    headers = []
    for line in text.splitlines():
        name, _, value = (part.strip() for part in line.partition(":"))
        if not name or name.lower() in OURS:
            continue
        secret = name.lower() in SECRET_HEADERS or any(part in name.lower() for part in SECRET_PARTS)
        if secret:
            _ask_for_key(weaver, step)
        else:
            headers.append({"name": name[:200], "value": writer.write(value).text})
    return headers


def _ask_for_key(weaver: Weaver, step: Step) -> None:
    weaver.drawing.do(
        "“{name}” sends a key or password, which was left out.",
        "Describe the service under Settings, Connections with its key, and use an Action block in its place.",
        name=Verbatim(step.title),
    )


def _body(weaver: Weaver, step: Step, writer: Writer, body: Mapping[str, Any]) -> tuple[str, str]:
    type = words(body.get("type"))
    format = BODIES.get(type, "text")
    if type in ("", "none"):
        return "", "json"
    data = body.get("data")
    if isinstance(data, str):  # as older versions write it
        return _written(weaver, step, writer, data, format)
    items = mappings(data)
    if type in ("form-data", "binary"):
        weaver.differ(step, told.HTTP_BODY)
    if format == "form":
        pairs = [f"{quote(words(each.get('key')))}={_quoted(writer, words(each.get('value')))}" for each in items]
        return "&".join(pairs), format
    return _written(weaver, step, writer, words(items[0].get("value")) if items else "", format)


def _written(weaver: Weaver, step: Step, writer: Writer, text: str, format: str) -> tuple[str, str]:
    """A body; one with values that stand without quotes in JSON is put together before, as it is written."""
    apart = Writer(weaver, step, "request")
    filled = apart.write(text)
    bare = any(not inside_quotes(filled.text, place.start) for place in find_placeholders(filled.text))
    if format != "json" or not bare:
        return writer.write(text).text, format
    block = weaver.drawing.block("prompt", f"{step.title} body", {"template": filled.text}, key="body")
    for name, port in filled.ports.items():
        weaver.drawing.join(port, f"{block}.{name}")
    return writer.put(Value(f"{block}.prompt", name="body")), "text"


def _timeout(timeout: Mapping[str, Any]) -> float:
    read = timeout.get("read") or timeout.get("max_read_timeout")
    plain = isinstance(read, int | float) and not isinstance(read, bool) and read > 0
    return max(1.0, min(300.0, float(read))) if plain else 60.0  # type: ignore[arg-type]


def _no_headers(weaver: Weaver, step: Step) -> Value:
    weaver.differ(step, told.HTTP_HEADERS)
    return Value(weaver.code("{}", {}, "No headers"), "object", name="headers")


def knowledge(weaver: Weaver, step: Step) -> None:
    """Documents stay where they are: they are to be added here."""
    many = mapping(step.data.get("multiple_retrieval_config"))
    top = many.get("top_k")
    limit = many.get("score_threshold") if many.get("score_threshold_enabled") is True else None
    config: dict[str, Any] = {"top_k": top if isinstance(top, int) and 1 <= top <= 50 else 4}
    if isinstance(limit, int | float) and 0 <= limit <= 1:
        config["minimum_score"] = limit
    block = weaver.drawing.block("knowledge.search", step.title, config, key=step.title, at=step.at)
    value = weaver.find(selector(step.data.get("query_variable_selector")), step)
    weaver.drawing.join(value.port if value else weaver.text("", "no question"), f"{block}.question")
    weaver.gate(block, step, value)
    weaver.offer(step.id, "result", Value(f"{block}.passages", "passages", step.id, step.title))
    weaver.differ(step, told.RETRIEVAL)
    weaver.drawing.do(
        "Add the documents that “{name}” searches.",
        "Documents don’t come over with a Dify file. Export them there, then add them under Knowledge.",
        name=Verbatim(step.title),
    )
    weaver.settle(step, block, {"result": "passages"})
    weaver.ran(step, f"{block}.passages")
    weaver.carried(step, block)


def secret_value(weaver: Weaver, name: str) -> None:
    weaver.drawing.do(
        "The value of “{name}” is a secret, which didn’t come over.",
        "Add the key under Settings, Connections, and use it there.",
        name=Verbatim(name),
    )
