"""Server-sent events as servers send them, by the WHATWG's rules and less strictly."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest

from flowloom.services.models.sse import Events

ONE: list[Any] = [{"a": 1}]
STREAMS: dict[str, tuple[str, list[Any], bool]] = {
    "openai/openai-go#227: comments to keep alive, OpenRouter": (
        ': OPENROUTER PROCESSING\n\n: OPENROUTER PROCESSING\n\ndata: {"a": 1}\n\n',
        ONE,
        False,
    ),
    "coder/coder#28185: a bare colon to keep alive, llama.cpp": (':\n\ndata: {"a": 1}\n\n:\n\n', ONE, False),
    "theopenco/llmgateway#2334: a ping after an id": ('id: 1\ndata: {"a": 1}\n\n: ping\n\n', ONE, False),
    "OpenAI’s reference, streaming: as documented": ('data: {"a": 1}\n\ndata: [DONE]\n\n', ONE, True),
    "WHATWG’s HTML, server-sent events: without a space": ('data:{"a": 1}\n\ndata:[DONE]\n\n', ONE, True),
    "WHATWG’s HTML, server-sent events: comments and other fields": (
        ': hello\nevent: x\nid: 1\nretry: 5\ndata: {"a": 1}\n\n',
        ONE,
        False,
    ),
    "WHATWG’s HTML, server-sent events: two lines of data": ('data: {"a":\ndata: 1}\n\n', ONE, False),
    "as theopenco/llmgateway#2334: no empty lines between": (
        'data: {"a": 1}\ndata: {"a": 2}\ndata: [DONE]\n',
        [{"a": 1}, {"a": 2}],
        True,
    ),
    "as theopenco/llmgateway#2334: no empty line at the end": ('data: {"a": 1}', ONE, False),
    "Ollama’s reference, chat: JSON by lines": ('{"a": 1}\n{"a": 2}\n', [{"a": 1}, {"a": 2}], False),
    "WHATWG’s HTML, server-sent events: line ends of Windows": (
        'data: {"a": 1}\r\n\r\ndata: [DONE]\r\n\r\n',
        ONE,
        True,
    ),
    "as mnfst/llm-gateway#2053: what is no JSON": ('data: {honey}\n\ndata: {"a": 1}\n\n', ONE, False),
    "as OpenAI’s reference, streaming: after the end": ('data: [DONE]\n\ndata: {"a": 1}\n\n', [], True),
}


@pytest.mark.parametrize("name", STREAMS)
def test_events_are_read(name: str) -> None:
    text, values, ended = STREAMS[name]

    async def lines() -> AsyncIterator[str]:
        for line in text.split("\n"):
            yield line

    async def read(events: Events) -> list[Any]:
        return [value async for value in events.read(lines())]

    events = Events()
    assert asyncio.run(read(events)) == values
    assert events.ended == ended
