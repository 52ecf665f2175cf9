"""What a vendor gives with a turn that calls tools goes back with it: to the same model, in the same loop."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from langchain_core.messages import AIMessage

from flowloom.kinds.values import Message, ModelReply, ModelRequest, Vendor
from flowloom.services.models.langchain_messages import messages_of, own_fields
from tests.openai_server import OpenAIServer, Say
from tests.services.test_openai_chat import KEY, LOOK, ask, router_for, user

CALL = {"index": 0, "id": "1", "function": {"name": "look_up", "arguments": "{}"}}
SIGNED = {"google": {"thought_signature": "c2ln"}}
DETAILS = [
    {"type": "reasoning.text", "text": "I ", "index": 0},
    {"type": "reasoning.text", "text": "wonder", "index": 0, "signature": "sig"},
    {"type": "reasoning.encrypted", "data": "eW91", "index": 1},
]


@pytest.fixture(scope="module")
def running() -> Iterator[OpenAIServer]:
    with OpenAIServer() as server:
        yield server


@pytest.fixture
def server(running: OpenAIServer) -> OpenAIServer:
    running.script.clear()
    running.requests.clear()
    return running


def chunks(*deltas: dict[str, Any]) -> list[Any]:
    made: list[Any] = [{"choices": [{"delta": each}]} for each in deltas]
    return [*made, {"choices": [{"delta": {}, "finish_reason": "tool_calls"}]}]


def looped(reply: ModelReply) -> ModelRequest:
    """The next request of a tool loop, as an agent makes it."""
    turn = Message(role="assistant", text=reply.text, tool_calls=reply.tool_calls, vendor=reply.vendor)
    result = Message(role="tool", text="found", tool_call_id=reply.tool_calls[0].id)
    return ModelRequest(messages=[*user().messages, turn, result], tools=[LOOK])


TURNS: dict[str, tuple[list[dict[str, Any]], dict[str, Any]]] = {
    "n8n-io/n8n#29119, DeepSeek and Kimi": (
        [{"reasoning_content": "I "}, {"reasoning_content": "wonder"}, {"tool_calls": [CALL]}],
        {"reasoning_content": "I wonder"},
    ),
    "OpenRouter, reasoning tokens": (
        [*({"reasoning_details": [each]} for each in DETAILS), {"tool_calls": [CALL]}],
        {
            "reasoning_details": [
                {"type": "reasoning.text", "text": "I wonder", "index": 0, "signature": "sig"},
                {"type": "reasoning.encrypted", "data": "eW91", "index": 1},
            ]
        },
    ),
    "a field nobody knows": (
        [{"item_id": "msg_1", "tool_calls": [CALL]}],
        {"item_id": "msg_1"},
    ),
    "Mistral, thoughts as parts": (
        [
            {"content": [{"type": "thinking", "thinking": [{"type": "text", "text": "I wonder"}]}]},
            {"content": "So:", "tool_calls": [CALL]},
        ],
        {
            "content": [
                {"type": "thinking", "thinking": [{"type": "text", "text": "I wonder"}]},
                {"type": "text", "text": "So:"},
            ]
        },
    ),
}


@pytest.mark.parametrize("name", TURNS)
def test_it_goes_back_with_the_calls(server: OpenAIServer, tmp_path: Path, name: str) -> None:
    deltas, fields = TURNS[name]
    server.script.append(Say(chunks=chunks(*deltas)))
    router = router_for(server.url, tmp_path)
    reply = ask(router, user(tools=[LOOK]))[0]
    again = ModelReply.model_validate_json(reply.model_dump_json())  # as after a crash, from the log
    ask(router, looped(again))
    sent = server.requests[1].body["messages"][1]
    assert {field: sent.get(field) for field in fields} == fields
    assert sent["tool_calls"][0]["id"] == "1"


def test_a_signature_of_a_call_goes_back_with_it(server: OpenAIServer, tmp_path: Path) -> None:
    """Gemini's OpenAI-compatible API, thought signatures: `extra_content` of the call."""
    server.script.append(Say(chunks=chunks({"tool_calls": [{**CALL, "extra_content": SIGNED}]})))
    router = router_for(server.url, tmp_path)
    ask(router, looped(ask(router, user(tools=[LOOK]))[0]))
    assert server.requests[1].body["messages"][1]["tool_calls"][0]["extra_content"] == SIGNED


