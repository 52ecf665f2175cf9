"""`/v1/responses`: the part of OpenAI’s Responses API that a GPT has an answer to."""

from collections.abc import AsyncGenerator
from typing import Any

from starlette.responses import JSONResponse, Response

from flowloom.errors import Problem
from flowloom.publishing import Published
from flowloom.serve.api.answering import Answering, Ended
from flowloom.serve.api.asking import begin, wish_of
from flowloom.serve.api.conversations import CONVERSATION, conversation_after, conversation_of, run_before
from flowloom.serve.api.errors import ApiError, error_body, status_of
from flowloom.serve.api.gate import Call, Json
from flowloom.serve.api.messages import Asked, Said, read_messages, wrong
from flowloom.serve.api.streams import EventStream, event
from flowloom.store.api_runs import ApiRun

RESPONSE = "resp_"
STATES = {
    "running": "in_progress",
    "paused": "completed",
    "finished": "completed",
    "failed": "failed",
    "cancelled": "cancelled",
}
"""A run that waits has said what it waits for, so to this API it has answered."""


async def create_response(call: Call) -> Response:
    """Ask a GPT, on its own or within a conversation."""
    body = await call.json()
    published = await call.api.in_thread(call.published, body.get("model"), "chat")
    run = await call.api.in_thread(_begin, call, published, body)
    response = _Response(Answering(call, run), published.publication.slug, body)
    if body.get("stream"):
        return EventStream(response.pieces(), response.answering.leave, response.answering.headers)
    if body.get("background"):
        return JSONResponse(response.facts(await response.answering.end()), headers=response.answering.headers)
    return JSONResponse(response.facts(await response.answering.whole()), headers=response.answering.headers)


async def get_response(call: Call) -> Response:
    """One that was asked for before, as it stands."""
    run, model = await call.api.in_thread(find_run, call, call.request.path_params["response"], RESPONSE)
    before = await call.api.in_thread(run_before, call, run)
    asked = {"previous_response_id": RESPONSE + before} if before else {}
    response = _Response(Answering(call, run), model, asked)
    return JSONResponse(response.facts(await response.answering.end()))


async def delete_response(call: Call) -> Response:
    """Give it out no more."""
    id = call.request.path_params["response"]
    run, _ = await call.api.in_thread(find_run, call, id, RESPONSE)
    await call.api.in_thread(call.home.api_runs.let_go, run.run)
    return JSONResponse({"id": id, "object": "response.deleted", "deleted": True})


async def cancel_response(call: Call) -> Response:
    """Stop it."""
    run, model = await call.api.in_thread(find_run, call, call.request.path_params["response"], RESPONSE)
    await call.api.in_thread(call.home.runner.cancel, run.run)
    response = _Response(Answering(call, run), model, {})
    await response.answering.until_over()
    return JSONResponse(response.facts(await response.answering.end()))


def find_run(call: Call, id: str, prefix: str = "") -> tuple[ApiRun, str]:
    """A run of this key that may be given out, and the name of its GPT. Raises ApiError."""
    run = call.home.api_runs.of_key(id.removeprefix(prefix), call.key.id) if id.startswith(prefix) else None
    if run is None or not run.kept:
        raise ApiError.of(404, NO_RUN)
    published = call.home.publications.of(call.home.runs.flow_named(run.conversation))
    return run, published.slug if published else ""


def _begin(call: Call, published: Published, body: Json) -> ApiRun:
    earlier, lasting = body.get("previous_response_id"), bool(body.get("background"))
    conversation = conversation_of(call, published, body.get("conversation"), "conversation")
    if isinstance(earlier, str) and earlier:
        run, _ = find_run(call, earlier, RESPONSE)
        conversation = conversation_after(call, published, run, "previous_response_id")
    asked = _asked(body, new=not conversation)
    kept = body.get("store") is not False
    return begin(call, published, asked, wish_of(call, body, conversation=conversation, kept=kept, lasting=lasting))


