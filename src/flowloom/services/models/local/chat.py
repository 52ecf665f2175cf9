"""Chatting with a model of this computer: its process is asked as any server is that speaks like OpenAI."""

import asyncio
from functools import partial
from pathlib import Path
from typing import Any

from flowloom.errors import ModelError
from flowloom.kinds.services import OnText
from flowloom.kinds.values import ModelReply, ModelRequest
from flowloom.services.models import failures
from flowloom.services.models.local.servers import SERVERS, LocalServer, LocalServers
from flowloom.services.models.local.tools_by_form import reply_by_form
from flowloom.services.models.openai_chat import OpenAIChat
from flowloom.services.models.settings import Provider

LONGEST_TEXT, LONGEST_LIST = 600, 40
"""Letters and entries of one field of a form."""
_DATA = ("enum", "const", "default", "examples")
_SAID_OTHERWISE = {"maxLength", "enum", "const", "pattern", "format"}
PATIENCE = 600.0
"""Seconds of silence: a question waits for those before it, and a long one is read slowly."""


class LocalChat:
    """The models of one provider of kind `local`, whose `paths` say in which file each lies."""

    def __init__(self, provider: Provider, servers: LocalServers | None = None) -> None:
        self._provider, self._servers = provider, servers or SERVERS
        self._chats: dict[str, tuple[LocalServer, OpenAIChat]] = {}

    async def reply(self, model: str, request: ModelRequest, on_text: OnText) -> ModelReply:
        """Ask one of the models, loading it first where need be. Raises ModelError."""
        server = await asyncio.to_thread(self._servers.open, self._path(model))
        try:
            chat = await self._chat(model, server)
            if request.tools and not server.model.knows_tools:
                return await reply_by_form(partial(_ask, chat, model), request, on_text)
            return await chat.reply(model, bounded(request), on_text)
        except ModelError:
            if not server.alive:
                raise _ended(model) from None
            raise
        finally:
            self._servers.done(server)

    async def aclose(self) -> None:
        """The models stay loaded: other event loops may ask them."""
        for _, chat in self._chats.values():
            await chat.aclose()
        self._chats.clear()

    def _path(self, model: str) -> Path:
        path = self._provider.paths.get(model)
        if not path:
            raise failures.not_set_up(model)
        return Path(path)

    async def _chat(self, model: str, server: LocalServer) -> OpenAIChat:
        if found := self._known(model, server):
            return found
        provider = self._provider.model_copy(update={"base_url": f"{server.address}/v1"})
        chat = await asyncio.to_thread(OpenAIChat, provider, server.key, PATIENCE, 0)
        if found := self._known(model, server):
            await chat.aclose()
            return found  # another call opened it meanwhile
        before, self._chats[model] = self._chats.get(model), (server, chat)
        if before:
            await before[1].aclose()
        return chat

    def _known(self, model: str, server: LocalServer) -> OpenAIChat | None:
        of, chat = self._chats.get(model, (None, None))
        return chat if of is server else None


async def _ask(chat: OpenAIChat, model: str, request: ModelRequest, on_text: OnText) -> ModelReply:
    return await chat.reply(model, bounded(request), on_text)


def bounded(request: ModelRequest) -> ModelRequest:
    """The request with an end to every text and list of its form, where a small model may find none by itself."""
    if request.response_schema is None:
        return request
    return request.model_copy(update={"response_schema": _bounded(request.response_schema)})


def _bounded(schema: Any) -> Any:
    if isinstance(schema, list):
        return [_bounded(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    found = {name: _bounded(value) if name not in _DATA else value for name, value in schema.items()}
    kinds = found.get("type", ())
    kinds = {kinds} if isinstance(kinds, str) else set(kinds)
    if "string" in kinds and not _SAID_OTHERWISE & set(found):
        found["maxLength"] = LONGEST_TEXT
    if "array" in kinds and "maxItems" not in found:
        found["maxItems"] = LONGEST_LIST
    return found


def _ended(model: str) -> ModelError:
    return ModelError(
        "The model “{model}” stopped while it was answering.",
        "Try again: it is loaded anew. If it stops again, this computer may have too little memory for it.",
        code="model.ended",
        model=model,
    )
