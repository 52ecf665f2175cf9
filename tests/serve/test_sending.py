"""Nothing that is written to a browser or a program waits for what comes after it."""

import asyncio
import socket

import uvicorn

from flowloom.serve.sending import send_at_once


def test_a_socket_the_server_is_given_sends_at_once() -> None:
    """As Streamlit gives it one."""
    send_at_once()
    seen: list[int] = []

    async def app(scope: dict, receive: object, send: object) -> None:  # type: ignore[type-arg]
        raise AssertionError

    async def start() -> None:
        server = uvicorn.Server(uvicorn.Config(app, lifespan="off", log_level="warning"))
        server.config.load()
        server.lifespan = server.config.lifespan_class(server.config)
        with socket.socket() as listening:
            listening.bind(("127.0.0.1", 0))
            await server.startup([listening])
            with socket.create_connection(listening.getsockname()):
                accepted = await _accepted(server)
                seen.append(accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY))
            await server.shutdown([listening])

    asyncio.run(start())
    assert seen == [1]


async def _accepted(server: uvicorn.Server) -> socket.socket:
    for _ in range(500):
        if server.server_state.connections:
            (connection,) = server.server_state.connections
            return connection.transport.get_extra_info("socket")  # type: ignore[no-any-return, union-attr]
        await asyncio.sleep(0.01)
    raise AssertionError("nobody connected")
