"""A model that fails one in ten loses no request and answers none twice; who takes nothing holds nothing."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from itertools import count
from typing import Any

import pytest
from benchmarks.serve.faults import EVERY, FAULTS, Kept, ask_all, failing, kept, wrong
from starlette.types import Message

from flowloom.serve.api import streams
from flowloom.serve.api.streams import EventStream
from tests.openai_server import Say
from tests.serve.api.serving import Served

REQUESTS = range(100)


def test_a_failing_model_loses_no_request_and_answers_none_twice(api: Served) -> None:
    api.model.behave = failing()
    got = asyncio.run(ask_all(api.root, "trips", api.key, REQUESTS, 10))
    assert wrong(got, REQUESTS) == []
    assert len(api.model.requests) > len(REQUESTS), "what failed was asked again"
    assert kept(api.home.flows.db) == Kept(100, 100, 100, answered_twice=0, left=0)


def test_where_it_fails_for_good_each_is_told_so(api: Served) -> None:
    asked = count()
    api.model.behave = lambda body: FAULTS[0] if next(asked) % 2 else Say("Not what was asked.")
    got = asyncio.run(ask_all(api.root, "trips", api.key, range(200, 204), 2))
    assert len(wrong(got, range(200, 206))) >= 2, "those that were never sent, and another’s answer, are noticed"


def test_one_in_ten_fails() -> None:
    behave = failing()
    answers = [behave({"messages": [{"content": str(number)}]}) for number in range(EVERY * len(FAULTS))]
    assert [answer for answer in answers if answer in FAULTS] == list(FAULTS)


@pytest.mark.parametrize("leaves", ["takes nothing", "hangs up"])
def test_a_reader_who_takes_nothing_or_hangs_up_frees_what_it_held(
    monkeypatch: pytest.MonkeyPatch, leaves: str
) -> None:
    monkeypatch.setattr(streams, "SEND_SECONDS", 0.05)
    told: list[str] = []

    async def pieces() -> AsyncGenerator[str, None]:
        try:
            while True:
                yield "x"
                await asyncio.sleep(0)
        finally:
            told.append("freed")

    asyncio.run(_reads(EventStream(pieces(), on_gone_into(told)), leaves, told))
    assert sorted(told) == ["freed", "told"]


def on_gone_into(told: list[str]) -> Callable[[], Awaitable[None]]:
    async def on_gone() -> None:
        told.append("told")

    return on_gone


async def _reads(stream: EventStream, leaves: str, told: list[str]) -> None:
    """As a server does for a reader that leaves after the first piece."""
    gone, never = asyncio.Event(), asyncio.Event()

    async def send(message: Message) -> None:
        if message["type"] == "http.response.body":
            gone.set()
            await (never.wait() if leaves == "takes nothing" else asyncio.sleep(0))

    async def receive() -> Message:
        await (never.wait() if leaves == "takes nothing" else gone.wait())
        return {"type": "http.disconnect"}

    scope: Any = {"type": "http"}
    async with asyncio.timeout(20):
        await stream(scope, receive, send)
        while "freed" not in told:
            await asyncio.sleep(0.01)
