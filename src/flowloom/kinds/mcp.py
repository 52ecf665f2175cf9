"""Tools of MCP servers: what a flow keeps of one it uses, and what a call of it gave."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated, Any, Protocol

from pydantic import BaseModel, ConfigDict, Field

from flowloom.errors import McpError
from flowloom.locales import Verbatim

PRACTICE = "practice"
"""The server that comes with the app: it runs on this computer and sends nothing anywhere."""
MOST_TOOLS = 100
"""How many tools of a server one block may hold."""


@dataclass(frozen=True, slots=True)
class McpTool:
    """One tool as it was when a person chose it: `takes` and `gives` are JSON schemas without references."""

    name: Annotated[str, Field(min_length=1, max_length=200)]
    title: Annotated[str, Field(max_length=200)] = ""
    about: Annotated[str, Field(max_length=2_000)] = ""
    takes: dict[str, Any] = field(default_factory=dict)
    gives: dict[str, Any] = field(default_factory=dict)

    @property
    def label(self) -> str:
        return self.title or self.name


class McpResult(BaseModel):
    """What a tool gave: its words, its structured data, and what of it does not fit what it had promised."""

    model_config = ConfigDict(frozen=True)

    text: str = ""
    data: Any = None
    unfit: str = ""


class Mcp(Protocol):
    """The MCP servers that this computer's owner has connected, by alias."""

    async def call(self, server: str, tool: McpTool, arguments: Mapping[str, Any], seconds: float) -> McpResult:
        """Call a tool of a server, started or reached at the first call. Raises McpError."""
        ...

    def where(self, server: str) -> str:
        """Where what it is sent goes: its host, or the alias of a program of this computer; "" for no server."""
        ...


class NoMcp:
    """Fulfils `Mcp` where no server is connected."""

    async def call(self, server: str, tool: McpTool, arguments: Mapping[str, Any], seconds: float) -> McpResult:
        raise not_connected(server)

    def where(self, server: str) -> str:
        return ""


def not_connected(server: str) -> McpError:
    return McpError(
        "The MCP server “{server}” isn’t connected here.",
        "Add it under this name in Settings → MCP servers.",
        code="mcp.not_connected",
        server=Verbatim(server),
    )
