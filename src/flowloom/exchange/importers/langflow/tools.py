"""Components that reach out: web pages, searches, services, sums; and each of them as a tool of an agent."""

import json
import re
from collections.abc import Callable, Mapping
from typing import Any

from flowloom.errors import Problem
from flowloom.exchange.importers.langflow.documents import tell_documents
from flowloom.exchange.importers.langflow.graph import Component, Graph
from flowloom.exchange.importers.langflow.weaving import Told, Weaving
from flowloom.locales import Verbatim

AS_TOOL = "component_as_tool"
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD")
REPLY = """import json
text = {{text}}
try:
    found = json.loads(text)
except ValueError:
    found = text
{'status_code': {{status}}, 'result': found, 'text': text}
"""
SEARCHES = re.compile(r"Search|Tavily|Serp|DuckDuckGo|Bing|Brave|Wikipedia|ArXiv|News|RSS", re.IGNORECASE)
DATABASES = re.compile(r"SQL", re.IGNORECASE)


def is_tool(graph: Graph, component: Component) -> bool:
    return any(line.source.output == AS_TOOL or line.field == "tools" for line in graph.out.get(component.id, ()))


def draw_tool(weaving: Weaving, component: Component, told: Told) -> list[str]:
    """A block as a tool; one that has no counterpart is kept, and the agent says so."""
    kind, config, name = _tool(component)
    if not kind:
        kept = weaving.drawing.placeholder(
            component.name,
            component.type,
            component.settings,
            key=component.id,
            at=component.place,
        )
        for output in (AS_TOOL, ""):
            weaving.gives(component, output, "")
        return [kept]
    block = weaving.drawing.block(kind, component.name, config, key=name, at=component.place)
    weaving.gives(component, AS_TOOL, f"{block}.tool")
    weaving.gives(component, "", f"{block}.tool")
    if kind == "knowledge.search":
        tell_documents(weaving, component, told)
    elif kind == "web.search":
        told.append(_provider())
    elif kind in ("database.query", "mcp.tools"):
        weaving.drawing.do(
            "Connect what “{name}” uses under Settings, then choose it in the block.",
            "Its address and password stay with Langflow.",
            name=Verbatim(component.name),
        )
        told.append(
            Problem.of(
                "import.connection",
                "What it is connected to stays with Langflow.",
                "It works once you connect it here.",
            )
        )
    return [block]


def _tool(component: Component) -> tuple[str, dict[str, Any], str]:
    """The kind, settings and name of the block that does what a tool does."""
    actions = [row for row in component.rows("tools_metadata") if row.get("status") is not False]
    name = str(actions[0].get("name") or "") if actions else ""
    type = component.type
    if re.search(r"Calculator", type):
        return "calculator", {}, name or "evaluate_expression"
    if re.search(r"^URL|WebPage|Scrap|Crawl|Fetch", type):
        return "web.read", {}, name or "fetch_content"
    if DATABASES.search(type):
        return "database.query", {}, name or "run_sql_query"
    if type == "APIRequest":
        return "http.request", _request(component), name or "make_api_request"
    if re.search(r"MCP", type):
        return "mcp.tools", {}, name or component.name
    if re.search(r"CurrentDate", type):
        return "datetime", {}, name or "get_current_date"
    if "ingest_data" in component.values or re.search(r"Knowledge|MemoryBase|Retriev", type):
        return "knowledge.search", {}, name or "search_documents"
    if SEARCHES.search(type):
        return "web.search", {}, name or "perform_search"
    return "", {}, ""


def _provider() -> Problem:
    return Problem.of(
        "import.search",
        "It searches by another provider here.",
        "Other pages may be found. Choose the provider in the block.",
    )


def draw_web_search(weaving: Weaving, component: Component, told: Told) -> list[str]:
    block = weaving.block(component, "web.search")
    field = next(
        (each for each in ("query", "input_value", "search_query") if weaving.incoming(component, each)), "query"
    )
    weaving.drawing.join(weaving.text_of(component, field, f"{component.id} query"), f"{block}.query")
    for output in ("results", "dataframe", "data"):
        weaving.gives(component, output, f"{block}.results", "rows")
    weaving.gives(component, "text", f"{block}.text")
    weaving.gate(component, block)
    told.append(_provider())
    return [block]


