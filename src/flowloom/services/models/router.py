"""The models a flow may ask: a role or `provider/model` is led to the server that answers."""

import asyncio
from collections.abc import Sequence
from importlib.util import find_spec
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

from flowloom.errors import ModelError, SecretError
from flowloom.kinds.services import Afresh, OnText
from flowloom.kinds.values import ModelReply, ModelRequest, Shown
from flowloom.services.formats import pictures
from flowloom.services.models import failures
from flowloom.services.models.beginnings import with_beginning, without_beginning
from flowloom.services.models.chat import Chat
from flowloom.services.models.fallbacks import Outages, first_that_can, line_up
from flowloom.services.models.pieces import Pieces
from flowloom.services.models.prices import prepare, priced
from flowloom.services.models.settings import MEDIA, ModelSettings, Provider
from flowloom.services.secrets import SecretStore

if TYPE_CHECKING:
    from flowloom.services.models.practice_nearness import Nearness


class Line:
    """One provider's chat, and how many calls of it may be under way at a time."""

    def __init__(self, chat: Chat, provider: Provider, version: int) -> None:
        self.chat = chat
        self.provider = provider
        self.version = version
        self.gate = asyncio.Semaphore(provider.at_once)
        self.users = 0
        self.retired = False

    async def reply(self, model: str, request: ModelRequest, on_text: OnText) -> ModelReply:
        self.users += 1
        try:
            async with self.gate:
                return await self.chat.reply(model, request, on_text)
        finally:
            self.users -= 1
            await self._close_if_done()

    async def retire(self) -> None:
        """Close the connections as soon as the last call under way has ended."""
        self.retired = True
        await self._close_if_done()

    async def _close_if_done(self) -> None:
        if self.retired and not self.users:
            await self.chat.aclose()


class ModelRouter:
    """Fulfils `Models`. Connections belong to one event loop, so each loop has its own."""

    def __init__(
        self,
        settings: ModelSettings,
        secrets: SecretStore,
        *,
        seconds: float = 120.0,
        retries: int = 1,
        nearness: "Nearness | None" = None,
    ) -> None:
        self._settings = settings
        self._secrets = secrets
        self._seconds = seconds
        self._retries = retries
        self._nearness = nearness
        self._lines: WeakKeyDictionary[asyncio.AbstractEventLoop, dict[str, Line]] = WeakKeyDictionary()
        self._outages = Outages(keys=lambda: secrets.version)

    @property
    def settings(self) -> ModelSettings:
        return self._settings

    def use(self, settings: ModelSettings) -> None:
        """Go on with other settings; calls under way end as they began."""
        self._settings = settings
        self._outages.forget()

    async def reply(self, request: ModelRequest, on_text: OnText) -> ModelReply:
        """Ask a model, or those that stand in for it; `on_text` gets each piece of a plain answer as it arrives.

        Raises ModelError.
        """
        begun = False

        async def ask(name: str) -> ModelReply:
            nonlocal begun
            if begun:
                on_text(Afresh(""))  # what the one before had begun is no part of this answer
            heard = Pieces(on_text)
            try:
                return await self._ask(name, request, heard)
            finally:
                begun = begun or heard.begun

        line = line_up(self._settings, request.model)
        reply, warnings = await first_that_can(line, ask, self._outages)
        return reply.model_copy(update={"warnings": warnings}) if warnings else reply

    async def _ask(self, name: str, request: ModelRequest, heard: Pieces) -> ModelReply:
        provider, model = find_model(self._settings, name)
        line = await self._line(provider)
        if request.pictures and provider.kind != "practice":
            request = request.model_copy(update={"pictures": await asyncio.to_thread(_as_seen, request.pictures)})
        request = with_beginning(request, provider)
        try:
            reply = await line.reply(model, request, heard.add)
        finally:
            heard.hand_on()
        return self._without_keys(without_beginning(reply, request.begun)).model_copy(
            update={"usage": priced(reply.usage, provider, self._settings.prices)}
        )

    def _without_keys(self, reply: ModelReply) -> ModelReply:
        """The reply of a server that may tell our own key back; what a run hears of is kept in its log."""
        told = reply.model_dump_json()
        clean = self._secrets.scrub(told)
        if clean == told:
            return reply
        # Its tokens would spell it out, piece by piece.
        return ModelReply.model_validate_json(clean).model_copy(update={"tokens": ()})

    async def aclose(self) -> None:
        """Close the connections of this event loop."""
        for line in self._lines.pop(asyncio.get_running_loop(), {}).values():
            await line.chat.aclose()

    async def _line(self, provider: Provider) -> Line:
        lines = self._lines.setdefault(asyncio.get_running_loop(), {})
        version = self._secrets.version if provider.secret else 0
        line = lines.get(provider.id)
        if line and (line.provider, line.version) == (provider, version):
            return line
        # Vendors' libraries take half a second to import, which must not hold up other runs.
        chat = await asyncio.to_thread(
            open_chat,
            provider,
            self._secrets,
            seconds=self._seconds,
            retries=self._retries,
            nearness=self._nearness,
        )
        known = lines.get(provider.id)
        if known and (known.provider, known.version) == (provider, version):
            await chat.aclose()
            return known  # another call opened it meanwhile
        asyncio.get_running_loop().run_in_executor(None, prepare, provider)
        line = lines[provider.id] = Line(chat, provider, version)
        if known:
            await known.retire()
        return line


