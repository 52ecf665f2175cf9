"""A request as OpenAI's API wants it, without what a server has refused before."""

import json
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

from flowloom.kinds.values import Message, ModelRequest, Shown
from flowloom.services.models import answers, refusals, schemas
from flowloom.services.models.tool_schemas import aliases_of

SYSTEM, TURNS, SYSTEMS = "system", "turns", "systems"
"""Messages of the system, two messages of one side in a row, and several of the system: what templates of some
models cannot hold."""
_TEMPLATES = {
    TURNS: ("roles must alternate", "should be alternating", "must be alternating"),
    SYSTEM: (
        "system role",
        "role 'system'",
        'role "system"',
        "role system",
        "developer instruction",
        "system message",
    ),
}
EXTRA = "vendor:"
"""How the name of a vendor's own field begins among those that were refused."""
_NO_EXTRAS = ("extra inputs", "additional propert", "unknown field", "unrecognized", "unexpected", "not permitted")
_WANTS_IT = ("missing", "must be", "required", "passed back")
_NAMES = {
    "stream_options": ("stream_options", "include_usage"),
    "json_schema": ("json_schema", "response_format", "schema", "structured"),
    "json_object": ("json_object", "response_format", "json"),
    "temperature": ("temperature",),
    "logprobs": ("logprobs",),
    "max_tokens": ("max_tokens",),
}
"""What servers call the parts they may refuse, in the order to blame when they do not say which they mean."""
_NOT_TAKEN = (
    "not permitted",
    "not allowed",
    "not supported",
    "unsupported",
    "unrecognized",
    "unknown",
    "extraneous",
)


def build_body(model: str, request: ModelRequest, refused: frozenset[str], source: str = "") -> dict[str, Any]:
    """The request. What vendors put into their turns goes to their own `source` only."""
    schema = answers.shape_of(request)
    extra = answers.instructions_for(request, schema is not None and "json_schema" in refused)
    aliases = aliases_of(request.tools)
    messages = answers.with_instructions(request.messages, extra, apart=SYSTEMS not in refused)
    if SYSTEM in refused:
        messages = answers.told_by_the_person(messages)
    if TURNS in refused:
        messages = answers.in_turns(messages)
    body: dict[str, Any] = {"model": model, "messages": [_message(each, aliases) for each in messages]}
    for each, made in zip(messages, body["messages"], strict=True):
        if each.vendor is not None and each.vendor.source == source:
            _give_back(each, made, refused)
    _show(body["messages"], request.pictures)
    if request.temperature is not None and "temperature" not in refused:
        body["temperature"] = request.temperature
    body |= _wishes(request, refused)
    if request.tools:
        body["tools"] = [
            {
                "type": "function",
                "function": {
                    "name": aliases[tool.name],
                    "description": tool.description,
                    "parameters": tool.parameters,
                },
            }
            for tool in request.tools
        ]
    if schema is None:
        streams = "stream_options" not in refused and request.alternatives is None
        return body | {"stream_options": {"include_usage": True}} if streams else body
    if "json_schema" not in refused:
        wanted = {"name": "answer", "strict": True, "schema": schemas.strict(schema)}
        body["response_format"] = {"type": "json_schema", "json_schema": wanted}
    elif "json_object" not in refused:
        body["response_format"] = {"type": "json_object"}
    return body


def _wishes(request: ModelRequest, refused: frozenset[str]) -> dict[str, Any]:
    """How long the answer may be, and whether its tokens are told."""
    found: dict[str, Any] = {}
    if request.most_tokens is not None:
        # Newer models of OpenAI know only the newer name, and many servers only the older one.
        found["max_completion_tokens" if "max_tokens" in refused else "max_tokens"] = request.most_tokens
    if request.alternatives is not None and "logprobs" not in refused:
        found |= {"logprobs": True, "top_logprobs": request.alternatives}
    return found


def _show(messages: list[dict[str, Any]], pictures: Sequence[Shown]) -> None:
    """Put pictures to the person's last message."""
    asked = next((each for each in reversed(messages) if each["role"] == "user"), None)
    if asked and pictures:
        parts = [{"type": "image_url", "image_url": {"url": answers.data_url(each)}} for each in pictures]
        asked["content"] = [{"type": "text", "text": asked["content"]}, *parts]


