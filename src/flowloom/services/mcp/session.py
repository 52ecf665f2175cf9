"""One open connection to a server: opened and closed by a task of its own, used by many calls."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any, TypeVar

from mcp.client.session import ClientSession
from mcp.shared.exceptions import MCPError
from mcp.types import (
    METHOD_NOT_FOUND,
    UNSUPPORTED_PROTOCOL_VERSION,
    CallToolRequest,
    CallToolRequestParams,
    CallToolResult,
    Implementation,
    ListToolsRequest,
    ListToolsResult,
    PaginatedRequestParams,
    Tool,
    ToolListChangedNotification,
)
from pydantic import ValidationError

from flowloom import __version__
from flowloom.errors import FlowloomError, first_of
from flowloom.services.mcp import failures
from flowloom.services.mcp.limits import CLOSING, PAGES, TOOLS
from flowloom.services.mcp.settings import McpServer
from flowloom.services.mcp.transports import Way

T = TypeVar("T")

OTHER_AGE = (METHOD_NOT_FOUND, UNSUPPORTED_PROTOCOL_VERSION)
"""How a server answers a handshake that is too old for it."""


class Live:
    """A connection from its opening to its end. All of it belongs to one event loop."""

    def __init__(self, server: McpServer, way: Way, hide: Callable[[str], str]) -> None:
        self.server, self._way, self._hide = server, way, hide
        self._retired = False
        self._tools: Sequence[Tool] | None = None
        self._closing = asyncio.Event()
        self._ready: asyncio.Future[ClientSession] = asyncio.get_running_loop().create_future()
        self._task = asyncio.create_task(self._keep())

    @property
    def retired(self) -> bool:
        """No new call gets it."""
        return self._retired or self._way.is_over

    @property
    def said(self) -> str:
        """The end of what it wrote to its log, keys hidden."""
        return self._hide(self._way.said)

    async def open(self) -> None:
        """Wait until it is ready. Raises McpError and HttpError; then it is closed."""
        try:
            await asyncio.wait_for(asyncio.shield(self._ready), self.server.patience)
        except TimeoutError:
            await self.close()
            raise failures.too_slow_to_start(self.server.alias, self.server.patience, self.said) from None
        except BaseException:
            await self.close()
            raise

    async def close(self) -> None:
        """End it, and the program with all that it started; takes a few seconds at most."""
        self._retired = True
        self._closing.set()
        if not self._ready.done() or self._task.done():
            self._task.cancel()
        done, _ = await asyncio.wait([self._task], timeout=CLOSING)
        if not done:
            self._task.cancel()
            await asyncio.wait([self._task], timeout=CLOSING)

    async def _keep(self) -> None:
        try:
            async with (
                self._way.streams() as (read, write),
                ClientSession(
                    read,
                    write,
                    message_handler=self._hear,
                    client_info=Implementation(name="flowloom", version=__version__),
                ) as session,
            ):
                await _shake_hands(session)
                self._ready.set_result(session)
                await self._closing.wait()
        except asyncio.CancelledError:
            self._ready.cancel()
            raise
        except Exception as error:
            # Whatever the SDK meets in what a server says: it is this connection that ends, and nothing else.
            self._fail(first_of(error))
        finally:
            self._retired = True

    def _fail(self, error: BaseException) -> None:
        if not self._ready.done():
            self._ready.set_exception(self._told(error))
            self._ready.exception()  # is told to whoever waits, if anybody does

    async def _hear(self, message: Any) -> None:
        if isinstance(message, ToolListChangedNotification):
            self._tools = None

    async def tools(self, seconds: float | None = None) -> Sequence[Tool]:
        """What it offers, asked once and again when it says that this changed. Raises FlowloomError."""
        if self._tools is None:
            seconds = seconds or self.server.patience
            late = failures.too_slow_to_start(self.server.alias, seconds, self.said)
            self._tools = await self._within(seconds, late, self._list())
        return self._tools

    async def _list(self) -> Sequence[Tool]:
        found: dict[str, Tool] = {}
        cursor: str | None = None
        for _ in range(PAGES):
            params = PaginatedRequestParams(cursor=cursor) if cursor else None
            page = await self._ready.result().send_request(ListToolsRequest(params=params), ListToolsResult)
            found |= {tool.name: tool for tool in page.tools if tool.name not in found}
            cursor = page.next_cursor
            if not cursor or len(found) >= TOOLS:
                break
        return list(found.values())[:TOOLS]

    async def call(self, tool: str, arguments: Mapping[str, Any], seconds: float) -> CallToolResult:
        """Raises FlowloomError. Not by the SDK's own call, which runs the server's patterns over what it gave."""
        request = CallToolRequest(params=CallToolRequestParams(name=tool, arguments=dict(arguments)))
        late = failures.too_slow(self.server.alias, tool, seconds)
        asked = self._ready.result().send_request(request, CallToolResult)
        return await self._within(seconds, late, asked)

    async def _within(self, seconds: float, late: FlowloomError, asked: Awaitable[T]) -> T:
        try:
            async with asyncio.timeout(seconds):
                return await asked
        except TimeoutError:
            # It may be stuck, so the next call gets a fresh one; others under way here are not disturbed.
            self._retired = True
            raise late from None
        except asyncio.CancelledError:
            self._retired = True  # it may still be at what was given up
            raise
        except (MCPError, ValidationError, RuntimeError, ValueError) as error:
            if isinstance(error, MCPError) and self._way.has_ended(error):
                await self.close()  # so that all it said is known
            raise self._told(error) from None

    def _told(self, error: BaseException) -> FlowloomError:
        """An error of the SDK's in a person's words."""
        if isinstance(error, FlowloomError):
            return error
        alias = self.server.alias
        if known := self._way.cause(error if isinstance(error, MCPError) else None):
            self._retired = True
            return known
        if not isinstance(error, MCPError):
            return failures.nonsense(alias)
        if self._way.has_ended(error):
            self._retired = True
            return failures.ended(alias, self.said)
        return failures.refused(alias, " ".join(self._hide(error.message)[:500].split()))


async def _shake_hands(session: ClientSession) -> None:
    # The old handshake first: it is what nearly all servers speak, and some choke on the new question.
    try:
        await session.initialize()
    except MCPError as error:
        if error.code not in OTHER_AGE:
            raise
        await session.discover()
