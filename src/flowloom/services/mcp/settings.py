"""The MCP servers a person connected: how each is started or reached, without any key."""

import re
import sys
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from flowloom.errors import HttpError, McpError
from flowloom.kinds.mcp import PRACTICE
from flowloom.services.files import write_whole
from flowloom.services.network.addresses import host_of, parse_url

MOST = 100
ALIAS = r"^[A-Za-z0-9][A-Za-z0-9_-]{0,39}$"
NAME = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]{1,100}")
"""What a header or a variable of the environment may be called."""


class McpServer(BaseModel):
    """One server. The values of its variables or headers are in the SecretStore, each under `secret(name)`."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    alias: str = Field(pattern=ALIAS)
    """What flows call it."""
    kind: Literal["program", "address"] = "program"
    command: str = Field(default="", max_length=1_000)
    arguments: tuple[str, ...] = Field(default=(), max_length=100)
    url: str = Field(default="", max_length=2_000)
    names: tuple[str, ...] = Field(default=(), max_length=50)
    """The variables of its environment, or the headers it is asked with."""
    patience: float = Field(default=30.0, ge=1, le=300)
    """Seconds it may take to get ready."""

    @field_validator("names")
    @classmethod
    def _are_names(cls, names: tuple[str, ...]) -> tuple[str, ...]:
        if not all(NAME.fullmatch(name) for name in names):
            raise ValueError
        return tuple(dict.fromkeys(names))

    def secret(self, name: str) -> str:
        return f"mcp.{self.alias}.{name}"

    @property
    def where(self) -> str:
        """Where what is sent to it goes: its host, or the alias of a program on this computer."""
        return host_of(parse_url(self.url)) if self.kind == "address" else self.alias

    @property
    def shown(self) -> str:
        """How it is started or reached, on one line."""
        # An argument or the end of an address may hold a key.
        return self.url.partition("?")[0] if self.kind == "address" else self.command


def practice_server() -> McpServer:
    """The one that is always there."""
    program = str(Path(__file__).with_name("practice.py"))
    # Isolated, so that no module beside the program is taken for one of Python's own.
    return McpServer(alias=PRACTICE, command=sys.executable, arguments=("-I", program))


class McpSettings(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")

    servers: tuple[McpServer, ...] = Field(default=(), max_length=MOST)


def load_servers(home: Path) -> tuple[McpServer, ...]:
    """Those kept in a folder. Raises McpError where the file cannot be read."""
    path = _path(home)
    try:
        return McpSettings.model_validate_json(path.read_bytes()).servers
    except FileNotFoundError:
        return ()
    except (OSError, ValidationError, ValueError):
        raise McpError(
            "The list of your MCP servers can’t be read: {path}",
            "Fix the file, or move it elsewhere and add your servers again in Settings.",
            code="mcp.file",
            path=path,
        ) from None


def save_servers(home: Path, servers: tuple[McpServer, ...]) -> None:
    """Keep them, whole or not at all. Raises McpError."""
    try:
        text = McpSettings(servers=servers).model_dump_json(indent=2) + "\n"
        write_whole(_path(home), text.encode())
    except OSError as error:
        raise McpError(
            "Your MCP servers couldn’t be saved ({reason}).",
            "Check that the folder exists, you can write to it and there is free disk space.",
            code="mcp.file",
            reason=error.strerror or type(error).__name__,
        ) from None


def _path(home: Path) -> Path:
    return home / "mcp-servers.json"


def refuse_unfit(server: McpServer) -> None:
    """Raise McpError where it cannot be started or reached as it is written."""
    if server.kind == "address":
        try:
            parse_url(server.url)
        except HttpError as error:
            raise McpError.from_problem(error.problem) from None
    elif not server.command.strip() or "\0" in "".join((server.command, *server.arguments)):
        raise McpError(
            "The command to start it is missing.",
            "Enter the command shown on the server’s page, for example npx or uvx.",
            code="mcp.command",
        )