def _message(message: Message, aliases: dict[str, str]) -> dict[str, Any]:
    if message.role == "tool":
        return {"role": "tool", "tool_call_id": message.tool_call_id, "content": message.text}
    made: dict[str, Any] = {"role": message.role, "content": message.text}
    if message.tool_calls:
        made["tool_calls"] = [
            {
                "id": call.id,
                "type": "function",
                "function": {
                    "name": aliases.get(call.name, call.name),
                    "arguments": json.dumps(call.arguments, ensure_ascii=False),
                },
            }
            for call in message.tool_calls
        ]
    return made


def _give_back(message: Message, made: dict[str, Any], refused: frozenset[str]) -> None:
    """Put what the vendor gave with this turn where it stood."""
    fields = message.vendor.fields if message.vendor else {}
    made |= {name: value for name, value in fields.items() if EXTRA + name not in refused}
    for call, told in zip(message.tool_calls, made.get("tool_calls", ()), strict=False):
        told |= {name: value for name, value in call.vendor.items() if EXTRA + name not in refused}


def extras_of(request: ModelRequest, refused: frozenset[str], source: str) -> list[str]:
    """The names of the vendor's own fields that a request carries."""
    own = [each for each in request.messages if each.vendor is not None and each.vendor.source == source]
    names = [name for each in own if each.vendor for name in each.vendor.fields]
    names += [name for each in own for call in each.tool_calls for name in call.vendor]
    return [name for name in dict.fromkeys(names) if EXTRA + name not in refused]


def blame(
    error: Exception, body: Mapping[str, Any], extras: Sequence[str] = (), refused: frozenset[str] = frozenset()
) -> frozenset[str] | None:
    """Which parts of the request a server refused, None where leaving out any would not help."""
    status = refusals.status_of(error)
    said = refusals.detail_of(error).lower() + str(getattr(error, "param", "") or "").lower()
    if status in (400, 422, 424, 500) and (told := _of_template(said, body, refused)):
        return frozenset({told})
    if status == 403 and "logprobs" in said and "logprobs" in body:
        return frozenset({"logprobs"})  # as OpenAI says it of models that think
    if status == 500 and not (any(word in said for word in _NOT_TAKEN) and _named(said, body)):
        return None  # it has trouble of its own; some gateways tell so of a part they do not take
    if status not in (400, 422, 500):
        return None
    if extras and not any(word in said for word in _WANTS_IT):
        named = [name for name in extras if name.lower() in said]
        if named or any(word in said for word in _NO_EXTRAS):
            return frozenset(EXTRA + name for name in named or extras)
    part = _part_of(said, body)
    return None if part is None else frozenset({part})


def _of_template(said: str, body: Mapping[str, Any], refused: frozenset[str]) -> str | None:
    """What of the messages the template of a model cannot hold."""
    named = [part for part, words in _TEMPLATES.items() if any(word in said for word in words)]
    roles = [message["role"] for message in body["messages"]]
    if named and roles.count("system") > 1 and SYSTEMS not in refused:
        return SYSTEMS
    if TURNS in named and TURNS not in refused and any(one == other for one, other in pairwise(roles)):
        return TURNS
    # A template that knows no system counts its message as one of the turns.
    return SYSTEM if named and "system" in roles and SYSTEM not in refused else None


def _part_of(said: str, body: Mapping[str, Any]) -> str | None:
    return _named(said, body) or (None if _is_about_content(said) else next(iter(_used(body)), None))


def _named(said: str, body: Mapping[str, Any]) -> str | None:
    """The first part of the request that a refusal speaks of."""
    return next((part for part in _used(body) if any(name in said for name in _NAMES[part])), None)


def _used(body: Mapping[str, Any]) -> list[str]:
    return [part for part in _NAMES if part in body or body.get("response_format", {}).get("type") == part]


def _is_about_content(said: str) -> bool:
    words: Sequence[str] = (
        "context",
        "too long",
        "token",
        "content",
        "filter",
        "polic",
        "model",
        "tool",
        "message",
        "image",
        "vision",
    )
    return any(word in said for word in words)
