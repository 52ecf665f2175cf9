"""Every vendor that LangChain knows, as one kind of chat."""

import asyncio
import inspect
import os
from collections.abc import AsyncIterator, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from flowloom.errors import ModelError
from flowloom.kinds.services import OnText
from flowloom.kinds.values import ModelReply, ModelRequest, ToolCall, Vendor
from flowloom.services.models import answers, bounds, failures
from flowloom.services.models.langchain_messages import (
    as_chunk,
    finish_of,
    messages_of,
    own_fields,
    show_pictures,
    tool_of,
    usage_of,
)
from flowloom.services.models.openai_stream import Answer, show
from flowloom.services.models.settings import Provider, ProviderKind
from flowloom.services.models.thought_tags import asks_about_tags
from flowloom.services.models.thoughts import Splitter
from flowloom.services.models.tool_schemas import aliases_of, fit_for_models

if TYPE_CHECKING:
    from langchain_core.language_models.chat_models import BaseChatModel
    from langchain_core.messages import AIMessage, BaseMessage

# Our kind → LangChain's name for it, what it calls the address, and the extra that installs it.
_VENDORS: dict[ProviderKind, tuple[str, str, str]] = {
    "ollama": ("ollama", "base_url", "ollama"),
    "anthropic": ("anthropic", "base_url", "anthropic"),
    "google": ("google_genai", "base_url", "google"),
    "mistral": ("mistralai", "base_url", "mistral"),
}

_TRACERS = ("LANGSMITH_TRACING", "LANGSMITH_TRACING_V2", "LANGCHAIN_TRACING", "LANGCHAIN_TRACING_V2")
"""What makes LangChain send every prompt to its makers, if it happens to be set on this computer."""