def draw_url(weaving: Weaving, component: Component, told: Told) -> list[str]:
    way = weaving.incoming(component, "urls", "url")
    listed = component.values.get("urls")
    addresses = [str(each) for each in listed if str(each).strip()] if isinstance(listed, list) else []
    ports = (
        [weaving.value(component, way)]
        if way
        else [
            f"{weaving.helper(component, 'text', {'text': address}, key=f'{component.id} address')}.text"
            for address in addresses[:10] or [""]
        ]
    )
    blocks = []
    for port in ports:
        blocks.append(weaving.block(component, "web.read"))
        weaving.drawing.join(port, f"{blocks[-1]}.address")
    merged = weaving.helper(component, "merge", {"mode": "list"}, key=f"{component.id} pages")
    rows = weaving.helper(
        component, "code.run", {"code": "[{'text': text} for text in {{texts}}]"}, key=f"{component.id} rows"
    )
    for block in blocks:
        weaving.drawing.join(f"{block}.text", f"{merged}.values")
    weaving.drawing.join(f"{merged}.items", f"{rows}.texts")
    for output in ("page_results", "dataframe", "data"):
        weaving.gives(component, output, f"{rows}.result", "rows")
    for output in ("raw_results", "text"):
        weaving.gives(component, output, f"{merged}.text")
    if component.number("max_depth", 1) > 1:
        told.append(
            Problem.of(
                "import.depth",
                "It reads these pages alone, not those they link to.",
                "Add the other pages to the documents of a Search knowledge block.",
            )
        )
    return [*blocks, merged, rows]


def draw_request(weaving: Weaving, component: Component, told: Told) -> list[str]:
    config = _request(component)
    way = weaving.incoming(component, "url_input", "urls", "url")
    if way:
        config["url"] = "{{url}}"
    block = weaving.block(component, "http.request", config)
    if way:
        source = weaving.graph.components.get(way.id)
        prompt = weaving.drawing.node(weaving.port(way).split(".")[0]) if source else None
        if (
            prompt is not None
            and prompt.kind == "prompt"
            and "://" in prompt.config.get("template", "").split("{{")[0]
        ):
            # The host has to stand in the block, so the address is written there as its prompt wrote it.
            weaving.drawing.configure(block, url=prompt.config["template"])
            weaving.copy_inputs(prompt.id, block)
        else:
            weaving.drawing.join(weaving.value(component, way), f"{block}.url")
            told.append(
                Problem.of(
                    "import.address",
                    "Its address comes from another block, and a request names its host itself here.",
                    "Write the address in the block, with names in double braces for what changes.",
                )
            )
    data = weaving.helper(component, "code.run", {"code": REPLY}, key=f"{component.id} data")
    for port in ("text", "status"):
        weaving.drawing.join(f"{block}.{port}", f"{data}.{port}")
    weaving.gives(component, "data", f"{data}.result", "row")
    weaving.gives(component, "dataframe", f"{data}.result", "row")
    weaving.gate(component, block)
    told.append(
        Problem.of(
            "import.reply",
            "Of the reply it gives the status and the content, without its headers.",
            "You notice it where a block behind it reads them.",
        )
    )
    return [block, data]


def _request(component: Component) -> dict[str, Any]:
    listed = component.values.get("urls")
    url = component.text("url_input") or (str(listed[0]) if isinstance(listed, list) and listed else "")
    method = component.text("method", "GET").upper()
    body = {str(row.get("key")): row.get("value") for row in component.rows("body") if row.get("key")}
    headers = [
        {"name": str(row["key"])[:200], "value": str(row.get("value") or "")}
        for row in component.rows("headers")
        if row.get("key")
    ]
    config: dict[str, Any] = {"url": url, "method": method if method in METHODS else "GET", "headers": headers[:50]}
    if body and config["method"] not in ("GET", "HEAD"):
        config["body"] = json.dumps(body, ensure_ascii=False)
    return {**config, "fail_on_error": False}


def draw_calculator(weaving: Weaving, component: Component, told: Told) -> list[str]:
    block = weaving.block(component, "calculator")
    weaving.drawing.join(weaving.text_of(component, "expression", f"{component.id} sum"), f"{block}.expression")
    data = weaving.helper(component, "code.run", {"code": "{'result': {{text}}}"}, key=f"{component.id} data")
    weaving.drawing.join(f"{block}.text", f"{data}.text")
    weaving.gives(component, "result", f"{data}.result", "row")
    weaving.gate(component, block)
    return [block, data]


def draw_date(weaving: Weaving, component: Component, told: Told) -> list[str]:
    block = weaving.block(component, "datetime")
    weaving.gives(component, "current_date", f"{block}.text")
    return [block]


def draw_saved(weaving: Weaving, component: Component, told: Told) -> list[str]:
    block = weaving.block(component, "file.save")
    weaving.joined(component, "input", f"{block}.text")
    weaving.gives(component, "message", f"{block}.text")
    return [block]


DRAWS: Mapping[str, Callable[[Weaving, Component, Told], list[str]]] = {
    "URLComponent": draw_url,
    "URL": draw_url,
    "APIRequest": draw_request,
    "CalculatorComponent": draw_calculator,
    "Calculator": draw_calculator,
    "CurrentDate": draw_date,
    "UnifiedWebSearch": draw_web_search,
    "WebSearch": draw_web_search,
    "ArXivComponent": draw_web_search,
    "WikipediaComponent": draw_web_search,
    "SearchComponent": draw_web_search,
    "TavilySearchComponent": draw_web_search,
    "DuckDuckGoSearchComponent": draw_web_search,
    "SerpAPI": draw_web_search,
    "GoogleSearchAPI": draw_web_search,
    "GoogleSerperAPI": draw_web_search,
}
