"""The tools of an assistant or a prompt as blocks."""

import re
from typing import Any

from flowloom.errors import Problem
from flowloom.exchange.drawing import Drawing
from flowloom.exchange.importers.chat_agent import ChatAgent
from flowloom.exchange.importers.customgpt.card import ABILITY
from flowloom.locales import Verbatim

_DATED = re.compile(r"(_preview)?(_\d{4}_\d\d_\d\d)?$")
"""What ends the type of a tool that is not final: `web_search_preview_2025_03_11`."""


def add_tools(agent: ChatAgent, drawing: Drawing, tools: Any) -> list[Problem]:
    """Draw each tool; gives what is different about the agent itself."""
    differs: list[Problem] = []
    for tool in tools if isinstance(tools, list) else ():
        type = str(tool.get("type") if isinstance(tool, dict) else tool)
        settings = tool if isinstance(tool, dict) else {}
        ability = ABILITY.get(_DATED.sub("", type))
        if type == "file_search" or type == "retrieval":
            inner = settings.get("file_search")
            most = (inner if isinstance(inner, dict) else settings).get("max_num_results")
            agent.knowledge(passages=most if isinstance(most, int) and 1 <= most <= 50 else 20)
        elif type == "mcp":
            _server(agent, drawing, settings)
        elif type == "function":
            _function(agent, drawing, settings)
        elif ability:
            agent.ability(ability)
        else:
            differs.append(_left_out(type))
    return differs


def _server(agent: ChatAgent, drawing: Drawing, settings: dict[str, Any]) -> None:
    name = str(settings.get("server_label") or "MCP")[:100]
    allowed = settings.get("allowed_tools")
    listed = allowed if isinstance(allowed, list) else []
    tools = [{"name": each[:200]} for each in listed if isinstance(each, str) and each]
    asks = settings.get("require_approval") not in ("never", None)
    agent.tool("mcp.tools", name, {"server": name, "tools": tools[:100]}, "MCP server", ask_first=asks)
    drawing.do(
        "Connect the MCP server “{name}”.",
        "Add it under Settings → MCP servers with this name, then choose its tools in the block.",
        name=Verbatim(name),
    )


def _function(agent: ChatAgent, drawing: Drawing, settings: dict[str, Any]) -> None:
    """A function that the caller of the API ran: only its name and values are known."""
    inner = settings.get("function")
    told = inner if isinstance(inner, dict) else settings
    name = str(told.get("name") or "function")
    shape = told.get("parameters")
    properties = shape.get("properties") if isinstance(shape, dict) else None
    names = (
        [each for each in properties if isinstance(each, str) and each.isidentifier()]
        if isinstance(properties, dict)
        else []
    )
    values = ", ".join(f"'{each}': {{{{{each}}}}}" for each in names)
    code = f"given = {{{values}}}\n'This tool is not set up yet.'"
    agent.tool("code.run", name, {"code": code}, "function", _empty())
    drawing.do(
        "The tool “{name}” does nothing yet: your own program did its work.",
        "Open its block and write what it does, or connect another block as a tool.",
        name=Verbatim(name),
    )


def _empty() -> Problem:
    return Problem.of(
        "import.differs",
        "The file holds only the name and the values of this tool, not what it does.",
        "You notice when the agent calls it: it answers that it is not set up.",
    )


def _left_out(type: str) -> Problem:
    return Problem.of(
        "import.differs",
        "The tool “{name}” has no counterpart here.",
        "You notice when the agent would have used it.",
        name=Verbatim(type),
    )
