"""What the server writes leaves at once: a small piece would else wait, 40 ms on Linux, for the one before it.

asyncio sees to that for sockets it makes; of one that it is given, as Streamlit does, it often does not know
that it speaks TCP.
"""

import socket
from collections.abc import Iterable

from uvicorn import Server


def send_at_once() -> None:
    """Once for the process: for all servers that start later."""
    begin = Server.startup
    if getattr(begin, "sends_at_once", False):
        return

    async def startup(self: Server, sockets: list[socket.socket] | None = None) -> None:
        mark(sockets or ())
        await begin(self, sockets)

    startup.sends_at_once = True  # type: ignore[attr-defined]
    Server.startup = startup  # type: ignore[method-assign]


def mark(sockets: Iterable[socket.socket]) -> None:
    """What connects to these sockets is answered without delay."""
    for each in sockets:
        if each.family in (socket.AF_INET, socket.AF_INET6):
            each.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
