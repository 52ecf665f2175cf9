"""A client of the openai SDK whose answers are read no further than a limit, and that follows nobody elsewhere."""

from collections.abc import AsyncIterator
from typing import TYPE_CHECKING, Any

from flowloom.services.models.openai_chat import CONNECT_SECONDS, base_url
from flowloom.services.models.settings import Provider

if TYPE_CHECKING:
    from openai import AsyncOpenAI


class TooMuch(Exception):
    """An answer went on after its limit."""


def open_bounded(provider: Provider, key: str, seconds: float, most: int) -> "AsyncOpenAI":
    """A client that asks each thing once: what it asks for costs money. Answers over `most` bytes raise TooMuch."""
    from openai import AsyncOpenAI, DefaultAsyncHttpxClient, Timeout

    async def bound(response: Any) -> None:
        if response.headers.get("content-encoding", "identity") not in ("", "identity"):
            raise TooMuch  # packed though we asked for plain: who knows what it unfolds to
        response.stream = _bounded(response.stream, most)

    timeout = Timeout(seconds, connect=min(seconds, CONNECT_SECONDS))
    client = DefaultAsyncHttpxClient(
        event_hooks={"response": [bound]},
        headers={"accept-encoding": "identity"},
        follow_redirects=False,
        timeout=timeout,
    )
    return AsyncOpenAI(
        api_key=key or "none",  # the SDK wants one even where the server does not
        base_url=base_url(provider),
        timeout=timeout,
        max_retries=0,
        http_client=client,
    )


def _bounded(stream: Any, most: int) -> Any:
    from httpx2 import AsyncByteStream

    class Bounded(AsyncByteStream):
        async def __aiter__(self) -> AsyncIterator[bytes]:
            count = 0
            async for piece in stream:
                count += len(piece)
                if count > most:
                    raise TooMuch
                yield piece

        async def aclose(self) -> None:
            await stream.aclose()

    return Bounded()
