"""A model whose template knows no tools calls them all the same: real, and scripted where its wit would decide."""

import asyncio
from pathlib import Path
from typing import Any

import pytest

from flowloom.kinds.values import Message, ModelReply, ModelRequest, ToolCall, ToolSpec, Usage
from flowloom.services.models.local.chat import LocalChat
from flowloom.services.models.local.gguf import read_gguf
from flowloom.services.models.local.servers import LocalServers
from flowloom.services.models.local.tools_by_form import reply_by_form, told
from flowloom.services.models.settings import Provider
from tests.services.local.conftest import MODEL

WEATHER = ToolSpec(
    name="weather",
    description="The weather in a city right now.",
    parameters={"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]},
)
CLOCK = ToolSpec(name="clock", description="What time it is.", parameters={"type": "object", "properties": {}})
ASKED = Message(role="user", text="What is the weather in Oslo? Use the tool.")
CALL = ToolCall(id="call_1", name="weather", arguments={"city": "Oslo"})


def test_a_real_model_calls_the_tool_with_what_it_was_told(local: Provider, servers: LocalServers) -> None:
    assert not read_gguf(Path(local.paths[MODEL])).knows_tools

    async def run() -> ModelReply:
        chat = LocalChat(local, servers)
        try:
            request = ModelRequest(messages=[ASKED], tools=(WEATHER,), temperature=0.0)
            return await chat.reply(MODEL, request, lambda piece: None)
        finally:
            await chat.aclose()

    (call,) = asyncio.run(run()).tool_calls
    assert (call.name, call.arguments) == ("weather", {"city": "Oslo"})


class Scripted:
    """Answers in order, and keeps what it was asked."""

    def __init__(self, *replies: ModelReply) -> None:
        self.asked: list[ModelRequest] = []
        self._replies = list(replies)

    async def __call__(self, request: ModelRequest, on_text: Any) -> ModelReply:
        self.asked.append(request)
        assert not request.tools
        reply = self._replies.pop(0)
        if request.choices is None and request.response_schema is None:
            on_text(reply.text)
        return reply


def answered(*replies: ModelReply, messages: tuple[Message, ...] = (ASKED,), **more: Any) -> tuple[Any, ...]:
    script, heard = Scripted(*replies), []
    request = ModelRequest(messages=messages, **{"tools": (WEATHER, CLOCK), **more})
    return asyncio.run(reply_by_form(script, request, heard.append)), script.asked, heard


def test_the_tool_is_a_choice_and_its_values_are_a_form() -> None:
    reply, asked, heard = answered(
        ModelReply(text="weather", usage=Usage(model="m", input_tokens=5, output_tokens=1)),
        ModelReply(fields={"city": "Oslo"}, usage=Usage(model="m", input_tokens=7, output_tokens=3)),
    )
    assert reply.tool_calls == (CALL,)
    assert (reply.usage.input_tokens, reply.usage.output_tokens) == (12, 4)
    assert asked[0].choices == {"weather": WEATHER.description, "clock": CLOCK.description}
    assert asked[1].response_schema == WEATHER.parameters
    assert heard == []


def test_a_tool_without_values_is_called_at_once() -> None:
    reply, asked, _ = answered(ModelReply(text="clock"))
    assert [(call.name, call.arguments) for call in reply.tool_calls] == [("clock", {})]
    assert len(asked) == 1


def test_where_no_tool_helps_it_answers() -> None:
    reply, asked, heard = answered(ModelReply(text=""), ModelReply(text="Hello!"))
    assert (reply.text, reply.tool_calls, heard) == ("Hello!", (), ["Hello!"])
    assert asked[1].choices is None


def test_the_same_is_not_asked_again_and_again() -> None:
    messages = (
        ASKED,
        Message(role="assistant", tool_calls=(CALL,)),
        Message(role="tool", text="Rain", tool_call_id="call_1"),
    )
    script = (ModelReply(text="weather"), ModelReply(fields={"city": "Oslo"}), ModelReply(text="It rains."))
    reply, asked, _ = answered(*script, messages=messages)
    assert (reply.text, reply.tool_calls) == ("It rains.", ())
    assert [message.role for message in asked[-1].messages] == ["user", "assistant", "user"]


@pytest.mark.parametrize(
    ("message", "role", "text"),
    [
        (ASKED, "user", ASKED.text),
        (Message(role="system", text="Be kind."), "system", "Be kind."),
        (
            Message(role="assistant", text="Wait.", tool_calls=(CALL,)),
            "assistant",
            'Wait.\nI use the tool “weather” with {"city": "Oslo"}.',
        ),
        (Message(role="tool", text="Rain", tool_call_id="lost"), "user", "The tool “tool” told: Rain"),
    ],
)
def test_calls_and_results_are_told_in_words(message: Message, role: str, text: str) -> None:
    (made,) = told([message])
    assert (made.role, made.text, made.tool_calls) == (role, text, ())


def test_a_result_names_its_tool() -> None:
    result = Message(role="tool", text="Rain", tool_call_id="call_1")
    assert told([Message(role="assistant", tool_calls=(CALL,)), result])[1].text == "The tool “weather” told: Rain"


def test_tools_it_cannot_be_given_are_named() -> None:
    odd = ToolSpec(name="odd", description="", parameters={"type": "array", "items": {}})
    reply, asked, _ = answered(ModelReply(text="Hello!"), tools=(odd,))
    assert (reply.text, reply.left_out, len(asked)) == ("Hello!", ("odd",), 1)
