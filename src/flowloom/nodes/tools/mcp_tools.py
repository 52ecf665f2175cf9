"""Tools of an MCP server: one as a block of its own, or several for an agent."""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Annotated, Any

from pydantic import BaseModel, Field

from flowloom.errors import NodeError, Problem
from flowloom.kinds.context import NodeContext
from flowloom.kinds.kind import OpenPorts, node_kind
from flowloom.kinds.mcp import MOST_TOOLS, PRACTICE, McpTool
from flowloom.kinds.operations import Operation, Parameter
from flowloom.kinds.port import Port, PortType
from flowloom.kinds.values import ToolSpec
from flowloom.locales import Verbatim
from flowloom.nodes.port_names import free_id
from flowloom.nodes.readable import first_words
from flowloom.nodes.tools.arguments import given, ports_of, schema_of
from flowloom.nodes.tools.requests import refuse

LONGEST_NAME = 40
"""Characters of a tool's name beside that of its block; models take no more than 64 in all."""


class Config(BaseModel):
    server: str = Field(
        default="",
        title="MCP server",
        description="You add MCP servers in Settings → MCP servers.",
        max_length=100,
        json_schema_extra={"widget": "mcp_server"},
    )
    tools: Annotated[list[McpTool], Field(max_length=MOST_TOOLS)] = Field(
        default_factory=list,
        title="Tools",
        description="One tool becomes a block with its values as inputs. An agent can have many.",
        json_schema_extra={"widget": "mcp_tools"},
    )
    timeout: float = Field(
        default=60, title="Timeout in seconds", description="How long to wait for an answer.", ge=1, le=300
    )


Inputs = OpenPorts


class Outputs(BaseModel):
    text: str = Field(title="Text")
    data: Any = Field(default=None, title="Data")


WHICH = (
    Port(id="which", label="Tool to call", type=PortType.TEXT),
    Port(id="values", label="Values", type=PortType.JSON, required=False),
)
"""The inputs of a block with several tools."""

TEXTS = {
    "zh": {
        "MCP tools": "MCP 工具",
        "Uses tools of an MCP server from Settings.": "使用你在设置里连接的 MCP 服务器所提供的现成工具。",
        "MCP server": "MCP 服务器",
        "You add MCP servers in Settings → MCP servers.": (
            "一个带有现成工具的程序或地址。请在设置的“MCP 服务器”里连接。"
        ),
        "One tool becomes a block with its values as inputs. An agent can have many.": (
            "只选一个时，它的值会成为这个模块的输入。智能体可以得到许多个。"
        ),
        "Tool to call": "要调用的工具",
        "No MCP server has been chosen yet.": "还没有选择 MCP 服务器。",
        "Open the block and choose one, and then its tools.": "打开这个模块，先选择一个服务器，再选择它的工具。",
        "No tools have been chosen yet.": "还没有选择工具。",
        "Open the block and select the tools you want.": "打开这个模块，查看服务器的工具，勾选你需要的。",
        "There is no tool called “{name}” here.": "这里没有名为“{name}”的工具。",
        "Available: {names}.": "可用的有：{names}。",
        "The result of “{tool}” isn’t what its server declares ({what}).": (
            "“{tool}”给出的内容与服务器承诺的不符（{what}）。"
        ),
        "It is passed on unchanged. Check what the next block does with it.": (
            "内容已原样传下去。请查看下一个模块如何处理它。"
        ),
    },
    "fr": {
        "MCP tools": "Outils MCP",
        "Uses tools of an MCP server from Settings.": (
            "Utilise les outils tout prêts d’un serveur MCP que vous avez connecté dans les Réglages."
        ),
        "MCP server": "Serveur MCP",
        "You add MCP servers in Settings → MCP servers.": (
            "Un programme ou une adresse avec des outils tout prêts. On les connecte dans les Réglages, sous "
            "Serveurs MCP."
        ),
        "One tool becomes a block with its values as inputs. An agent can have many.": (
            "Un seul devient un bloc dont ses valeurs sont les entrées. Un agent peut en recevoir beaucoup."
        ),
        "Tool to call": "Outil à appeler",
        "No MCP server has been chosen yet.": "Aucun serveur MCP n’est encore choisi.",
        "Open the block and choose one, and then its tools.": "Ouvrez le bloc, choisissez-en un, puis ses outils.",
        "No tools have been chosen yet.": "Aucun outil n’est encore choisi.",
        "Open the block and select the tools you want.": (
            "Ouvrez le bloc, regardez les outils de son serveur et cochez ceux que vous voulez."
        ),
        "There is no tool called “{name}” here.": "Il n’y a ici aucun outil nommé « {name} ».",
        "Available: {names}.": "Disponibles : {names}.",
        "The result of “{tool}” isn’t what its server declares ({what}).": (
            "Ce que « {tool} » a donné n’est pas ce que son serveur promet ({what})."
        ),
        "It is passed on unchanged. Check what the next block does with it.": (
            "C’est transmis tel quel. Regardez ce que le bloc suivant en fait."
        ),
    },
}