class LangChainChat:
    """The models of one vendor, each made once."""

    def __init__(self, provider: Provider, key: str = "", seconds: float = 120.0, retries: int = 1) -> None:
        self._provider = provider
        self._key = key
        self._seconds = seconds
        self._bounds = bounds.Bounds.of(seconds)
        self._retries = retries
        self._made: dict[tuple[str, float | None], BaseChatModel] = {}
        self._begins_thinking: set[str] = set()
        """Models whose prompt opens their thoughts, so that only the closing tag comes."""
        for name in _TRACERS:
            os.environ[name] = "false"
        self._prepare()

    def __repr__(self) -> str:
        return f"LangChainChat({self._provider.id!r})"

    async def aclose(self) -> None:
        while self._made:
            await _close(self._made.popitem()[1])

    async def reply(self, model: str, request: ModelRequest, on_text: OnText) -> ModelReply:
        """Ask one of the vendor's models. Raises ModelError."""
        request, left_out = fit_for_models(request)
        try:
            chat = self._model(model, request)
            said = answers.with_instructions(request.messages, answers.instructions_for(request))
            messages = messages_of(said, aliases_of(request.tools), self._source(model))
            show_pictures(messages, request.pictures)
            async with asyncio.timeout(self._bounds.seconds):
                if answers.is_shaped(request):
                    return await self._shaped(chat, model, request, messages)
                reply = await self._plain(chat, model, request, messages, on_text)
                return reply.model_copy(update={"left_out": left_out})
        except ModelError:
            raise
        except Exception as error:  # every vendor's library has errors of its own, told apart in failures
            if request.pictures and (wrong := failures.about_pictures(error, model)):
                raise wrong from None
            raise failures.explain(error, self._provider, model, self._key) from None

    async def _plain(
        self,
        chat: "BaseChatModel",
        model: str,
        request: ModelRequest,
        messages: "list[BaseMessage]",
        on_text: OnText,
    ) -> ModelReply:
        aliases = aliases_of(request.tools)
        asked = chat.bind_tools([tool_of(tool, aliases) for tool in request.tools]) if request.tools else chat
        chunks: list[Any] = []
        held = model in self._begins_thinking
        answer = Answer(Splitter(held=held, asked=asks_about_tags(request.messages)))
        async for chunk in self._within_bounds(asked.astream(messages)):
            chunks.append(chunk)
            show(answer.add(as_chunk(chunk)), on_text)
        if not chunks:
            raise failures.empty(self._provider, model)
        # All at once: joined one by one, each would copy all that came before it.
        whole = chunks[0] + chunks[1:] if len(chunks) > 1 else chunks[0]
        show(answer.end(cut=finish_of(whole) == "length"), on_text)
        if answer.closed_only:
            self._begins_thinking.add(model)
        return self._read(whole, answer, model, {alias: name for name, alias in aliases.items()})

    async def _within_bounds(self, stream: AsyncIterator[Any]) -> AsyncIterator[Any]:
        """The pieces of an answer while it keeps its bounds. Raises TooMuch, and TimeoutError for silence."""
        length = 0
        while True:
            try:
                async with asyncio.timeout(self._bounds.silence):
                    chunk = await anext(stream)
            except StopAsyncIteration:
                return
            except TimeoutError:
                if length:
                    raise failures.fell_silent(self._provider) from None
                raise
            length += len(str(chunk.text)) + sum(len(call["args"] or "") for call in chunk.tool_call_chunks) + 1
            if length > bounds.MAX_TEXT:
                raise bounds.TooMuch("bytes")
            yield chunk

    async def _shaped(
        self, chat: "BaseChatModel", model: str, request: ModelRequest, messages: "list[BaseMessage]"
    ) -> ModelReply:
        schema = {"title": "answer", "description": "The answer", **(answers.shape_of(request) or {})}
        asked = chat.with_structured_output(schema, include_raw=True)
        found: Any = await asked.ainvoke(messages)
        fields = found.get("parsed")
        answer = Answer(Splitter(held=True))
        answer.add(as_chunk(found["raw"]))
        answer.end(cut=finish_of(found["raw"]) == "length")
        told: dict[str, Any] = {"usage": usage_of(found["raw"], model), "thoughts": answer.thoughts}
        if request.choices is not None:
            said = str(fields.get("choice", "")) if isinstance(fields, dict) else answer.text
            return ModelReply(text=answers.read_choice(said, request.choices), **told)
        if isinstance(fields, dict):
            fields = answers.check_fields(fields, request, model)
        else:
            fields = answers.read_fields(answer.text, request, model)
        return ModelReply(text=answer.text, fields=fields, **told)

    def _source(self, model: str) -> str:
        return f"{self._provider.id} {self._provider.kind} {self._provider.base_url} {model}"

    def _read(self, message: "AIMessage", answer: Answer, model: str, names: Mapping[str, str]) -> ModelReply:
        if message.invalid_tool_calls:
            called = str(message.invalid_tool_calls[0].get("name") or "")
            raise failures.wrong_arguments(model, names.get(called, called))
        calls = tuple(
            ToolCall(
                id=call["id"] or f"call_{number}",
                name=names.get(call["name"], call["name"]),
                arguments=call["args"],
            )
            for number, call in enumerate(message.tool_calls)
        )
        if not calls and not answer.text.strip():
            raise failures.no_answer(self._provider, model, finish_of(message), thought=bool(answer.thoughts))
        vendor = Vendor(source=self._source(model), fields=own_fields(message)) if calls else None
        usage = usage_of(message, model)
        return ModelReply(text=answer.text, tool_calls=calls, usage=usage, thoughts=answer.thoughts, vendor=vendor)

    def _model(self, model: str, request: ModelRequest) -> "BaseChatModel":
        made = self._made.get((model, request.temperature))
        if made is None:
            made = self._made[model, request.temperature] = self._make(model, request.temperature)
        return made

    def _make(self, model: str, temperature: float | None) -> "BaseChatModel":
        from langchain.chat_models import init_chat_model

        vendor, address, _ = _VENDORS[self._provider.kind]
        options: dict[str, Any] = dict(_connection(self._provider.kind, self._seconds, self._retries))
        if self._provider.base_url:
            options[address] = self._provider.base_url
        if self._key:
            options["api_key"] = self._key
        if temperature is not None:
            options["temperature"] = temperature
        made: BaseChatModel = init_chat_model(model, model_provider=vendor, **options)
        return made

    def _prepare(self) -> None:
        """Import what is needed now, in the caller's thread, and say clearly what is missing."""
        vendor, _, extra = _VENDORS[self._provider.kind]
        try:
            self._make(next(iter(self._provider.models), "none"), None)
        except ImportError:
            raise ModelError(
                "The package for {provider} isn’t installed.",
                "Run: pip install 'flowloom[{extra}]', then start Flowloom again.",
                code="model.library",
                provider=self._provider.label,
                extra=extra,
                vendor=vendor,
            ) from None


async def _close(model: "BaseChatModel") -> None:
    # LangChain has no way to close a model, so the vendors' clients inside are closed themselves.
    client = getattr(model, "_async_client", None) or getattr(model, "async_client", None)
    for each in (client, getattr(client, "_client", None)):
        close = getattr(each, "aclose", None) or getattr(each, "close", None)
        if inspect.iscoroutinefunction(close):
            await close()
            return


def _connection(kind: ProviderKind, seconds: float, retries: int) -> Iterator[tuple[str, Any]]:
    if kind == "ollama":
        yield "client_kwargs", {"timeout": seconds}
    else:
        yield "timeout", seconds
        yield "max_retries", retries
