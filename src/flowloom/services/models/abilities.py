"""What a model can do, measured by asking it: no list of ours knows what a server makes of a request."""

import asyncio
import io
from collections.abc import Awaitable, Mapping, Sequence
from typing import Any

from flowloom.errors import ModelError
from flowloom.kinds.values import Message, ModelReply, ModelRequest, Shown, ToolSpec
from flowloom.services.models.chat import Chat
from flowloom.services.models.fallbacks import REASONS
from flowloom.services.models.openai_chat import OpenAIChat
from flowloom.services.models.prices import find_window
from flowloom.services.models.probe import list_models
from flowloom.services.models.router import key_of, open_chat
from flowloom.services.models.settings import Abilities, Provider
from flowloom.services.secrets import SecretStore

_WINDOWS = ("context_length", "context_window", "max_model_len", "max_context_length", "max_input_tokens")
"""How servers call the tokens that a call of a model can hold, in their lists."""
_UNABLE = frozenset({"model.request", "model.shape", "model.blind", "model.pictures", "model.empty", "model.down"})
"""What a model that cannot do something answers with; anything else says nothing of what it can do."""
_TOOL = ToolSpec(
    name="weather",
    description="The weather in a city right now.",
    parameters={"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]},
)
_FORM = {
    "type": "object",
    "properties": {"colour": {"type": "string", "enum": ["red", "green"]}, "count": {"type": "integer"}},
    "required": ["colour", "count"],
}
_RED = ("red", "rouge", "红", "crimson", "scarlet")


async def measure(provider: Provider, model: str, secrets: SecretStore, seconds: float = 30.0) -> Abilities:
    """Ask a model four small things. Raises ModelError where it does not answer at all."""
    key = await asyncio.to_thread(key_of, provider, secrets)
    listed = (await list_models(provider, key, seconds)).get(model, {})
    chat = await asyncio.to_thread(open_chat, provider, secrets, seconds=seconds, retries=0)
    try:
        pieces = await _count_pieces(chat, model)
        tools, forms, pictures = await asyncio.gather(
            _can(calls_tool(chat, model)), _can(_fills_form(chat, model)), _can(_sees(chat, model))
        )
        refused = chat.refused(model) if isinstance(chat, OpenAIChat) else frozenset()
    finally:
        await chat.aclose()
    by_words = {"json_schema", "json_object"} <= refused
    return Abilities(
        streams=pieces > 1,
        tools=tools,
        forms="" if not forms else "words" if by_words else "json" if "json_schema" in refused else "schema",
        pictures=pictures,
        window=window_of(listed) or find_window(model, provider),
    )


def window_of(listed: Mapping[str, Any]) -> int | None:
    """How many tokens a call can hold, as its server's own list says; None where it does not."""
    meta = listed.get("meta")
    found: Sequence[Any] = [listed.get(name) for name in _WINDOWS]
    if isinstance(meta, Mapping):  # llama.cpp
        found = [*found, meta.get("n_ctx"), meta.get("n_ctx_train")]
    return next((each for each in found if type(each) is int and each > 0), None)


async def _can(tried: Awaitable[bool]) -> bool:
    try:
        return await tried
    except ModelError as error:
        if error.problem.code in REASONS and error.problem.code not in _UNABLE:
            raise
        return False


async def _ask(chat: Chat, model: str, said: str, pieces: list[str] | None = None, **more: Any) -> ModelReply:
    request = ModelRequest(messages=[Message(role="user", text=said)], temperature=0, **more)
    return await chat.reply(model, request, (pieces if pieces is not None else []).append)


async def _count_pieces(chat: Chat, model: str) -> int:
    pieces: list[str] = []
    await _ask(chat, model, "Count from one to twelve, in words.", pieces)
    return len(pieces)


async def calls_tool(chat: Chat, model: str) -> bool:
    """Whether it calls the one tool it is given, with the value it was told. Raises ModelError."""
    reply = await _ask(chat, model, "What is the weather in Oslo? Use the tool.", tools=(_TOOL,))
    return any(call.name == _TOOL.name and call.arguments.get("city") for call in reply.tool_calls)


async def _fills_form(chat: Chat, model: str) -> bool:
    reply = await _ask(chat, model, "Two green apples: which colour, and how many?", response_schema=_FORM)
    return bool(reply.fields)


async def _sees(chat: Chat, model: str) -> bool:
    shown = Shown(media_type="image/png", data=await asyncio.to_thread(_red_square))
    reply = await _ask(chat, model, "Which colour is this picture? Answer with one word.", pictures=(shown,))
    return any(word in reply.text.casefold() for word in _RED)


def _red_square() -> bytes:
    from PIL import Image

    kept = io.BytesIO()
    Image.new("RGB", (64, 64), (230, 20, 20)).save(kept, "PNG")
    return kept.getvalue()
