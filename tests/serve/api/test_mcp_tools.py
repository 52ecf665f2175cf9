"""Published GPTs are tools of other assistants, by the official client of MCP, over both of its protocols."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, Literal

import httpx
import httpx2
import pytest
from mcp import Client
from mcp.client.streamable_http import streamable_http_client

from tests.openai_server import Say
from tests.serve.api.serving import APPROVES, CHAT, Served

Mode = Literal["legacy", "auto"]


def talk(api: Served, path: str, mode: Mode, work: Callable[[Client], Awaitable[Any]], key: str = "") -> Any:
    async def whole() -> Any:
        headers = {"authorization": f"Bearer {key or api.key}"}
        async with (
            httpx2.AsyncClient(headers=headers, timeout=30) as http,
            Client(streamable_http_client(api.root + path, http_client=http), mode=mode) as client,
        ):
            return await work(client)

    return asyncio.run(whole())


@pytest.mark.parametrize("mode", ["legacy", "auto"])
def test_a_gpt_is_a_tool(api: Served, mode: Mode) -> None:
    api.model.script.append(Say("A day at the zoo."))

    async def work(client: Client) -> Any:
        (tool,) = (await client.list_tools()).tools
        assert (tool.name, tool.title) == ("ask", "Trips")
        assert tool.description
        assert "Plans school trips." in tool.description
        return await client.call_tool("ask", {"message": "Hello"})

    found = talk(api, "/mcp/trips", mode, work)
    assert not found.is_error
    assert found.content[0].text == "A day at the zoo."
    assert found.structured_content["status"] == "completed"


def test_it_goes_on_in_a_conversation(api: Served) -> None:
    async def work(client: Client) -> Any:
        first = await client.call_tool("ask", {"message": "One"})
        where = first.structured_content["conversation"]  # type: ignore[index]
        await client.call_tool("ask", {"message": "Two", "conversation": where})
        return await client.call_tool("ask", {"message": "Two", "conversation": "conv_other"})

    refused = talk(api, "/mcp/trips", "auto", work)
    assert len(api.model.requests[-1].body["messages"]) == 3
    assert refused.is_error
    assert "no such conversation" in refused.content[0].text


def test_all_that_a_key_opens_are_tools_by_their_names(api: Served) -> None:
    mine = api.publish(CHAT, "other")
    api.publish(CHAT, "帮助中心")

    async def work(client: Client) -> Any:
        return [tool.name for tool in (await client.list_tools()).tools], await client.call_tool(
            "other", {"message": "Hello"}
        )

    names, answer = talk(api, "/mcp/", "auto", work)
    assert {"other", "trips"} <= set(names)
    assert all(name.isascii() for name in names)
    assert answer.content[0].text == "You said: Hello"
    only, _ = talk(api, "/mcp", "auto", work, api.key_of(mine.id))
    assert only == ["other"]


def test_a_run_that_waits_says_for_what(api: Served) -> None:
    api.publish(APPROVES, "approves")

    async def work(client: Client) -> Any:
        return await client.call_tool("ask", {"message": "Spend 5?"})

    found = talk(api, "/mcp/approves", "auto", work)
    assert (found.structured_content["status"], len(found.structured_content["questions"])) == ("waiting", 1)


def test_a_failure_is_told_as_one(api: Served) -> None:
    api.model.script.extend([Say(status=400, error={"message": "secret"})] * 3)

    async def work(client: Client) -> Any:
        return await client.call_tool("ask", {"message": "One"})

    found = talk(api, "/mcp/trips", "auto", work)
    assert found.is_error
    assert "secret" not in found.content[0].text


@pytest.mark.parametrize("path", ["/mcp", "/mcp/", "/mcp/trips"])
def test_without_a_key_there_is_nothing(api: Served, path: str) -> None:
    asked = {"jsonrpc": "2.0", "id": 1, "method": "tools/list"}
    assert httpx.post(api.root + path, json=asked).status_code == 401
    assert api.post(path, asked, api.key_of(scopes=("chat",))).status_code == 403


@pytest.mark.parametrize("body", [b"", b"x", b"[]", b"{}", b'{"jsonrpc": "2.0", "id": 1, "method": "nope"}'])
def test_nonsense_is_answered_as_such(api: Served, body: bytes) -> None:
    headers = {
        "authorization": f"Bearer {api.key}",
        "content-type": "application/json",
        "accept": "application/json, text/event-stream",
    }
    answer = httpx.post(f"{api.root}/mcp/trips", content=body, headers=headers, timeout=20)
    assert answer.status_code in (200, 400)
    assert "error" in answer.json()


def test_conversations_by_this_door_are_known_as_such(api: Served) -> None:
    async def work(client: Client) -> Any:
        return await client.call_tool("ask", {"message": "One"})

    found = talk(api, "/mcp/trips", "auto", work)
    assert api.home.runs.via_of(found.structured_content["run"]) == "mcp"