def operation_of(tool: McpTool) -> Operation:
    """The tool as an operation, each of its values a field of what is sent."""
    needed = tool.takes.get("required", ())
    properties: Mapping[str, Any] = tool.takes.get("properties", {})
    parameters = (
        Parameter(name, place="body", required=name in needed, schema=schema)
        for name, schema in properties.items()
        if isinstance(schema, dict)
    )
    return Operation(id=tool.name, method="POST", path="", parameters=tuple(parameters))


def offered(config: Config) -> dict[str, McpTool]:
    """Each tool by a name that models take."""
    names: dict[str, McpTool] = {}
    for tool in config.tools:
        name = re.sub(r"[^A-Za-z0-9_-]", "_", tool.name)[:LONGEST_NAME]
        names[free_id(name, set(names))] = tool
    return names


def offers(config: Config) -> Sequence[ToolSpec]:
    return [
        ToolSpec(name=name, description=tool.about or tool.label, parameters=schema_of(operation_of(tool)))
        for name, tool in offered(config).items()
    ]


def value_ports(config: Config) -> Sequence[Port]:
    if len(config.tools) == 1:
        return ports_of(operation_of(config.tools[0]))
    return WHICH if config.tools else ()


def check(config: Config) -> Iterable[Problem]:
    if not config.server:
        yield Problem.of(
            "mcp.none",
            "No MCP server has been chosen yet.",
            "Open the block and choose one, and then its tools.",
        )
    elif not config.tools:
        yield Problem.of(
            "mcp.no_tools",
            "No tools have been chosen yet.",
            "Open the block and select the tools you want.",
        )


def summarise(config: Config) -> str:
    names = ", ".join(tool.label for tool in config.tools[:20])
    return first_words(f"{config.server} · {names}") if config.server else ""


@node_kind(
    id="mcp.tools",
    label="MCP tools",
    icon="extension",
    group="tools",
    can_be_tool=True,
    offers=offers,
    safe_to_repeat=False,
    effects=frozenset({"sends"}),
    hosts=lambda config: () if config.server == PRACTICE else (config.server,),
    servers=lambda config: (config.server,),
    summarise=summarise,
    check=check,
    tune="tools",
    dynamic_inputs=value_ports,
    texts=TEXTS,
)
async def mcp_tools(config: Config, inputs: OpenPorts, ctx: NodeContext) -> Outputs:
    """Uses tools of an MCP server from Settings."""
    refuse(check(config))
    tool, values = wanted(config, ctx.called, inputs.model_extra or {})
    operation = operation_of(tool)
    arguments = {parameter.name: value for parameter, value in given(operation, values)}
    # What takes values of no name of their own gets them as they came.
    found = await ctx.mcp.call(config.server, tool, arguments if operation.parameters else values, config.timeout)
    if found.unfit:
        ctx.warn(unfit(tool, found.unfit))
    return Outputs(text=found.text) if found.data is None else Outputs(text=found.text, data=found.data)


def wanted(config: Config, called: str, values: Mapping[str, Any]) -> tuple[McpTool, Mapping[str, Any]]:
    """The tool to call and its values. Raises NodeError."""
    known = offered(config)
    if called in known:
        return known[called], values
    if len(config.tools) == 1:
        return config.tools[0], values
    name, inner = str(values.get("which") or "").strip(), values.get("values")
    found = known.get(name) or next((tool for tool in config.tools if name in (tool.name, tool.title)), None)
    if not name or found is None:
        raise NodeError(
            "There is no tool called “{name}” here.",
            "Available: {names}.",
            code="mcp.unknown_tool",
            name=Verbatim(first_words(name)),
            names=Verbatim(first_words(", ".join(tool.name for tool in config.tools), 300)),
        )
    return found, inner if isinstance(inner, dict) else {}


def unfit(tool: McpTool, what: str) -> Problem:
    return Problem.of(
        "mcp.unfit",
        "The result of “{tool}” isn’t what its server declares ({what}).",
        "It is passed on unchanged. Check what the next block does with it.",
        tool=Verbatim(tool.label),
        what=Verbatim(what),
    ).as_warning()
