"""Tools and agents of a Dify flow, as blocks of their own."""

from typing import Any

from flowloom.exchange.importers.dify import differences as told
from flowloom.exchange.importers.dify.data import kept
from flowloom.exchange.importers.dify.document import Step, selector
from flowloom.exchange.importers.dify.models import model_config
from flowloom.exchange.importers.dify.weaver import Value, Weaver
from flowloom.exchange.importers.dify.writing import REFERENCE, Writer
from flowloom.flow.sorts import mapping, mappings, words
from flowloom.locales import Verbatim

SEARCHES = frozenset("google duckduckgo tavily bing searxng serper brave exa searchapi wikipedia baidu".split())
SEARCH_TOOLS = frozenset({"ddgo_search", "google_search", "tavily_search", "bing_web_search", "wikipedia_search"})
READERS = frozenset("webscraper jina firecrawl spider crawl4ai".split())
TRANSLATORS = frozenset("google_translate deepl baidu_translate".split())
LANGUAGES = {"en": "English", "zh": "Chinese", "fr": "French", "de": "German", "es": "Spanish", "ja": "Japanese"}
CLOCKS = frozenset({"time"})


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
