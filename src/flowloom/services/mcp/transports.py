"""The two ways to a server, each as the pair of streams that the SDK speaks over."""

import json
import logging
from collections.abc import AsyncIterator, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any, Protocol

import anyio
from mcp.client.streamable_http import streamable_http_client
from mcp.shared.exceptions import MCPError
from mcp.shared.message import SessionMessage
from mcp.types import CONNECTION_CLOSED, INVALID_REQUEST, jsonrpc_message_adapter
from pydantic import ValidationError

from flowloom.errors import FlowloomError
from flowloom.services.mcp.failures import nonsense, too_much
from flowloom.services.mcp.guarded import REFUSED, Guarded, guarded_client
from flowloom.services.mcp.limits import LINE
from flowloom.services.mcp.program import Program, TooMuch, running
from flowloom.services.mcp.settings import McpServer
from flowloom.services.network.guarded_requests import GuardedHttp

Streams = tuple[Any, Any]
TOOLS_CHANGED = "notifications/tools/list_changed"

# The SDK logs what servers send, where a key of the person's may be repeated.
for name in ("mcp", "client"):
    logging.getLogger(name).setLevel(logging.CRITICAL + 1)


class Way(Protocol):
    """How one server is reached, once."""

    @property
    def said(self) -> str:
        """What it wrote to its log."""
        ...

    def has_ended(self, error: MCPError) -> bool:
        """Whether the SDK’s error means that nobody is there any more."""
        ...

    @property
    def is_over(self) -> bool:
        """Whether it is known to have ended, also when nobody asked."""
        ...

    def streams(self) -> AbstractAsyncContextManager[Streams]:
        """Start or reach it. Raises FlowloomError."""
        ...

    def cause(self, error: MCPError | None = None) -> FlowloomError | None:
        """The reason that we know and the SDK does not."""
        ...


def message_in(line: bytes) -> Any:
    """The message of a line; None for what nobody asked for, such as news, or greetings that are no messages.

    Raises ValidationError for what answers us and is no answer.
    """
    try:
        value = json.loads(line)
    except (ValueError, RecursionError):
        return None
    if not isinstance(value, dict) or ("id" not in value and value.get("method") != TOOLS_CHANGED):
        return None
    return jsonrpc_message_adapter.validate_python(value, by_name=False)


class ByProgram:
    def __init__(self, server: McpServer, values: Mapping[str, str]) -> None:
        self._server, self._values = server, values
        self._program: Program | None = None
        self._cause: FlowloomError | None = None
        self.is_over = False

    @property
    def said(self) -> str:
        return self._program.said if self._program else ""

    def cause(self, error: MCPError | None = None) -> FlowloomError | None:
        return self._cause

    def has_ended(self, error: MCPError) -> bool:
        # Servers use the number of a closed connection for errors of their own.
        return self.is_over and error.code == CONNECTION_CLOSED

    @asynccontextmanager
    async def streams(self) -> AsyncIterator[Streams]:
        async with running(self._server, self._values) as self._program:
            heard, read = anyio.create_memory_object_stream[SessionMessage | Exception](0)
            write, spoken = anyio.create_memory_object_stream[SessionMessage](0)
            async with heard, read, write, spoken, anyio.create_task_group() as group:
                group.start_soon(self._listen, heard)
                group.start_soon(self._speak, spoken)
                yield read, write
                group.cancel_scope.cancel()

    async def _listen(self, heard: Any) -> None:
        assert self._program is not None
        async with heard:
            try:
                async for line in self._program.lines():
                    if message := message_in(line):
                        await heard.send(SessionMessage(message))
            except TooMuch:
                self._cause = too_much(self._server.alias)
            except ValidationError:
                self._cause = nonsense(self._server.alias)
            except (anyio.ClosedResourceError, anyio.BrokenResourceError, OSError):
                return  # nobody listens any more, or it is gone
            self.is_over = True

    async def _speak(self, spoken: Any) -> None:
        assert self._program is not None
        try:
            async for each in spoken:
                await self._program.send(each.message.model_dump_json(by_alias=True, exclude_unset=True).encode())
        except (anyio.ClosedResourceError, anyio.BrokenResourceError, OSError):
            return  # its end is noticed where it is listened to


class ByAddress:
    said = ""
    is_over = False

    def __init__(self, server: McpServer, values: Mapping[str, str], http: GuardedHttp) -> None:
        self._server, self._values = server, values
        self._guarded = Guarded(http, server.alias)

    def cause(self, error: MCPError | None = None) -> FlowloomError | None:
        return self._guarded.refusal(error.message) if error and error.code == REFUSED else None

    def has_ended(self, error: MCPError) -> bool:
        # A server that was started anew knows nothing of our session.
        forgot = "session" in error.message.lower() and error.code in (INVALID_REQUEST, CONNECTION_CLOSED)
        return forgot or (
            error.code == CONNECTION_CLOSED and error.message.startswith(("SSE", "Connection closed"))
        )

    @asynccontextmanager
    async def streams(self) -> AsyncIterator[Streams]:
        async with guarded_client(self._guarded, self._values) as client:
            way = streamable_http_client(self._server.url, http_client=client, max_sse_event_size=LINE)
            async with way as (read, write):
                yield read, write
