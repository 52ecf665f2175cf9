"""The MCP servers of this computer: kept in a folder, their keys among the secrets."""

import re
from collections.abc import Callable, Mapping
from pathlib import Path
from threading import Lock

from flowloom.errors import McpError
from flowloom.kinds.mcp import PRACTICE, not_connected
from flowloom.locales import Verbatim
from flowloom.services.mcp.settings import (
    ALIAS,
    MOST,
    McpServer,
    load_servers,
    practice_server,
    refuse_unfit,
    save_servers,
)
from flowloom.services.programs import Program, Programs
from flowloom.services.secrets import SecretStore


class McpServers:
    """Flows name a server by its alias only; how it is started stands here, where no flow can write."""

    def __init__(self, home: Path, secrets: SecretStore, programs: Programs | None = None) -> None:
        self._home, self._secrets, self._lock = home, secrets, Lock()
        self.programs = programs or Programs(secrets)
        self.changed: Callable[[str], None] = lambda name: None
        """Told what was changed, by its name."""

    @property
    def all(self) -> tuple[McpServer, ...]:
        """Those a person added, and the one that is always there. Raises McpError."""
        own = tuple(server for server in load_servers(self._home) if server.alias != PRACTICE)
        return (*own, practice_server())

    @property
    def aliases(self) -> list[str]:
        """Their names; those that can be known where the file cannot be read."""
        try:
            return [server.alias for server in self.all]
        except McpError:
            return [PRACTICE]

    def find(self, alias: str) -> McpServer:
        """Raises McpError where there is none of this name."""
        found = next((server for server in self.all if server.alias == alias), None)
        if found is None:
            raise not_connected(alias)
        return found

    def keep(self, server: McpServer, values: Mapping[str, str] | None = None) -> McpServer:
        """Add or change one; a name without a value keeps the one it has. Raises McpError and SecretError."""
        refuse_unfit(server)
        with self._lock:
            others = tuple(each for each in load_servers(self._home) if each.alias != server.alias)
            before = next((each for each in load_servers(self._home) if each.alias == server.alias), None)
            _refuse_name(server.alias, len(others))
            self._forget_values(before, server)
            for name, value in (values or {}).items():
                if value.strip():
                    self._secrets.set(server.secret(name), value)
            save_servers(self._home, (*others, server))
        self.changed(server.alias)
        return server

    def forget(self, alias: str) -> None:
        """Let go of one with its keys."""
        with self._lock:
            known = load_servers(self._home)
            for server in known:
                if server.alias == alias:
                    self.programs.forget(self.program(server))
                    self._delete(server, server.names)
            save_servers(self._home, tuple(server for server in known if server.alias != alias))
        self.changed(alias)

    def values(self, server: McpServer) -> dict[str, str]:
        """Its variables or headers with their values. Raises SecretError."""
        return {
            name: self._secrets.reveal(server.secret(name))
            for name in server.names
            if self._secrets.has(server.secret(name))
        }

    def program(self, server: McpServer) -> Program:
        """What would be started for it, whole. Raises SecretError."""
        return Program(server.command, server.arguments, self.values(server))

    def may_start(self, server: McpServer) -> bool:
        """Whether nothing of it runs here, or a person confirmed just this program with these variables."""
        if server.kind == "address" or server == practice_server():
            return True
        return self.programs.may_run(self.program(server))

    def allow(self, server: McpServer) -> None:
        """As if a person had confirmed it. Raises SecretError."""
        self.programs.allow(self.program(server))

    def has_value(self, server: McpServer, name: str) -> bool:
        return self._secrets.has(server.secret(name))

    def free_alias(self, wanted: str) -> str:
        """A name for a new server like the one wanted."""
        known = set(self.aliases)
        base = re.sub(r"[^A-Za-z0-9_-]+", "-", wanted).strip("-_")[:36] or "server"
        return next(name for name in (base, *(f"{base}-{n}" for n in range(2, MOST + 3))) if name not in known)

    def _forget_values(self, before: McpServer | None, after: McpServer) -> None:
        """Keys go to the server they were given for: those of another place or without a name are forgotten."""
        if before is None:
            return
        moved = before.kind != after.kind or (after.kind == "address" and before.where != after.where)
        self._delete(before, [name for name in before.names if moved or name not in after.names])

    def _delete(self, server: McpServer, names: "list[str] | tuple[str, ...]") -> None:
        for name in names:
            if self._secrets.has(server.secret(name)):
                self._secrets.delete(server.secret(name))


def _refuse_name(alias: str, others: int) -> None:
    if alias == PRACTICE or not re.fullmatch(ALIAS, alias):
        raise McpError(
            "“{name}” can’t be used as an MCP server name.",
            "Use a short, unused name with letters, digits, - and _.",
            code="mcp.name",
            name=Verbatim(alias),
        )
    if others >= MOST:
        raise McpError(
            "You can add up to {most} MCP servers.",
            "Remove one you no longer use.",
            most=MOST,
            code="mcp.most",
        )
