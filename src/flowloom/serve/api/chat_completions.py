"""`/v1/chat/completions`: a published GPT as a model of OpenAI’s chat API."""

from collections.abc import AsyncGenerator

from starlette.responses import JSONResponse, Response

from flowloom.errors import Problem
from flowloom.serve.api.answering import Answering, Ended
from flowloom.serve.api.asking import begin_by_name, wish_of
from flowloom.serve.api.errors import ApiError, error_body, status_of
from flowloom.serve.api.gate import Call, Json
from flowloom.serve.api.messages import read_messages
from flowloom.serve.api.streams import EventStream, event


async def chat_completion(call: Call) -> Response:
    """Ask a GPT, and answer whole or piece by piece."""
    body = await call.json()
    asked, wish = read_messages(body.get("messages")), wish_of(call, body)
    if body.get("n") not in (None, 1):
        raise ApiError.of(400, ONE_ANSWER, "n")
    model, run = await call.api.in_thread(begin_by_name, call, body.get("model"), "chat", asked, wish)
    answering = Answering(call, run)
    completion = _Completion(answering, model, body)
    if not body.get("stream"):
        return JSONResponse(completion.whole(await answering.whole()), headers=answering.headers)
    return EventStream(completion.pieces(), answering.leave, answering.headers)


class _Completion:
    """The answer of one run in the shape of a chat completion."""

    def __init__(self, answering: Answering, model: str, body: Json) -> None:
        self._answering = answering
        options = body.get("stream_options")
        self._with_usage = isinstance(options, dict) and bool(options.get("include_usage"))
        self._head = {"id": f"chatcmpl-{answering.run.run}", "created": answering.created, "model": model}

    def whole(self, ended: Ended) -> Json:
        message: Json = {"role": "assistant", "content": ended.text, "refusal": None, "annotations": []}
        choice = {"index": 0, "message": message, "logprobs": None, "finish_reason": "stop"}
        head = self._head | {"object": "chat.completion"}
        return head | {"choices": [choice], "usage": _usage(ended), "flowloom": ended.extras}

    async def pieces(self) -> AsyncGenerator[str, None]:
        yield event(self._chunk({"role": "assistant", "content": ""}))
        async for text in self._answering.pieces():
            yield event(self._chunk({"content": text}))
        ended = await self._answering.end()
        if ended.failure:
            yield event(error_body(ended.failure, status_of(ended.failure), ended.language))
            return
        yield event(self._chunk({}, "stop") | {"flowloom": ended.extras})
        if self._with_usage:
            yield event(self._chunk({}) | {"choices": [], "usage": _usage(ended)})
        yield event("[DONE]")

    def _chunk(self, delta: Json, finish: str | None = None) -> Json:
        choice = {"index": 0, "delta": delta, "logprobs": None, "finish_reason": finish}
        usage = {"usage": None} if self._with_usage else {}
        return self._head | {"object": "chat.completion.chunk", "choices": [choice]} | usage


def _usage(ended: Ended) -> Json | None:
    if ended.tokens is None:
        return None
    read, written = ended.tokens
    return {"prompt_tokens": read, "completion_tokens": written, "total_tokens": read + written}


ONE_ANSWER = Problem.of("api.several", "A GPT gives one answer to a request.", "Leave out “n”, or set it to 1.")
