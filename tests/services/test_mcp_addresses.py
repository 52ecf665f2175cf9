"""A server at an address: real streamable HTTP on loopback, and all that leads where flows may not go."""

import asyncio
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from flowloom.errors import FlowloomError
from flowloom.kinds.mcp import McpResult, McpTool
from flowloom.services.mcp.clients import McpClients
from flowloom.services.mcp.registry import McpServers
from flowloom.services.mcp.settings import McpServer
from flowloom.services.network.local_network import OwnHosts
from flowloom.services.secrets import SecretStore
from tests.mcp_server import McpHttpServer

KEY = "k3y/of+mine=x7Qx7Q"
NUMBER = {"type": "number"}
ADD = McpTool(
    name="add", takes={"type": "object", "properties": {"a": NUMBER, "b": NUMBER}, "required": ["a", "b"]}
)
WAIT = McpTool(name="wait", takes={"type": "object", "properties": {"seconds": NUMBER}, "required": ["seconds"]})


class Bench:
    def __init__(self, home: Path) -> None:
        self.own, self.servers = OwnHosts(home), McpServers(home, SecretStore(home))
        self.clients = McpClients(self.servers, self.own.http)

    def add(self, url: str, allow: str = "", patience: float = 20.0, **values: str) -> None:
        names = tuple(name.replace("_", "-") for name in values)
        server = McpServer(alias="there", kind="address", url=url, names=names, patience=patience)
        self.servers.keep(server, dict(zip(names, values.values(), strict=True)))
        if allow:
            self.own.allow(allow)

    def call(self, tool: McpTool = ADD, patience: float = 20.0, **values: Any) -> McpResult:
        return asyncio.run(self._call(tool, patience, values or {"a": 1, "b": 2}))

    async def _call(self, tool: McpTool, patience: float, values: dict[str, Any]) -> McpResult:
        try:
            return await self.clients.call("a", "there", tool, values, patience)
        finally:
            await self.clients.aclose()


