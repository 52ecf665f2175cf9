"""Tools of Flowise as blocks that an agent may use."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from flowloom.errors import Problem
from flowloom.locales import Verbatim

if TYPE_CHECKING:
    from flowloom.exchange.importers.flowise.weaving import Told, Weaving

KINDS = {
    "calculator": "calculator",
    "datetime": "datetime",
    "mcp": "mcp.tools",
    "gmail sendmail email": "mail.send",
    "retriever documentstore vectorstore": "knowledge.search",
    "requestsget requestspost requestsput requestsdelete": "http.request",
    "webscraper webbrowser cheerio puppeteer playwright": "web.read",
    "sql database": "database.query",
    "search serp tavily brave exa wikipedia arxiv searxng duckduckgo": "web.search",
}
"""What is in the name of a tool, the more telling words first."""


def kind_of_tool(name: str) -> str:
    """The kind of block that does what a tool of Flowise does, "" for none."""
    said = name.lower()
    return next((kind for words, kind in KINDS.items() if any(word in said for word in words.split())), "")


def tool_config(kind: str, name: str, said: Mapping[str, Any]) -> dict[str, Any]:
    if kind != "http.request":
        return {}
    method = next((each for each in ("POST", "PUT", "DELETE") if each.lower() in name.lower()), "GET")
    url = next((str(value) for key, value in said.items() if key.lower().endswith("url") and value), "")
    return {"method": method, "url": url}


def draw_tool(weaving: "Weaving", name: str, said: Mapping[str, Any], told: "Told") -> str:
    """A block for a tool of an agent, "" where there is none."""
    kind = kind_of_tool(name)
    if not kind:
        told.append(
            Problem.of(
                "import.no_tool",
                "Its tool “{name}” has no counterpart here, so it isn’t connected.",
                "Connect another tool to the agent.",
                name=Verbatim(name or "tool"),
            )
        )
        return ""
    tell_tool(weaving, kind, name, told)
    return weaving.block(kind, tool_config(kind, name, said), main=False, key=name)


def tell_tool(weaving: "Weaving", kind: str, name: str, told: "Told") -> None:
    if kind == "web.search":
        told.append(
            Problem.of(
                "import.search",
                "It searches by another provider here.",
                "Other pages may be found. Choose the provider in the block.",
            )
        )
    elif kind in ("mcp.tools", "mail.send", "database.query", "knowledge.search"):
        weaving.drawing.do(
            "Set up what the tool “{name}” uses, then choose it in its block.",
            "Its account, address and documents stay with Flowise.",
            name=Verbatim(name),
        )
