"""Messages as LangChain has them: ours on their way to a vendor, and what is read off its answers."""

from base64 import b64decode, b64encode
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from flowloom.kinds.values import Message, Shown, ToolSpec, Usage
from flowloom.services.models import answers, wire
from flowloom.services.models.openai_stream import THOUGHTS

if TYPE_CHECKING:
    from langchain_core.messages import AIMessage, BaseMessage

_CALLS = frozenset({"tool_calls", "function_call"})
"""What LangChain keeps of the calls once more; they go back by themselves."""
_KEPT_METADATA = frozenset({"output_version", "model_provider"})
_CUT = frozenset({"length", "max_tokens", "max_output_tokens", "model_length"})
_BYTES = "__bytes__"


def tool_of(tool: ToolSpec, aliases: Mapping[str, str]) -> dict[str, Any]:
    return {"type": "function", "function": tool.model_dump() | {"name": aliases[tool.name]}}


def messages_of(
    messages: Sequence[Message], aliases: Mapping[str, str] = MappingProxyType({}), source: str = ""
) -> "list[BaseMessage]":
    from langchain_core.messages import AIMessage, HumanMessage, SystemMessage, ToolMessage

    made: list[BaseMessage] = []
    for message in messages:
        if message.role == "system":
            made.append(SystemMessage(message.text))
        elif message.role == "user":
            made.append(HumanMessage(message.text))
        elif message.role == "tool":
            made.append(ToolMessage(message.text, tool_call_id=message.tool_call_id))
        else:
            calls: list[Any] = [
                {
                    "id": call.id,
                    "name": aliases.get(call.name, call.name),
                    "args": call.arguments,
                    "type": "tool_call",
                }
                for call in message.tool_calls
            ]
            own = message.vendor.fields if message.vendor and message.vendor.source == source else {}
            made.append(
                AIMessage(
                    _unpacked(own.get("content", message.text)),
                    tool_calls=calls,
                    additional_kwargs=_unpacked(own.get("additional_kwargs", {})),
                    response_metadata=_unpacked(own.get("response_metadata", {})),
                )
            )
    return made


def own_fields(message: "AIMessage") -> dict[str, Any]:
    """What the vendor's library has to find again in the turn: its parts, and what it keeps beside them."""
    found: dict[str, Any] = {}
    if isinstance(message.content, list):
        found["content"] = message.content
    others = {name: each for name, each in message.additional_kwargs.items() if name not in _CALLS}
    kept = {name: each for name, each in message.response_metadata.items() if name in _KEPT_METADATA}
    for name, each in (("additional_kwargs", others), ("response_metadata", kept)):
        if each:
            found[name] = each
    packed: dict[str, Any] = _packed(found)
    return packed


def _packed(value: Any) -> Any:
    """The same as JSON can hold it; bytes are some vendors' signatures."""
    match value:
        case bytes():
            return {_BYTES: b64encode(value).decode()}
        case Mapping():
            return {str(name): _packed(each) for name, each in value.items()}
        case list() | tuple():
            return [_packed(each) for each in value]
        case str() | int() | float() | bool() | None:
            return value
    return str(value)


def _unpacked(value: Any) -> Any:
    match value:
        case {"__bytes__": str(letters)}:
            return b64decode(letters)
        case dict():
            return {name: _unpacked(each) for name, each in value.items()}
        case list():
            return [_unpacked(each) for each in value]
    return value


def as_chunk(message: Any) -> dict[str, Any]:
    """A message or a piece of one as the reader of answers takes it: calls and counts are read by the library."""
    delta = {"content": message.content, **_thoughts_beside(message.additional_kwargs)}
    return {"choices": [{"delta": delta}]}


def _thoughts_beside(kept: Mapping[str, Any]) -> dict[str, Any]:
    return {name: kept[name] for name in THOUGHTS if name in kept}


def finish_of(message: Any) -> str:
    """Why the vendor says the answer ended, "length" where it was cut."""
    said = message.response_metadata
    reasons = (str(said.get(name, "")).lower() for name in ("finish_reason", "stop_reason", "done_reason"))
    return next(("length" if each in _CUT else each for each in reasons if each), "")


def show_pictures(messages: "list[BaseMessage]", pictures: Sequence[Shown]) -> None:
    """Put pictures to the person's last message."""
    asked = next((each for each in reversed(messages) if each.type == "human"), None)
    if asked and pictures:
        parts = [{"type": "image_url", "image_url": {"url": answers.data_url(each)}} for each in pictures]
        asked.content = [{"type": "text", "text": str(asked.content)}, *parts]


def usage_of(message: Any, model: str) -> Usage:
    told = getattr(message, "usage_metadata", None)
    counted, details = wire.counted(told), wire.member(told, "input_token_details")
    return Usage(
        model=model,
        input_tokens=counted.read,
        output_tokens=counted.written,
        cached_tokens=wire.count(wire.member(details, "cache_read")),
    )
