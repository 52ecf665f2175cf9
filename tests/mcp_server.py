"""A real MCP server by the SDK's own hand, over stdin and stdout or over HTTP.

python mcp_server.py                      # speaks by stdin and stdout
with McpHttpServer() as server: ...       # on loopback, at server.url
"""

import asyncio
import socket
import threading
import time
from typing import Any, Self

from mcp.server.mcpserver import MCPServer
from pydantic import BaseModel


class Sum(BaseModel):
    total: float


def make_server() -> MCPServer:
    server = MCPServer("for-tests")
    kept: list[str] = []

    @server.tool()
    def echo(text: str) -> str:
        """Says it again."""
        return text

    @server.tool()
    async def wait(seconds: float) -> str:
        """Takes its time."""
        await asyncio.sleep(seconds)
        return "done"

    @server.tool()
    def add(a: float, b: float) -> Sum:
        """Adds two numbers."""
        return Sum(total=a + b)

    @server.tool()
    def remember(text: str) -> str:
        """Remembers what it was told, and tells all of it."""
        kept.append(text)
        return ", ".join(kept)

    return server


class McpHttpServer:
    """Answers on a thread of its own; `seen` holds the headers of every request."""

    def __init__(self, redirect: str = "", status: int = 307) -> None:
        self.redirect, self.status = redirect, status
        self.seen: list[dict[str, str]] = []

    @property
    def url(self) -> str:
        return f"http://{self.host}/mcp"

    @property
    def host(self) -> str:
        return f"127.0.0.1:{self._port}"

    def __enter__(self) -> Self:
        import uvicorn

        taken = socket.create_server(("127.0.0.1", 0))
        self._port = taken.getsockname()[1]
        config = uvicorn.Config(self._app, interface="asgi3", log_level="critical", lifespan="on", ws="none")
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=lambda: asyncio.run(self._server.serve(sockets=[taken])))
        self._server_of_tools: Any = make_server()
        self._inner: Any = self._server_of_tools.streamable_http_app()
        self._thread.start()
        while not self._server.started and self._thread.is_alive():
            time.sleep(0.01)
        return self

    def forget(self) -> None:
        """Know nothing any more of those who are connected."""
        self._server_of_tools.session_manager._server_instances.clear()

    def __exit__(self, *_: object) -> None:
        self._server.should_exit = True
        self._server.force_exit = True
        self._thread.join(10)

    async def _app(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            await self._inner(scope, receive, send)
            return
        self.seen.append({name.decode(): value.decode() for name, value in scope["headers"]})
        if self.redirect:
            where = [(b"location", self.redirect.encode())]
            await send({"type": "http.response.start", "status": self.status, "headers": where})
            await send({"type": "http.response.body", "body": b""})
            return
        await self._inner(scope, receive, send)


if __name__ == "__main__":
    make_server().run("stdio")
