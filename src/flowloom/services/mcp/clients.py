"""Connections to MCP servers: opened at the first call of a conversation, shared within it, closed when idle.

A server may keep a state, such as an open page or a basket. So a conversation keeps its own connection from one
message to the next, and never gets that of another conversation or GPT. A call that went wrong retires the
connection: calls beside it go on to their end, and the next one opens a new one.
"""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from flowloom.errors import FlowloomError
from flowloom.kinds.mcp import McpResult, McpTool
from flowloom.services.mcp import failures
from flowloom.services.mcp.limits import IDLE, OPEN
from flowloom.services.mcp.registry import McpServers
from flowloom.services.mcp.settings import McpServer
from flowloom.services.network.guarded_requests import GuardedHttp
from flowloom.services.secrets import scrub

if TYPE_CHECKING:
    from flowloom.services.mcp.session import Live

Key = tuple[int, str, str]


@dataclass(frozen=True, slots=True)
class Offered:
    """What a server offers: its tools, the names of those too large to be used, and what it wrote to its log."""

    tools: tuple[McpTool, ...]
    left_out: tuple[str, ...] = ()
    said: str = ""


class _Place:
    """One connection with those who use it."""

    def __init__(self, server: McpServer, values: Mapping[str, str], opening: "asyncio.Task[Live]") -> None:
        self.made_of, self.opening = (server, dict(values)), opening
        opening.add_done_callback(lambda task: task.cancelled() or task.exception())  # told to those who wait
        self.users = 0
        self.timer: asyncio.TimerHandle | None = None

    @property
    def good(self) -> bool:
        if not self.opening.done():
            return True
        return not self.opening.cancelled() and not self.opening.exception() and not self.opening.result().retired


class McpClients:
    """All connections of this process."""

    def __init__(
        self,
        servers: McpServers,
        http: Callable[[], GuardedHttp] = GuardedHttp,
        idle: float = IDLE,
        most: int = OPEN,
    ) -> None:
        self.servers, self._http, self._idle, self._most = servers, http, idle, most
        self._places: dict[Key, _Place] = {}
        self._ending: set[asyncio.Task[None]] = set()

    def of(self, conversation: str) -> "ConversationMcp":
        return ConversationMcp(self, conversation)

    async def offered(self, alias: str) -> Offered:
        """What a server offers, over a connection only for this. Raises FlowloomError."""
        server = self.servers.find(alias)
        live = await self._open(server, self.servers.values(server))
        try:
            found = await live.tools()
            tools = {tool.name: read_tool(tool) for tool in found}
        finally:
            await live.close()
        left_out = tuple(name[:80] for name, tool in tools.items() if tool is None)
        return Offered(tuple(tool for tool in tools.values() if tool), left_out, live.said)

    async def call(
        self, conversation: str, alias: str, tool: McpTool, arguments: Mapping[str, Any], seconds: float
    ) -> McpResult:
        """Call a tool as it was chosen. Raises FlowloomError."""
        from flowloom.services.mcp.results import result_from

        server = self.servers.find(alias)
        values = self.servers.values(server)
        place = self._place((id(asyncio.get_running_loop()), conversation, alias), server, values)
        place.users += 1
        try:
            live = await asyncio.shield(place.opening)
            await _refuse_other(live, tool)
            given = await live.call(tool.name, arguments, seconds)
            found = result_from(given, tool, lambda text: scrub(text, values.values()))
        finally:
            place.users -= 1
            self._let_go(place)
        if given.is_error:
            raise failures.failed(alias, tool.label, " ".join(found.text[:500].split()))
        return found

    async def aclose(self) -> None:
        """Close what nobody uses, and wait for what is being closed."""
        here = id(asyncio.get_running_loop())
        for key, place in tuple(self._places.items()):
            if key[0] == here:
                self._remove(place)
        await asyncio.gather(*self._ending)

    # -- opening and closing

    async def _open(self, server: McpServer, values: Mapping[str, str]) -> "Live":
        if not self.servers.may_start(server):
            raise failures.unconfirmed(server.alias)
        # The SDK takes more than a second to load, in which other runs should go on.
        make = await asyncio.to_thread(_maker)
        live = make(server, values, self._http)
        await live.open()
        return live

    def _place(self, key: Key, server: McpServer, values: Mapping[str, str]) -> _Place:
        place = self._places.get(key)
        if place is None or not place.good or place.made_of != (server, dict(values)):
            if place is not None:
                self._remove(place)
            self._make_room()
            place = self._places[key] = _Place(server, values, asyncio.create_task(self._open(server, values)))
        if place.timer is not None:
            place.timer.cancel()
            place.timer = None
        return place

    def _make_room(self) -> None:
        if len(self._places) < self._most:
            return
        idle = next((place for place in self._places.values() if not place.users), None)
        if idle is None:
            raise failures.too_many_open(self._most)
        self._remove(idle)

    def _let_go(self, place: _Place) -> None:
        """Nobody may use it any more: keep it for a while, unless it went wrong."""
        if place.users:
            return
        if not place.good or place not in self._places.values():
            self._remove(place)
        elif place.timer is None:
            place.timer = asyncio.get_running_loop().call_later(self._idle, self._remove, place)

    def _remove(self, place: _Place) -> None:
        """Give it to no new call, and close it when the last one is done."""
        self._places = {key: other for key, other in self._places.items() if other is not place}
        if place.timer is not None:
            place.timer.cancel()
        if not place.users:
            task = asyncio.get_running_loop().create_task(_close(place))
            self._ending.add(task)
            task.add_done_callback(self._ending.discard)


class ConversationMcp:
    """Fulfils `Mcp` for one conversation."""

    def __init__(self, clients: McpClients, conversation: str) -> None:
        self._clients, self._conversation = clients, conversation

    async def call(self, server: str, tool: McpTool, arguments: Mapping[str, Any], seconds: float) -> McpResult:
        return await self._clients.call(self._conversation, server, tool, arguments, seconds)

    def where(self, server: str) -> str:
        try:
            return self._clients.servers.find(server).where
        except FlowloomError:
            return ""


def read_tool(tool: Any) -> McpTool | None:
    """A tool of the SDK's as a flow keeps it."""
    from flowloom.services.mcp.tools import tool_from

    title = tool.title or (tool.annotations.title if tool.annotations else "") or ""
    return tool_from(tool.name, title, tool.description or "", tool.input_schema, tool.output_schema)


async def _refuse_other(live: "Live", tool: McpTool) -> None:
    """Raise McpError where the server's tool is not the one that was chosen."""
    from flowloom.services.mcp.tools import change

    found = next((each for each in await live.tools() if each.name == tool.name), None)
    if found is None:
        raise failures.gone(live.server.alias, tool.label)
    now = read_tool(found)
    what = change(tool.takes, now.takes) if now else "?"
    if what:
        raise failures.changed(live.server.alias, tool.label, what)


async def _close(place: _Place) -> None:
    place.opening.cancel()
    await asyncio.wait([place.opening])
    if not place.opening.cancelled() and not place.opening.exception():
        await place.opening.result().close()


def _maker() -> Callable[[McpServer, Mapping[str, str], Callable[[], GuardedHttp]], "Live"]:
    from flowloom.services.mcp.session import Live
    from flowloom.services.mcp.transports import ByAddress, ByProgram, Way

    def make(server: McpServer, values: Mapping[str, str], http: Callable[[], GuardedHttp]) -> Live:
        is_program = server.kind == "program"
        way: Way = ByProgram(server, values) if is_program else ByAddress(server, values, http())
        return Live(server, way, lambda text: scrub(text, values.values()))

    return make
