"""What is asked of any model beyond plain text, and how its answer is read: forms and choices."""

import json
import unicodedata
from base64 import b64encode
from collections.abc import Mapping, Sequence
from typing import Any

from flowloom.kinds.values import Message, ModelRequest, Shown
from flowloom.services.models import failures
from flowloom.services.models.schemas import Schema, find_mismatch, read_object, without_nulls
from flowloom.services.models.wire import read_json

NONE_OF_THEM = "none of these"


def data_url(picture: Shown) -> str:
    """A picture as it stands within a message."""
    return f"data:{picture.media_type};base64,{b64encode(picture.data).decode()}"


def is_shaped(request: ModelRequest) -> bool:
    """Whether the answer is a form or a choice, which no one reads while it arrives."""
    return request.response_schema is not None or request.choices is not None


def shape_of(request: ModelRequest) -> Schema | None:
    """The JSON schema the answer has to fit, None for plain text."""
    if request.choices is not None:
        labels = [*request.choices, NONE_OF_THEM]
        return {
            "type": "object",
            "properties": {"choice": {"type": "string", "enum": labels}},
            "required": ["choice"],
        }
    return request.response_schema


def instructions_for(request: ModelRequest, spell_out_schema: bool = False) -> str:
    """What the model is told about the shape of its answer, in words."""
    lines = []
    if request.choices is not None:
        lines.append("Choose the one label that fits the conversation best:")
        lines += [
            f"- {label}: {meaning}" if meaning else f"- {label}" for label, meaning in request.choices.items()
        ]
        lines.append(f'If none of them fits, choose "{NONE_OF_THEM}".')
    if spell_out_schema:
        schema = json.dumps(shape_of(request), ensure_ascii=False)
        lines.append(f"Answer with one JSON object that fits this JSON schema, and with nothing else:\n{schema}")
    return "\n".join(lines)


def with_instructions(messages: Sequence[Message], extra: str, apart: bool = False) -> list[Message]:
    """The messages with all that systems say in one first message, as most servers demand.

    `apart` leaves several at the head as they were written; what stands further on makes them one here, too.
    """
    said = [message.text for message in messages if message.role == "system" and message.text.strip()]
    others = [message for message in messages if message.role != "system"]
    if apart and all(message.role == "system" for message in messages[: len(messages) - len(others)]):
        said[-1:] = ["\n\n".join(filter(None, (*said[-1:], extra)))]
        return [*(Message(role="system", text=text) for text in said if text), *others]
    said += [extra] if extra else []
    return [Message(role="system", text="\n\n".join(said)), *others] if said else others


def told_by_the_person(messages: Sequence[Message]) -> list[Message]:
    """The messages without any of the system: what it said stands at the head of the person's first."""
    said = "\n\n".join(message.text for message in messages if message.role == "system")
    others = [message for message in messages if message.role != "system"]
    at = next((place for place, message in enumerate(others) if message.role == "user"), None)
    if not said:
        return others
    if at is None:
        return [Message(role="user", text=said), *others]
    first = others[at].model_copy(update={"text": f"{said}\n\n{others[at].text}"})
    return [*others[:at], first, *others[at + 1 :]]


def in_turns(messages: Sequence[Message]) -> list[Message]:
    """The messages with those of one side in a row as one; calls of tools and what they gave stay as they are."""
    made: list[Message] = []
    for message in messages:
        before = made[-1] if made else None
        if before and before.role == message.role and all(map(_is_plain, (before, message))):
            made[-1] = before.model_copy(update={"text": f"{before.text}\n\n{message.text}"})
        else:
            made.append(message)
    return made


def _is_plain(message: Message) -> bool:
    return message.role != "tool" and not message.tool_calls and message.vendor is None


def is_free(text: str, request: ModelRequest) -> bool:
    """Whether there is neither an object in a text nor the name of a choice."""
    return read_object(text) is None and not (request.choices and read_choice(text, request.choices))


def is_filled_in(text: str, request: ModelRequest) -> bool:
    """Whether a text is nothing but the form, or the choice, that was asked for."""
    schema, fields = shape_of(request), read_json(text)
    return schema is not None and isinstance(fields, dict) and not find_mismatch(fields, schema)


def read_fields(text: str, request: ModelRequest, model: str) -> dict[str, Any]:
    """The form a model filled in, checked. Raises ModelError."""
    fields = read_object(text)
    if fields is None:
        raise failures.wrong_shape(model, "no JSON object in the answer")
    return check_fields(fields, request, model)


def check_fields(fields: Mapping[str, Any], request: ModelRequest, model: str) -> dict[str, Any]:
    """The fields without needless nulls, if they fit the schema. Raises ModelError."""
    schema = request.response_schema or {}
    tidy: dict[str, Any] = without_nulls(dict(fields), schema)
    if wrong := find_mismatch(tidy, schema):
        raise failures.wrong_shape(model, wrong)
    return tidy


def read_choice(text: str, choices: Mapping[str, str]) -> str:
    """The label a model chose, also where it answered in plain words; "" for none."""
    fields = read_object(text)
    said = _plain(str(fields.get("choice", "")) if fields else text)
    if said == _plain(NONE_OF_THEM):
        return ""
    for label in choices:
        if _plain(label) == said:
            return label
    # Small models wrap the label in a sentence; that counts when only one label occurs in it.
    named = [label for label in choices if _plain(label) and _plain(label) in said]
    longest = max(named, key=len, default="")
    return longest if all(_plain(label) in _plain(longest) for label in named) else ""


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold().strip(" \t\n\"'“”«».。:：*`")