def _asked(body: Json, new: bool) -> Asked:
    given = body.get("input")
    items = [{"role": "user", "content": given}] if isinstance(given, str) else given
    if isinstance(items, list):
        # What models of OpenAI put between messages, such as their thoughts, says nothing to a GPT.
        kinds = (None, "message")
        items = [each for each in items if not isinstance(each, dict) or each.get("type") in kinds]
    asked = read_messages(items, "input")
    said = body.get("instructions")
    if said is not None and not isinstance(said, str):
        raise wrong(NO_TEXT, "instructions")
    return asked._replace(before=(Said("user", said), *asked.before)) if said and new else asked


class _Response:
    """The answer of one run in the shape of a response."""

    def __init__(self, answering: Answering, model: str, body: Json) -> None:
        self.answering, self._model, self._body = answering, model, body
        self._number = 0

    def facts(self, ended: Ended) -> Json:
        view, run = ended.view, self.answering.run
        state, failure = STATES[view.state], ended.failure
        wrong = error_body(failure, status_of(failure), ended.language)["error"] if failure else None
        told = {"code": "server_error", "message": wrong["message"]} if wrong and view.state == "failed" else None
        metadata = self._body.get("metadata")
        return {
            "id": RESPONSE + run.run,
            "object": "response",
            "created_at": self.answering.created,
            "completed_at": int(view.ended) if view.ended and state == "completed" else None,
            "status": state,
            "background": run.lasting,
            "error": told,
            "incomplete_details": None,
            "instructions": self._body.get("instructions"),
            "max_output_tokens": None,
            "model": self._model,
            "output": [self._message(ended.text, "completed")] if ended.text and state == "completed" else [],
            "parallel_tool_calls": False,
            "previous_response_id": self._body.get("previous_response_id"),
            "conversation": {"id": CONVERSATION + run.conversation} if run.kept else None,
            "store": run.kept,
            "temperature": None,
            "text": {"format": {"type": "text"}},
            "tool_choice": "none",
            "tools": [],
            "top_p": None,
            "truncation": "disabled",
            "usage": _usage(ended),
            "metadata": metadata if isinstance(metadata, dict) else {},
            "flowloom": ended.extras,
        }

    async def pieces(self) -> AsyncGenerator[str, None]:
        at_first = self.facts(await self.answering.end()) | {"status": "in_progress", "output": [], "usage": None}
        yield self._event("response.created", response=at_first)
        yield self._event("response.in_progress", response=at_first)
        item, part = self._message("", "in_progress") | {"content": []}, _part("")
        place: Json = {"item_id": item["id"], "output_index": 0, "content_index": 0}
        yield self._event("response.output_item.added", output_index=0, item=item)
        yield self._event("response.content_part.added", **place, part=part)
        said = ""
        async for text in self.answering.pieces():
            said += text
            yield self._event("response.output_text.delta", **place, delta=text, logprobs=[])
        ended = await self.answering.end()
        if not ended.failure:
            yield self._event("response.output_text.done", **place, text=said, logprobs=[])
            yield self._event("response.content_part.done", **place, part=_part(said))
            done = self._message(said, "completed")
            yield self._event("response.output_item.done", output_index=0, item=done)
        state = "failed" if ended.failure else "completed"
        yield self._event(f"response.{state}", response=self.facts(ended))

    def _event(self, kind: str, **facts: Any) -> str:
        number, self._number = self._number, self._number + 1
        return event({"type": kind, "sequence_number": number, **facts}, kind)

    def _message(self, text: str, status: str) -> Json:
        id = f"msg_{self.answering.run.run}"
        return {"id": id, "type": "message", "status": status, "role": "assistant", "content": [_part(text)]}


def _part(text: str) -> Json:
    return {"type": "output_text", "text": text, "annotations": [], "logprobs": []}


def _usage(ended: Ended) -> Json | None:
    if ended.tokens is None:
        return None
    read, written = ended.tokens
    return {
        "input_tokens": read,
        "input_tokens_details": {"cached_tokens": ended.view.usage.cached_tokens or 0},
        "output_tokens": written,
        "output_tokens_details": {"reasoning_tokens": 0},
        "total_tokens": read + written,
    }


NO_RUN = Problem.of(
    "api.run.none",
    "There is nothing under this id for this key.",
    "Check the id. What another key began isn’t shown.",
)
NO_TEXT = Problem.of("api.shape", "“{place}” has to be a text.", "Send the text as it is.")
