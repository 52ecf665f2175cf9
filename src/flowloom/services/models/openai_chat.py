"""OpenAI and the servers that speak like it: the openai SDK asks, and what they answer is read with tolerance."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from flowloom.errors import ModelError
from flowloom.kinds.services import OnText
from flowloom.kinds.values import ModelReply, ModelRequest, ToolCall, Usage, Vendor
from flowloom.services.models import answers, bounds, failures, wire
from flowloom.services.models.beginnings import marked
from flowloom.services.models.openai_body import blame, build_body, extras_of
from flowloom.services.models.openai_stream import FINISHED, Answer, Burst, joined, show
from flowloom.services.models.settings import Provider
from flowloom.services.models.sse import Events
from flowloom.services.models.thought_tags import asks_about_tags
from flowloom.services.models.thoughts import Splitter
from flowloom.services.models.tool_schemas import aliases_of, fit_for_models

if TYPE_CHECKING:
    from openai import AsyncOpenAI

OPENAI_URL = "https://api.openai.com/v1"
GOODBYE = 0.1
"""Seconds in which a server may end what it said is done; after that its connection is not used again."""


class OpenAIChat:
    """One reused client. What is found out about a model's server is remembered as long as it lives."""

    def __init__(self, provider: Provider, key: str = "", seconds: float = 120.0, retries: int = 1) -> None:
        self._provider = provider
        self._key = key
        self._bounds = bounds.Bounds.of(seconds)
        self._client = open_client(provider, key, self._bounds, retries)
        self._refused: dict[str, frozenset[str]] = {}
        self._begins_thinking: set[str] = set()
        """Models whose prompt opens their thoughts, so that only the closing tag comes."""

    def __repr__(self) -> str:
        return f"OpenAIChat({self._provider.id!r})"

    async def aclose(self) -> None:
        await self._client.close()

    def refused(self, model: str) -> frozenset[str]:
        """What one of its models was found not to take: the names of parts of a request."""
        return self._refused.get(model, frozenset())

    async def reply(self, model: str, request: ModelRequest, on_text: OnText) -> ModelReply:
        """Ask one of the provider's models. Raises ModelError."""
        request, left_out = fit_for_models(request)
        refused, source = self.refused(model), self._source(model)
        while True:
            body = marked(build_body(model, request, refused, source), request, self._provider)
            answer = self._answer(model, request)
            try:
                async with asyncio.timeout(self._bounds.seconds):
                    await self._send(body, answer, request, on_text)
                if "response_format" not in body or not _ignores_shape(answer, request):
                    break
                refused |= {body["response_format"]["type"]}
            except ModelError:
                raise
            except TimeoutError:
                raise failures.took_too_long(self._provider) from None
            except Exception as error:  # vendors' libraries raise families of their own, told apart in failures
                blamed = blame(error, body, extras_of(request, refused, source), refused)
                if blamed is None and request.pictures and (wrong := failures.about_pictures(error, model)):
                    raise wrong from None
                if blamed is None:
                    raise failures.explain(error, self._provider, model, self._key) from None
                refused |= blamed
        self._refused[model] = self.refused(model) | refused  # what others found out meanwhile stays known
        if answer.closed_only:
            self._begins_thinking.add(model)
        return self._read(answer, model, request).model_copy(update={"left_out": left_out})

    def _source(self, model: str) -> str:
        return f"{self._provider.id} {base_url(self._provider)} {model}"

    def _answer(self, model: str, request: ModelRequest) -> Answer:
        held = answers.is_shaped(request) or model in self._begins_thinking
        splitter = Splitter(held=held, asked=asks_about_tags(request.messages))
        return Answer(splitter, aliases_of(request.tools).values())

    async def _send(self, body: dict[str, Any], answer: Answer, request: ModelRequest, on_text: OnText) -> None:
        shaped = answers.is_shaped(request)
        # Of a stream, some tell only the last of the tokens that make up a sign.
        whole = shaped or request.alternatives is not None
        streamed: dict[str, Any] = {} if whole else {"stream": True}
        # As a whole: part by part the SDK would compare it with its types, which takes as long as sending it.
        create = self._client.chat.completions.with_streaming_response.create
        asked = create(model=body["model"], messages=[], extra_body=body, **streamed)
        async with asked as response:
            kind = response.headers.get("content-type", "")
            if "html" in kind:
                raise failures.garbage(self._provider)
            if whole or "application/json" in kind:  # some answer in one piece, whatever was asked
                shown = answer.add_whole(wire.read_json(await response.read()))
                shown = joined(shown, answer.end(cut=answer.finish == "length"))
                if not shaped:
                    show(shown, on_text)
                return
            try:
                await self._listen(response, answer, on_text)
            except Exception as error:  # those who listen keep what has come, so it is said that there is more
                if answer.length and not isinstance(error, ModelError):
                    raise failures.broken_off(error, self._provider, self._key) from None
                raise

    async def _listen(self, response: Any, answer: Answer, on_text: OnText) -> None:
        events, lines, burst = Events(), response.iter_lines(), Burst(on_text)
        try:
            async for chunk in events.read(lines):
                show(answer.add(chunk), burst.add)
                if answer.length > bounds.MAX_TEXT:
                    raise bounds.TooMuch("bytes")
            if events.ended and not answer.finish:
                answer.finish, answer.is_chat = FINISHED, True
            show(answer.end(cut=answer.finish == "length"), burst.add)
        finally:
            burst.hand_on()
        await _hear_out(lines)

    def _read(self, answer: Answer, model: str, request: ModelRequest) -> ModelReply:
        """The reply in an answer that has come to its end, or what is wrong with it."""
        if not answer.is_chat:
            raise failures.garbage(self._provider)
        if answer.finish == "content_filter" or answer.refusal:
            raise failures.filtered(self._provider.label)
        if not answer.finish:
            raise failures.half_answer(self._provider)
        tokens = answer.counted
        usage = Usage(
            model=model, input_tokens=tokens.read, output_tokens=tokens.written, cached_tokens=tokens.cached
        )
        calls = self._calls(answer, model, request)
        told: dict[str, Any] = {"usage": usage, "thoughts": answer.thoughts, "tokens": tuple(answer.tokens)}
        said = answer.text
        if not said.strip() and answers.is_filled_in(answer.thoughts, request):
            said, told["thoughts"] = answer.thoughts, ""  # some servers hold the thoughts to the form
        if not calls and not said.strip():
            raise failures.no_answer(self._provider, model, answer.finish, thought=bool(answer.thoughts))
        if request.choices is not None:
            return ModelReply(text=answers.read_choice(said, request.choices), **told)
        if request.response_schema is not None:
            if answer.finish == "length":
                raise failures.cut_short(model)
            told["fields"] = wire.whole_values(answers.read_fields(said, request, model))
        if calls:
            told["vendor"] = Vendor(source=self._source(model), fields=wire.whole_values(answer.vendor))
        return ModelReply(text=said, tool_calls=calls, **told)

    def _calls(self, answer: Answer, model: str, request: ModelRequest) -> tuple[ToolCall, ...]:
        names = {alias: name for name, alias in aliases_of(request.tools).items()}
        calls: dict[str, ToolCall] = {}
        for number, call in enumerate(answer.calls):
            # JSON may write half a sign, which no text of ours can hold.
            alias, arguments = call.name(names), wire.whole_values(call.arguments)
            name, id = wire.whole(names.get(alias, alias)), wire.whole(call.id) or f"call_{number}"
            if arguments is None:
                raise failures.wrong_arguments(model, name)
            id = id if id not in calls else f"{id}_{number}"
            calls[id] = ToolCall(id=id, name=name, arguments=arguments, vendor=wire.whole_values(call.vendor))
        return tuple(calls.values())


def _ignores_shape(answer: Answer, request: ModelRequest) -> bool:
    """Whether an answer that came to its end shows no trace of the form or the choice that was asked for."""
    told = answer.text.strip() and not answer.refusal and answer.finish not in ("length", "content_filter")
    return bool(told) and answers.is_free(answer.text, request)


async def _hear_out(lines: AsyncIterator[str]) -> None:
    """Read to the end of what is sent, as only then the connection serves the next answer."""
    # All that was asked for is here, so nothing that goes wrong now matters.
    with suppress(Exception):
        async with asyncio.timeout(GOODBYE):
            async for _ in lines:
                pass


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