@pytest.mark.parametrize("model", ["p/other", "q/m"])
def test_nobody_else_gets_it(server: OpenAIServer, tmp_path: Path, model: str) -> None:
    server.script.append(
        Say(chunks=chunks({"reasoning_content": "hm", "tool_calls": [{**CALL, "extra_content": SIGNED}]}))
    )
    router = router_for(server.url, tmp_path)
    other = router.settings.providers[0].model_copy(update={"id": "q", "base_url": server.url + "/"})
    router.use(router.settings.model_copy(update={"providers": (*router.settings.providers, other)}))
    reply = ask(router, user(tools=[LOOK]))[0]
    ask(router, looped(reply).model_copy(update={"model": model}))
    assert "hm" not in str(server.requests[1].body)
    assert "extra_content" not in str(server.requests[1].body)


def test_it_ends_with_the_answer(server: OpenAIServer, tmp_path: Path) -> None:
    server.script.append(Say(chunks=chunks({"reasoning_content": "hm", "content": "Yes"})))
    assert ask(router_for(server.url, tmp_path), user())[0].vendor is None


def test_a_key_in_it_is_no_key_any_more(server: OpenAIServer, tmp_path: Path) -> None:
    server.script.append(Say(chunks=chunks({"x": {"y": f"Bearer {KEY}"}, "tool_calls": [{**CALL, "z": KEY}]})))
    reply = ask(router_for(server.url, tmp_path), user(tools=[LOOK]))[0]
    assert reply.vendor
    assert KEY not in reply.model_dump_json()


@pytest.mark.parametrize(
    "said",
    ["Unknown field: reasoning_content", [{"loc": ["messages", 1, "reasoning_content"], "msg": "Extra inputs"}]],
)
def test_what_a_server_does_not_want_back_is_left_out_and_remembered(
    server: OpenAIServer, tmp_path: Path, said: Any
) -> None:
    server.script.append(Say(chunks=chunks({"reasoning_content": "hm", "tool_calls": [CALL]})))
    router = router_for(server.url, tmp_path)
    reply = ask(router, user(tools=[LOOK]))[0]
    server.script.append(Say(status=422, whole={"detail": said}))
    ask(router, looped(reply), looped(reply))
    fields = [request.body["messages"][1].get("reasoning_content") for request in server.requests[1:]]
    assert fields == ["hm", None, None]


def test_langchains_vendors_get_their_parts_back_unchanged() -> None:
    """Anthropic, extended thinking: the thinking block with its signature comes before the tool's result."""
    blocks: list[Any] = [
        {"type": "thinking", "thinking": "hm", "signature": "sig"},
        {"type": "tool_use", "id": "1", "name": "look_up", "input": {}},
    ]
    kept = {"__gemini_function_call_thought_signatures__": {"1": b"\xff\x00"}}
    calls: list[Any] = [{"id": "1", "name": "look_up", "args": {}, "type": "tool_call"}]
    said = AIMessage(blocks, tool_calls=calls, additional_kwargs={**kept, "tool_calls": ["again"]})
    vendor = Vendor(source="s", fields=own_fields(said))
    turn = Message(role="assistant", vendor=Vendor.model_validate_json(vendor.model_dump_json()))
    told = messages_of([turn], source="s")[0]
    assert (told.content, told.additional_kwargs) == (blocks, kept)
    other = messages_of([turn], source="another")[0]
    assert (other.content, other.additional_kwargs) == ("", {})
