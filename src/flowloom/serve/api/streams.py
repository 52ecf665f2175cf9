"""Answers that are sent piece by piece, for as long as somebody takes them."""

import asyncio
import json
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping
from contextlib import aclosing, suppress
from typing import Any, TypeVar

from starlette.requests import ClientDisconnect
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from flowloom.serve.leaving import leaving

T = TypeVar("T")
GRACE = 10.0
SEND_SECONDS = 60.0
"""Within which a reader has to take a piece."""
HEADERS = {
    "Content-Type": "text/event-stream; charset=utf-8",
    "Cache-Control": "no-store",
    "X-Accel-Buffering": "no",
    "Content-Encoding": "identity",
}


class EventStream(Response):
    """Server-sent events. `on_gone` is called where the reader hung up, or took no more."""

    def __init__(
        self,
        pieces: AsyncGenerator[str, None],
        on_gone: Callable[[], Awaitable[None]] | None = None,
        headers: Mapping[str, str] | None = None,
        grace: float = GRACE,
    ) -> None:
        """`grace` is how many seconds it may go on once the server is told to end."""
        self._pieces, self._on_gone, self._grace = pieces, on_gone, grace
        self.status_code, self.background = 200, None
        self.init_headers({**HEADERS, **(headers or {})})
        self.raw_headers = [each for each in self.raw_headers if each[0] != b"content-length"]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await unless_gone(self._send(send), receive, self._grace)
        except ClientDisconnect:
            if self._on_gone:
                await asyncio.shield(self._on_gone())

    async def _send(self, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": self.raw_headers})
        # Whoever takes no more frees at once what is held for them, and not when garbage is looked for.
        async with aclosing(self._pieces):
            async for piece in self._pieces:
                await _taken(send, piece.encode(), more=True)
        await _taken(send, b"", more=False)


async def _taken(send: Send, data: bytes, more: bool) -> None:
    try:
        async with asyncio.timeout(SEND_SECONDS):
            await send({"type": "http.response.body", "body": data, "more_body": more})
    except (TimeoutError, OSError):
        raise ClientDisconnect from None


async def unless_gone(work: Awaitable[T], receive: Receive, grace: float = GRACE) -> T:
    """What the work gives. Raises ClientDisconnect, and ends the work, where the caller hung up before.

    The same where the server is told to end and the work is not done within the grace, in seconds.
    """
    loop, task, gone = (
        asyncio.get_running_loop(),
        asyncio.ensure_future(work),
        asyncio.ensure_future(_gone(receive)),
    )

    def leave() -> None:
        loop.call_soon_threadsafe(lambda: loop.call_later(grace, gone.cancel))

    leaving.listen(leave)
    try:
        await asyncio.wait({task, gone}, return_when=asyncio.FIRST_COMPLETED)
        if not task.done():
            raise ClientDisconnect
        return await task
    finally:
        for each in (task, gone):
            each.cancel()
        for each in (task, gone):
            with suppress(asyncio.CancelledError, Exception):
                await each


async def _gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


def event(data: Any, name: str = "", id: str = "") -> str:
    """One event as it is written."""
    head = (f"id: {id}\n" if id else "") + (f"event: {name}\n" if name else "")
    text = data if isinstance(data, str) else json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    return f"{head}data: {text}\n\n"
