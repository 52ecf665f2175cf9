"""OpenAI and the servers that speak like it, straight through the openai SDK."""

import asyncio
import json
from collections.abc import AsyncIterator, Sequence
from typing import TYPE_CHECKING, Any

from flowloom.errors import ModelError
from flowloom.kinds.services import OnText
from flowloom.kinds.values import Message, ModelReply, ModelRequest, Shown, ToolCall, Usage
from flowloom.services.models import answers, bounds, failures, schemas
from flowloom.services.models.openai_stream import Answer
from flowloom.services.models.settings import Provider
from flowloom.services.models.tool_schemas import aliases_of, fit_for_models

if TYPE_CHECKING:
    from openai import AsyncOpenAI

OPENAI_URL = "https://api.openai.com/v1"
# What servers may refuse, in the order to blame when they do not say which of it they mean.
_OPTIONAL = ("stream_options", "json_schema", "json_object", "temperature")


class OpenAIChat:
    """One reused client. What a model's server refused once is not sent to it again."""

    def __init__(self, provider: Provider, key: str = "", seconds: float = 120.0, retries: int = 1) -> None:
        self._provider = provider
        self._key = key
        self._bounds = bounds.Bounds.of(seconds)
        self._client = open_client(provider, key, self._bounds, retries)
        self._refused: dict[str, frozenset[str]] = {}

    def __repr__(self) -> str:
        return f"OpenAIChat({self._provider.id!r})"

    async def aclose(self) -> None:
        await self._client.close()

    async def reply(self, model: str, request: ModelRequest, on_text: OnText) -> ModelReply:
        """Ask one of the provider's models. Raises ModelError."""
        request, left_out = fit_for_models(request)
        refused = self._refused.get(model, frozenset())
        while True:
            body = build_body(model, request, refused)
            try:
                async with asyncio.timeout(self._bounds.seconds):
                    answer = await self._send(body, request, on_text)
                break
            except ModelError:
                raise
            except TimeoutError:
                raise failures.took_too_long(self._provider) from None
            except Exception as error:  # vendors' libraries raise families of their own, told apart in failures
                blamed = _blame(error, body)
                if blamed is None and request.pictures and failures.is_blind(error):
                    raise failures.blind(model) from None
                if blamed is None:
                    raise failures.explain(error, self._provider, model, self._key) from None
                refused |= {blamed}
        self._refused[model] = refused
        return self._read(answer, model, request).model_copy(update={"left_out": left_out})

    async def _send(self, body: dict[str, Any], request: ModelRequest, on_text: OnText) -> Answer:
        answer = Answer()
        if answers.is_shaped(request):
            answer.add_whole(await self._client.chat.completions.create(**body))
            return answer
        try:
            async for chunk in self._chunks(body, answer):
                if piece := answer.add(chunk):
                    on_text(piece)
                if answer.length > bounds.MAX_TEXT:
                    raise bounds.TooMuch("bytes")
        except Exception as error:  # what has come is kept by those who listen, so it is said that there is more
            if answer.length:
                raise failures.broken_off(error, self._provider, self._key) from None
            raise
        if answer.whole_text:
            on_text(answer.text)
        return answer

    async def _chunks(self, body: dict[str, Any], answer: Answer) -> AsyncIterator[Any]:
        stream = await self._client.chat.completions.create(stream=True, **body)
        kind = stream.response.headers.get("content-type", "")
        if "html" in kind:
            raise failures.garbage(self._provider)
        try:
            if "application/json" in kind:  # some servers answer in one piece, whatever was asked
                answer.add_json(json.loads(await stream.response.aread()))
                return
            async for chunk in stream:
                yield chunk
        finally:
            await stream.close()

    def _read(self, answer: Answer, model: str, request: ModelRequest) -> ModelReply:
        """The reply in an answer that has come to its end, or what is wrong with it."""
        if not answer.is_chat:
            raise failures.garbage(self._provider)
        if answer.finish == "content_filter" or answer.refusal:
            raise failures.filtered(self._provider.label)
        if not answer.finish:
            raise failures.half_answer(self._provider)
        usage = Usage(model=model, input_tokens=answer.input_tokens, output_tokens=answer.output_tokens)
        calls = self._calls(answer, model, request)
        if not calls and not answer.text.strip():
            raise (
                failures.cut_short(model) if answer.finish == "length" else failures.empty(self._provider, model)
            )
        if request.choices is not None:
            return ModelReply(text=answers.read_choice(answer.text, request.choices), usage=usage)
        fields = {}
        if request.response_schema is not None:
            if answer.finish == "length":
                raise failures.cut_short(model)
            fields = answers.read_fields(answer.text, request, model)
        return ModelReply(text=answer.text, tool_calls=calls, fields=fields, usage=usage)

    def _calls(self, answer: Answer, model: str, request: ModelRequest) -> tuple[ToolCall, ...]:
        names = {alias: name for name, alias in aliases_of(request.tools).items()}
        calls = []
        for number, (id, alias, text) in enumerate(answer.calls):
            name = names.get(alias, alias)
            try:
                arguments = json.loads(text or "{}")
            except ValueError:
                arguments = None
            if not isinstance(arguments, dict):
                raise failures.wrong_arguments(model, name)
            calls.append(ToolCall(id=id or f"call_{number}", name=name, arguments=arguments))
        return tuple(calls)