@pytest.fixture
def bench(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Bench:
    monkeypatch.setenv("FLOWLOOM_SECRET_KEY", "open sesame, my keys")
    return Bench(tmp_path)


def refusal(bench: Bench, **options: Any) -> FlowloomError:
    with pytest.raises(FlowloomError) as caught:
        bench.call(**options)
    return caught.value


def test_a_real_server(bench: Bench) -> None:
    with McpHttpServer() as server:
        bench.add(server.url, server.host, X_Key=KEY)
        found = bench.call()
        assert (found.data, found.unfit) == ({"total": 3.0}, "")
        assert {seen["x-key"] for seen in server.seen} == {KEY}
        assert {seen["host"] for seen in server.seen} == {server.host}
        assert bench.clients.of("a").where("there") == "127.0.0.1"
        offered = asyncio.run(bench.clients.offered("there"))
        assert [tool.name for tool in offered.tools] == ["echo", "wait", "add", "remember"]


def test_a_server_that_was_started_anew(bench: Bench) -> None:
    async def before_and_after() -> list[Any]:
        found: list[Any] = []
        with McpHttpServer() as server:
            bench.add(server.url, server.host)
            found.append(await bench.clients.call("a", "there", ADD, {"a": 1, "b": 2}, 20))
            server.forget()
            for _ in range(2):
                try:
                    found.append(await bench.clients.call("a", "there", ADD, {"a": 1, "b": 2}, 20))
                except FlowloomError as error:
                    found.append(error.problem.code)
            await bench.clients.aclose()
        return found

    first, lost, again = asyncio.run(before_and_after())
    assert (first.data, lost, again.data) == ({"total": 3.0}, "mcp.ended", {"total": 3.0})


def test_a_late_answer(bench: Bench) -> None:
    with McpHttpServer() as server:
        bench.add(server.url, server.host)
        assert refusal(bench, tool=WAIT, patience=0.5, seconds=30).problem.code == "mcp.timeout"


def test_this_network_has_to_be_allowed_first(bench: Bench) -> None:
    with McpHttpServer() as server:
        bench.add(server.url)
        assert "is on this computer or your local network, which flows may not access" in str(refusal(bench))
        assert server.seen == []


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
@pytest.mark.parametrize("target", ["http://169.254.169.254/latest/meta-data", "http://evil.example/mcp"])
def test_nobody_is_sent_elsewhere(bench: Bench, target: str, status: int) -> None:
    with McpHttpServer(redirect=target, status=status) as server:
        bench.add(server.url, server.host, X_Key=KEY)
        said = str(refusal(bench))
        assert "redirects to" in said
        assert KEY not in said
        assert len(server.seen) == 1


@pytest.mark.parametrize(
    "url",
    ["http://169.254.169.254/mcp", "http://2130706433/mcp", "http://[::ffff:127.0.0.1]/mcp", "http://localhost/"],
)
def test_no_spelling_leads_to_this_computer(bench: Bench, url: str) -> None:
    bench.add(url)
    assert "is on this computer or your local network, which flows may not access" in str(refusal(bench))


@contextmanager
def answering(reply: bytes, forever: bytes = b"") -> Iterator[str]:
    """A server that answers everything alike, and goes on with something for ever."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        stop = threading.Event()

        def serve() -> None:
            while not stop.is_set():
                try:
                    line, _ = listener.accept()
                except OSError:
                    return
                with line:
                    try:
                        line.recv(65_536)
                        line.sendall(reply)
                        while forever and not stop.is_set():
                            line.sendall(forever)
                        # What is closed with something unread is torn down, and what was said is lost.
                        line.shutdown(socket.SHUT_WR)
                        while line.recv(65_536):
                            pass
                    except OSError:
                        continue

        thread = threading.Thread(target=serve)
        thread.start()
        try:
            yield f"127.0.0.1:{listener.getsockname()[1]}"
        finally:
            stop.set()
            listener.shutdown(socket.SHUT_RDWR)
            thread.join(5)


def head(kind: str, more: str = "") -> bytes:
    return f"HTTP/1.1 200 OK\r\nContent-Type: {kind}\r\n{more}Connection: close\r\n\r\n".encode()


FAULTS = [
    (head("text/html") + b"<p>Hello", b"", "mcp.error"),
    (head("application/json") + b"{", b"", "mcp.error"),
    (head("application/json") + b'{"jsonrpc": "2.0", "id": 1, "result": 7}', b"", "mcp.error"),
    (head("application/json"), b" " * 65_536, "mcp.too_much"),
    (head("application/json", "Content-Encoding: gzip\r\n") + b"\x1f\x8b", b"", "http"),
    (head("text/event-stream"), b"", "mcp.ended"),
    (head("text/event-stream"), b"data: " + b"x" * 65_536, "mcp.ended"),
    (head("text/event-stream"), b": hello\n" * 10_000, "mcp.ended"),
    (b"HTTP/1.1 401 No\r\nContent-Length: 0\r\n\r\n", b"", "mcp.error"),
    (b"nonsense", b"", "http"),
    (b"", b"", "http"),
]


@pytest.mark.parametrize(("reply", "forever", "code"), FAULTS)
def test_a_bad_server_ends_in_a_clear_sentence(bench: Bench, reply: bytes, forever: bytes, code: str) -> None:
    with answering(reply, forever) as host:
        bench.add(f"http://{host}/mcp", host)
        assert refusal(bench).problem.code == code


def test_a_server_that_says_nothing(bench: Bench) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        host = f"127.0.0.1:{listener.getsockname()[1]}"
        bench.add(f"http://{host}/mcp", host, patience=1)
        assert refusal(bench).problem.code == "mcp.start"


def test_nobody_there(bench: Bench) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        host = f"127.0.0.1:{listener.getsockname()[1]}"
    bench.add(f"http://{host}/mcp", host)
    assert "failed" in str(refusal(bench))
