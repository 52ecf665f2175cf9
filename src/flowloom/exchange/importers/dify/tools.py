"""Steps of a Dify flow that reach outside: requests, tools, searches of documents, agents."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from flowloom.exchange.importers.dify import differences as told
from flowloom.exchange.importers.dify.data import kept
from flowloom.exchange.importers.dify.document import Step, mapping, mappings, selector, words
from flowloom.exchange.importers.dify.models import model_config
from flowloom.exchange.importers.dify.weaver import Value, Weaver
from flowloom.exchange.importers.dify.writing import REFERENCE, Writer
from flowloom.locales import Verbatim
from flowloom.nodes.templates import find_placeholders
from flowloom.nodes.tools.requests import OURS, SECRET_HEADERS, inside_quotes

BODIES = {"json": "json", "raw-text": "text", "x-www-form-urlencoded": "form", "form-data": "form"}
METHODS = frozenset({"GET", "POST", "PUT", "PATCH", "DELETE", "HEAD"})
SEARCHES = frozenset("google duckduckgo tavily bing searxng serper brave exa searchapi wikipedia baidu".split())
SEARCH_TOOLS = frozenset({"ddgo_search", "google_search", "tavily_search", "bing_web_search", "wikipedia_search"})
READERS = frozenset("webscraper jina firecrawl spider crawl4ai".split())
TRANSLATORS = frozenset("google_translate deepl baidu_translate".split())
LANGUAGES = {"en": "English", "zh": "Chinese", "fr": "French", "de": "German", "es": "Spanish", "ja": "Japanese"}
CLOCKS = frozenset({"time"})
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


def tool(weaver: Weaver, step: Step) -> None:
    """A tool of Dify: searches, page readers and the clock have a block here, others are kept."""
    given = {
        name: words(mapping(each).get("value")) for name, each in mapping(step.data.get("tool_parameters")).items()
    }
    found = tool_kind(words(step.data.get("provider_id")), words(step.data.get("tool_name")))
    if not found:
        sources = [tuple(each.split(".")) for text in given.values() for each in REFERENCE.findall(text)]
        variables = [
            selector(mapping(each).get("value")) for each in mapping(step.data.get("tool_parameters")).values()
        ]
        weaver.drawing.do(
            "Replace “{name}”, which used the tool “{tool}” of Dify.",
            "Describe the same service as an Action, or choose another block that does this.",
            name=Verbatim(step.title),
            tool=Verbatim(words(step.data.get("tool_label") or step.data.get("tool_name"))),
        )
        kept(weaver, step, [*sources, *filter(None, variables)], ["text", "files", "json"])
        return
    kind, input, difference = found
    config = {"language": _language(step)} if kind == "translate" else {}
    block = weaver.drawing.block(kind, step.title, config, key=step.title, at=step.at)
    values: tuple[Value, ...] = ()
    if input:
        text = next(
            (given[name] for name in ("query", "url", "q", "keyword") if given.get(name)), "".join(given.values())
        )
        port, values = _asked(weaver, step, text)
        weaver.drawing.join(port, f"{block}.{input}")
    weaver.gate(block, step, *values)
    weaver.offer(step.id, "text", Value(f"{block}.text", "string", step.id, step.title))
    if kind == "web.search":
        weaver.offer(step.id, "json", Value(f"{block}.results", "array[object]", step.id, step.title))
    weaver.differ(step, difference)
    weaver.settle(step, block, {"text": "text"})
    weaver.ran(step, f"{block}.text")
    weaver.carried(step, block)


def _language(step: Step) -> str:
    code = words(mapping(step.data.get("tool_configurations")).get("dest")) or "en"
    return LANGUAGES.get(code.split("-")[0].lower(), code)[:60]


def _asked(weaver: Weaver, step: Step, text: str) -> tuple[str, tuple[Value, ...]]:
    filled = Writer(weaver, step, "prompt").write(text)
    if filled.lone:
        return filled.lone, filled.values
    if not filled.ports:
        return weaver.text(filled.text, f"{step.title} text"), ()
    block = weaver.drawing.block(
        "prompt", f"{step.title} text", {"template": filled.text}, key=f"{step.title} text"
    )
    for name, port in filled.ports.items():
        weaver.drawing.join(port, f"{block}.{name}")
    return f"{block}.prompt", filled.values


def tool_kind(provider: str, name: str) -> tuple[str, str, Any] | None:
    """Our kind for a tool, its input for what is asked, and how it differs."""
    vendor = provider.split("/")[-1].lower()
    if vendor in SEARCHES or name in SEARCH_TOOLS:
        return "web.search", "query", told.WEB
    if vendor in READERS:
        return "web.read", "address", told.PAGE
    if vendor in TRANSLATORS:
        return "translate", "text", told.TRANSLATION
    if vendor in CLOCKS or name == "current_time":
        return "datetime", "", told.CLOCK
    return None


def agent(weaver: Weaver, step: Step) -> None:
    """An agent node, whose parameters are those of the strategy that somebody chose."""
    given = {name: mapping(each).get("value") for name, each in mapping(step.data.get("agent_parameters")).items()}
    writer = Writer(weaver, step, "prompt", names={"message", "history", "passages", "tools"})
    rows = [
        {"role": role, "text": writer.write(_text(given.get(name))).text}
        for role, name in (("system", "instruction"), ("user", "query"))
    ]
    steps = given.get("maximum_iterations")
    config = {
        **model_config(weaver, mapping(given.get("model"))),
        "messages": [row for row in rows if row["text"].strip()],
        "step_limit": steps if isinstance(steps, int) and 1 <= steps <= 50 else 8,
    }
    block = weaver.drawing.block("agent", step.title, config, key=step.title, at=step.at)
    for name, port in writer.ports.items():
        weaver.drawing.join(port, f"{block}.{name}")
    if weaver.message and step.data.get("memory"):
        weaver.drawing.join(weaver.history(), f"{block}.history")
    for each in mappings(given.get("tools")):
        add_tool(
            weaver, block, words(each.get("provider_name") or each.get("provider_id")), words(each.get("tool_name"))
        )
    if given.get("mcp_server") or given.get("mcp_servers"):
        weaver.drawing.do(
            "Connect the MCP server that “{name}” uses.",
            "MCP servers are added under Settings; then join an MCP tools block to the agent.",
            name=Verbatim(step.title),
        )
    weaver.gate(block, step, *writer.values)
    weaver.differ(step, told.AGENT)
    weaver.offer(step.id, "text", Value(f"{block}.answer", "string", step.id, step.title))
    weaver.offer(step.id, "json", Value(f"{block}.steps", "array[object]", step.id, "steps"))
    weaver.settle(step, block, {"text": "answer"})
    weaver.ran(step, f"{block}.answer")
    weaver.carried(step, block)


def _text(value: Any) -> str:
    source = selector(value)
    return "{{#" + ".".join(source) + "#}}" if source else words(value)


def add_tool(weaver: Weaver, agent: str, provider: str, name: str) -> None:
    """A tool beside an agent, or what to do where there is none here."""
    found = tool_kind(provider, name)
    if found:
        block = weaver.drawing.block(found[0], name, key=name)
        weaver.drawing.join(f"{block}.tool", f"{agent}.tools")
        return
    weaver.drawing.do(
        "Give the agent “{name}” a tool for “{tool}”, which it had in Dify.",
        "Describe the service as an Action, or choose a block that can be a tool, and join it to the agent.",
        name=Verbatim(weaver.drawing.node(agent).name or agent),
        tool=Verbatim(name or provider),
    )


def secret_value(weaver: Weaver, name: str) -> None:
    weaver.drawing.do(
        "The value of “{name}” is a secret, which didn’t come over.",
        "Add the key under Settings, Connections, and use it there.",
        name=Verbatim(name),
    )