def _as_seen(shown: Sequence[Shown]) -> tuple[Shown, ...]:
    """The pictures as they may leave this computer. Raises KnowledgeError."""
    seen = [pictures.for_models(each.data) for each in shown]
    return tuple(Shown(media_type=media_type, data=data) for media_type, data in seen)


def find_model(settings: ModelSettings, wanted: str) -> tuple[Provider, str]:
    """The provider and model behind a role or `provider/model`. Raises ModelError."""
    if wanted in MEDIA:
        wanted = settings.media_model(wanted)
    name = settings.roles.get(wanted) or (settings.roles.get("default", "") if "/" not in wanted else wanted)
    id, _, model = name.partition("/")
    provider = settings.provider(id)
    if provider is None or not model:
        raise failures.not_set_up(name or wanted)
    return provider, model


def open_chat(
    provider: Provider,
    secrets: SecretStore,
    *,
    seconds: float = 120.0,
    retries: int = 1,
    nearness: "Nearness | None" = None,
) -> Chat:
    """A way to talk to a provider; `nearness` is for the practice model to choose by meaning.

    Raises ModelError where its key or its library is missing.
    """
    key = key_of(provider, secrets)
    if provider.kind == "practice":
        from flowloom.services.models.practice import PracticeChat

        return PracticeChat(nearness)
    if provider.kind == "local":
        from flowloom.services.models.local.chat import LocalChat

        return LocalChat(provider)
    native = provider.kind in ("anthropic", "google", "mistral")
    # Ollama speaks OpenAI's language too, so it works without its own library.
    if native or (provider.kind == "ollama" and find_spec("langchain_ollama")):
        from flowloom.services.models.langchain_chat import LangChainChat

        return LangChainChat(provider, key, seconds=seconds, retries=retries)
    from flowloom.services.models.openai_chat import OpenAIChat

    return OpenAIChat(provider, key, seconds=seconds, retries=retries)


def key_of(provider: Provider, secrets: SecretStore) -> str:
    """The provider's key, "" where it needs none. Raises ModelError."""
    if not provider.secret:
        if provider.kind in ("openai", "azure", "anthropic", "google", "mistral"):
            raise failures.no_key(provider)
        return ""
    try:
        return secrets.reveal(provider.secret)
    except SecretError as error:
        if secrets.has(provider.secret):
            raise ModelError.from_problem(error.problem) from None
        raise failures.no_key(provider) from None
