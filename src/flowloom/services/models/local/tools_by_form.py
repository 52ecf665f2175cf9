"""Tools for models whose template knows none: which of them helps is a choice, and its values are a form.

Both are held to by grammar, so that even a very small model calls a tool as it should, if not always the right one.
"""

import json
from collections.abc import Awaitable, Callable, Sequence

from flowloom.kinds.services import OnText
from flowloom.kinds.values import Message, ModelReply, ModelRequest, ToolCall, ToolSpec, Usage
from flowloom.services.models.answers import with_instructions
from flowloom.services.models.tool_schemas import fit_for_models

Ask = Callable[[ModelRequest, OnText], Awaitable[ModelReply]]

_CHOOSE = "Choose the tool that helps to answer the person, or none where none does."
_FILL = "Fill in what the tool “{name}” needs for the person’s last message. {about}"


async def reply_by_form(ask: Ask, request: ModelRequest, on_text: OnText) -> ModelReply:
    """A tool call, or the answer where none helps. Raises ModelError."""
    fitted, left_out = fit_for_models(request)
    plain = fitted.model_copy(update={"messages": told(request.messages), "tools": ()})
    tools = {tool.name: tool for tool in fitted.tools}
    used: list[Usage] = []
    call = await _call(ask, plain, tools, used) if tools else None
    if call is not None and not _was_made(call, request.messages):
        return ModelReply(tool_calls=(call,), usage=_sum(used), left_out=left_out)
    reply = await ask(plain, on_text)
    return reply.model_copy(update={"usage": _sum([*used, reply.usage]), "left_out": left_out})


async def _call(ask: Ask, request: ModelRequest, tools: dict[str, ToolSpec], used: list[Usage]) -> ToolCall | None:
    about = {name: tool.description for name, tool in tools.items()}
    chosen = await ask(_with(request, _CHOOSE, choices=about), _hear_nothing)
    used.append(chosen.usage)
    tool = tools.get(chosen.text)
    if tool is None:
        return None
    id = f"call_{len(request.messages)}"
    if not tool.parameters.get("properties"):
        return ToolCall(id=id, name=tool.name)
    wanted = _FILL.format(name=tool.name, about=tool.description)
    filled = await ask(_with(request, wanted, response_schema=tool.parameters), _hear_nothing)
    used.append(filled.usage)
    return ToolCall(id=id, name=tool.name, arguments=filled.fields)


def told(messages: Sequence[Message]) -> list[Message]:
    """The messages with calls and their results in words, as these templates have no place for them."""
    names: dict[str, str] = {}
    made: list[Message] = []
    for message in messages:
        if message.role == "tool":
            name = names.get(message.tool_call_id, "tool")
            made.append(Message(role="user", text=f"The tool “{name}” told: {message.text}"))
        elif message.tool_calls:
            names |= {call.id: call.name for call in message.tool_calls}
            said = [message.text, *(_said(call) for call in message.tool_calls)]
            made.append(Message(role="assistant", text="\n".join(filter(None, said))))
        else:
            made.append(message)
    return made


def _said(call: ToolCall) -> str:
    return f"I use the tool “{call.name}” with {json.dumps(call.arguments, ensure_ascii=False)}."


def _was_made(call: ToolCall, messages: Sequence[Message]) -> bool:
    """Whether the same was asked before: a small model would ask it again and again."""
    last = max((at for at, message in enumerate(messages) if message.role == "user"), default=0)
    before = [each for message in messages[last:] for each in message.tool_calls]
    return any((each.name, each.arguments) == (call.name, call.arguments) for each in before)


def _with(request: ModelRequest, instruction: str, **more: object) -> ModelRequest:
    messages = with_instructions([Message(role="system", text=instruction), *request.messages], "")
    return request.model_copy(update={"messages": messages, "temperature": 0.0, **more})


def _sum(used: Sequence[Usage]) -> Usage:
    def total(name: str) -> int | None:
        known = [count for each in used if (count := getattr(each, name)) is not None]
        return sum(known) if known else None

    return Usage(
        model=next((each.model for each in used if each.model), ""),
        input_tokens=total("input_tokens"),
        output_tokens=total("output_tokens"),
        cached_tokens=total("cached_tokens"),
    )


def _hear_nothing(piece: str) -> None:
    """A choice and a form are no answer."""
