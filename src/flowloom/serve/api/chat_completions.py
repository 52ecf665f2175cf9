"""`/v1/chat/completions`: a published GPT as a model of OpenAI’s chat API."""

from collections.abc import AsyncIterator
from typing import Any

from starlette.requests import ClientDisconnect
from starlette.responses import JSONResponse, Response

from flowloom.errors import Problem
from flowloom.run.reading.view import RunView
from flowloom.serve.api.asking import begin, wish_of
from flowloom.serve.api.errors import ApiError, error_body, status_of
from flowloom.serve.api.following import Follower
from flowloom.serve.api.gate import Call, Json
from flowloom.serve.api.messages import read_messages
from flowloom.serve.api.results import extras, failure_of, open_questions, run_error, usage_of, waiting_text
from flowloom.serve.api.streams import EventStream, event, unless_gone
from flowloom.serve.plain_page import browser_language
from flowloom.store.api_runs import ApiRun
from flowloom.store.questions import Asked as Question

RUN = "X-Flowloom-Run"
"""The header that names the run of an answer."""


async def chat_completion(call: Call) -> Response:
    """Ask a GPT, and answer whole or piece by piece."""
    body = await call.json()
    published = await call.api.in_thread(call.published, body.get("model"), "chat")
    asked, wish = read_messages(body.get("messages")), wish_of(call, body)
    if body.get("n") not in (None, 1):
        raise ApiError.of(400, ONE_ANSWER, "n")
    run = await call.api.in_thread(begin, call, published, asked, wish)
    completion = Completion(call, run, published.publication.slug, body)
    return completion.stream() if body.get("stream") else await completion.whole()


class Completion:
    """The answer of one run in the shape of a chat completion."""

    def __init__(self, call: Call, run: ApiRun, model: str, body: Json) -> None:
        self._call, self._run, self._model = call, run, model
        self._language = browser_language(call.request)
        options = body.get("stream_options")
        self._with_usage = isinstance(options, dict) and bool(options.get("include_usage"))
        self._headers = {RUN: run.run, "Cache-Control": "no-store"}

    async def whole(self) -> Response:
        follower = self._call.api.feed.follow(self._run.run)
        try:
            await unless_gone(_to_the_end(follower), self._call.request.receive)
        except ClientDisconnect:
            await self._leave()
            raise
        finally:
            follower.close()
        view, questions = await self._end()
        failure = failure_of(view)
        if failure:
            error = run_error(failure)
            error.headers = self._headers
            raise error
        return JSONResponse(self._answer(view, questions), headers=self._headers)

    def stream(self) -> Response:
        return EventStream(self._pieces(), self._leave, self._headers)

    async def _pieces(self) -> AsyncIterator[str]:
        follower = self._call.api.feed.follow(self._run.run)
        try:
            follower.begin()
            yield event(self._chunk({"role": "assistant", "content": ""}))
            over, said = False, False
            while not over:
                text, over = await follower.more()
                if text:
                    said = True
                    yield event(self._chunk({"content": text}))
        finally:
            follower.close()
        view, questions = await self._end()
        failure = failure_of(view)
        if failure:
            yield event(error_body(failure, status_of(failure), self._language))
            return
        if questions:
            waits = waiting_text(questions, self._language)
            yield event(self._chunk({"content": f"\n\n{waits}" if said else waits}))
        yield event(self._chunk({}, "stop") | {"flowloom": extras(view, self._run.run, self._language, questions)})
        if self._with_usage:
            yield event(self._head("chat.completion.chunk") | {"choices": [], "usage": _usage(view)})
        yield event("[DONE]")

    async def _end(self) -> tuple[RunView, list[Question]]:
        view = self._call.home.runner.view(self._run.run) or RunView(state="cancelled")
        if view.state != "paused":
            return view, []
        wanted = self._call.home, self._run.run, self._run.conversation
        return view, await self._call.api.in_thread(open_questions, *wanted)

    async def _leave(self) -> None:
        """Nobody waits any more: the run ends, unless the same request may be sent again."""
        if not self._run.lasting:
            await self._call.api.in_thread(self._call.home.runner.cancel, self._run.run)

    def _head(self, kind: str) -> Json:
        view = self._call.home.runner.view(self._run.run)
        created = int(view.started) if view else 0
        return {"id": f"chatcmpl-{self._run.run}", "object": kind, "created": created, "model": self._model}

    def _chunk(self, delta: Json, finish: str | None = None) -> Json:
        choice = {"index": 0, "delta": delta, "logprobs": None, "finish_reason": finish}
        usage = {"usage": None} if self._with_usage else {}
        return self._head("chat.completion.chunk") | {"choices": [choice]} | usage

    def _answer(self, view: RunView, questions: list[Question]) -> Json:
        waits = waiting_text(questions, self._language) if questions else ""
        text = "\n\n".join(part for part in (view.text, waits) if part)
        message: Json = {"role": "assistant", "content": text, "refusal": None, "annotations": []}
        choice = {"index": 0, "message": message, "logprobs": None, "finish_reason": "stop"}
        more = {"usage": _usage(view), "flowloom": extras(view, self._run.run, self._language, questions)}
        return self._head("chat.completion") | {"choices": [choice]} | more


async def _to_the_end(follower: Follower) -> None:
    follower.begin()
    over = False
    while not over:
        _, over = await follower.more()


def _usage(view: RunView) -> dict[str, Any] | None:
    used = usage_of(view)
    if used is None:
        return None
    return {"prompt_tokens": used[0], "completion_tokens": used[1], "total_tokens": sum(used)}


ONE_ANSWER = Problem.of("api.several", "A GPT gives one answer to a request.", "Leave out “n”, or set it to 1.")
