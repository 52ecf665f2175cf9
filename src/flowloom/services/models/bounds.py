"""How far a model's server is listened to: in bytes, in bytes of one piece, in silence and in all."""

import time
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from httpx2 import AsyncClient, Client

CONNECT_SECONDS = 10.0
MAX_BYTES = 64_000_000
"""Of one answer with all that stands around its words, which is some 200 bytes for each of them."""
MAX_PIECE = 2_000_000
"""Bytes up to the next empty line of a stream: a library keeps them until it comes."""
MAX_TEXT = 1_000_000
"""Characters of an answer; no model writes as many."""
PATIENCE = 10
"""How many times as long as a silence the whole answer may take."""

Why = Literal["bytes", "piece", "seconds", "packed"]


class TooMuch(Exception):
    """An answer went on after its limit; `why` names the limit."""

    def __init__(self, why: Why = "bytes") -> None:
        self.why = why
        super().__init__(why)


@dataclass(frozen=True)
class Bounds:
    """`silence` and `seconds` are seconds: without a byte, and altogether."""

    silence: float
    seconds: float
    most: int = MAX_BYTES
    piece: int = MAX_PIECE

    @classmethod
    def of(cls, silence: float) -> "Bounds":
        """The bounds of a stream that may be silent for that many seconds."""
        return cls(silence, silence * PATIENCE)


class _Count:
    """What came of one answer so far."""

    def __init__(self, bounds: Bounds, *, streamed: bool) -> None:
        self._bounds, self._streamed = bounds, streamed
        self._bytes = self._piece = 0
        self._end = time.monotonic() + bounds.seconds
        self._last = b""

    def take(self, data: bytes) -> bytes:
        """The same bytes. Raises TooMuch."""
        self._bytes += len(data)
        if self._bytes > self._bounds.most:
            raise TooMuch("bytes")
        if time.monotonic() > self._end:
            raise TooMuch("seconds")
        if self._streamed:
            self._count_piece(data)
        return data

    def _count_piece(self, data: bytes) -> None:
        joined = self._last + data
        after = max(
            joined.rfind(end) + len(end) if end in joined else -1 for end in (b"\n\n", b"\r\n\r\n", b"\r\r")
        )
        self._piece = len(joined) - after if after >= 0 else self._piece + len(data)
        if self._piece > self._bounds.piece or len(data) > self._bounds.piece:
            raise TooMuch("piece")
        self._last = data[-3:]


def open_async(bounds: Bounds) -> "AsyncClient":
    """A client for the openai SDK that reads answers within bounds, and follows nobody elsewhere with a key."""
    from httpx2 import AsyncByteStream
    from openai import DefaultAsyncHttpxClient

    class Bounded(AsyncByteStream):
        def __init__(self, stream: Any, count: _Count) -> None:
            self._stream, self._count = stream, count

        async def __aiter__(self) -> AsyncIterator[bytes]:
            async for data in self._stream:
                yield self._count.take(data)

        async def aclose(self) -> None:
            await self._stream.aclose()

    async def bound(response: Any) -> None:
        response.stream = Bounded(response.stream, _counted(response, bounds))

    return DefaultAsyncHttpxClient(event_hooks={"response": [bound]}, **_manners(bounds))


def open_sync(bounds: Bounds) -> "Client":
    """The same for threads."""
    from httpx2 import SyncByteStream
    from openai import DefaultHttpxClient

    class Bounded(SyncByteStream):
        def __init__(self, stream: Any, count: _Count) -> None:
            self._stream, self._count = stream, count

        def __iter__(self) -> Iterator[bytes]:
            for data in self._stream:
                yield self._count.take(data)

        def close(self) -> None:
            self._stream.close()

    def bound(response: Any) -> None:
        response.stream = Bounded(response.stream, _counted(response, bounds))

    return DefaultHttpxClient(event_hooks={"response": [bound]}, **_manners(bounds))


def _counted(response: Any, bounds: Bounds) -> _Count:
    if response.headers.get("content-encoding", "identity").strip().lower() not in ("", "identity"):
        raise TooMuch("packed")  # though we asked for plain: who knows what it unfolds to
    return _Count(bounds, streamed="event-stream" in response.headers.get("content-type", ""))


def _manners(bounds: Bounds) -> dict[str, Any]:
    return {
        "headers": {"accept-encoding": "identity"},
        "follow_redirects": False,
        "timeout": timeout_of(bounds),
    }


def timeout_of(bounds: Bounds) -> Any:
    from openai import Timeout

    return Timeout(bounds.silence, connect=min(bounds.silence, CONNECT_SECONDS))


def too_much_in(error: BaseException) -> TooMuch | None:
    """The TooMuch that a library has wrapped in an error of its own, if one is behind it."""
    seen: BaseException | None = error
    for _ in range(10):
        if seen is None or isinstance(seen, TooMuch):
            return seen
        seen = seen.__cause__ or seen.__context__
    return None
