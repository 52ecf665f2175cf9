"""What the pages of MCP servers show: `{"mcpServers": {...}}`, read into servers and their keys."""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from pydantic import ValidationError

from flowloom.errors import McpError
from flowloom.services.mcp.settings import NAME, McpServer

LONGEST = 100_000
WRAPPINGS = ("mcpServers", "servers", "mcp")
_HOLE = re.compile(r"<[^<>]*>|\$\{[^{}]*\}|\$[A-Z_]+|(?:your|insert)[-_ ].*|\.\.\.|xxx+", re.IGNORECASE)
"""What stands in such a text where one’s own key belongs."""
Pasted = list[tuple[McpServer, dict[str, str]]]


def read_pasted(text: str, free_alias: Callable[[str], str]) -> Pasted:
    """The servers of a text, each with the values it carries. Raises McpError; keeps nothing."""
    found: Pasted = []
    taken: set[str] = set()
    for name, given in _entries(_read(text)):
        alias = free_alias(name)
        alias = alias if alias not in taken else free_alias(f"{name}-{len(taken) + 1}")
        taken.add(alias)
        found.append(_server(alias, given))
    if not found:
        raise _unreadable()
    return found


def _read(text: str) -> Any:
    text = text.strip().rstrip(",")
    if len(text) <= LONGEST:
        # Pages often show the inner part only, without the braces around it.
        for tried in (text, f"{{{text}}}"):
            try:
                return json.loads(tried)
            except (ValueError, RecursionError):
                continue
    raise _unreadable()


def _entries(value: Any) -> Iterator[tuple[str, Mapping[str, Any]]]:
    while isinstance(value, dict) and (inner := [value[name] for name in WRAPPINGS if _is_object(value, name)]):
        value = inner[0]
    if _is_server(value):
        yield "server", value
    elif isinstance(value, dict):
        yield from ((str(name), each) for name, each in value.items() if _is_server(each))


def _is_object(value: Mapping[str, Any], name: str) -> bool:
    return isinstance(value.get(name), dict)


def _is_server(value: Any) -> bool:
    return isinstance(value, dict) and any(isinstance(value.get(name), str) for name in ("command", *ADDRESSES))


ADDRESSES = ("url", "serverUrl", "httpUrl")


def _server(alias: str, given: Mapping[str, Any]) -> tuple[McpServer, dict[str, str]]:
    url = next((str(given[name]) for name in ADDRESSES if isinstance(given.get(name), str)), "")
    values = _values(given.get("headers") if url else given.get("env"))
    arguments = given.get("args")
    try:
        server = McpServer(
            alias=alias,
            kind="address" if url else "program",
            command="" if url else str(given["command"]),
            arguments=tuple(str(each) for each in arguments) if isinstance(arguments, list) and not url else (),
            url=url,
            names=tuple(values),
        )
    except ValidationError:
        raise _unreadable() from None
    return server, {name: value for name, value in values.items() if value}


def _values(given: Any) -> dict[str, str]:
    """Variables or headers with their values, "" where a key of one’s own belongs."""
    pairs = given.items() if isinstance(given, dict) else ()
    found = {str(name): str(value) for name, value in pairs if NAME.fullmatch(str(name))}
    return {name: "" if _is_hole(value) else value for name, value in found.items()}


def _is_hole(value: str) -> bool:
    return _HOLE.fullmatch(value.removeprefix("Bearer ").strip()) is not None


def _unreadable() -> McpError:
    return McpError(
        "This text doesn’t contain an MCP server.",
        "Copy the whole configuration from the server’s page. It looks like this: {example}",
        code="mcp.paste",
        example='{"mcpServers": {"name": {"command": "npx", "args": ["…"]}}}',
    )