def open_client(provider: Provider, key: str, limits: bounds.Bounds, retries: int) -> "AsyncOpenAI":
    from openai import AsyncOpenAI

    return AsyncOpenAI(
        api_key=key or "none",  # the SDK wants one even where the server does not
        base_url=base_url(provider),
        timeout=bounds.timeout_of(limits),
        max_retries=retries,
        http_client=bounds.open_async(limits),
    )


def base_url(provider: Provider) -> str:
    """Where a provider's OpenAI-like API starts; Ollama keeps it beside its own."""
    url = provider.base_url or ("http://127.0.0.1:11434" if provider.kind == "ollama" else OPENAI_URL)
    return f"{url}/v1" if provider.kind == "ollama" and not url.endswith("/v1") else url


def build_body(model: str, request: ModelRequest, refused: frozenset[str]) -> dict[str, Any]:
    """The request as OpenAI wants it, without what the server refused before."""
    schema = answers.shape_of(request)
    extra = answers.instructions_for(request, schema is not None and "json_schema" in refused)
    aliases = aliases_of(request.tools)
    messages = answers.with_instructions(request.messages, extra)
    body: dict[str, Any] = {"model": model, "messages": [_message(each, aliases) for each in messages]}
    _show(body["messages"], request.pictures)
    if request.temperature is not None and "temperature" not in refused:
        body["temperature"] = request.temperature
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
        return body if "stream_options" in refused else body | {"stream_options": {"include_usage": True}}
    if "json_schema" not in refused:
        wanted = {"name": "answer", "strict": True, "schema": schemas.strict(schema)}
        body["response_format"] = {"type": "json_schema", "json_schema": wanted}
    elif "json_object" not in refused:
        body["response_format"] = {"type": "json_object"}
    return body


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


def _blame(error: Exception, body: dict[str, Any]) -> str | None:
    """Which optional part of the request a server refused, None where leaving out one would not help."""
    if failures.status_of(error) not in (400, 422):
        return None
    said = failures.detail_of(error).lower() + str(getattr(error, "param", "") or "").lower()
    used = [part for part in _OPTIONAL if part in body or body.get("response_format", {}).get("type") == part]
    hints = {
        "json_schema": ("response_format", "schema", "structured"),
        "json_object": ("response_format", "json"),
    }
    for part in used:
        if any(word in said for word in (part, *hints.get(part, ()))):
            return part
    return None if _is_about_content(said) else next(iter(used), None)


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
