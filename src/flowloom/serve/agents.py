"""`/a2a`: a published GPT as an agent other agents find by its card and send messages to, in A2A 1.0 and 0.3.

An answer is a task: its id is that of the run, its context that of the conversation.
"""

from collections.abc import Callable, Mapping
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route
from starlette.types import Receive, Scope, Send

from flowloom.errors import FlowloomError, Problem
from flowloom.kinds.people import Question
from flowloom.publishing import Published, PublishError
from flowloom.serve.agent_dialects import CURRENT, DIALECTS, Dialect, Told, read_message
from flowloom.serve.agent_streams import (
    NO_METHOD,
    NO_REQUEST,
    NO_TASK,
    NOT_CANCELABLE,
    WRONG,
    TaskStream,
    failed,
    succeeded,
)
from flowloom.serve.api.answering import Answering
from flowloom.serve.api.asking import begin, wish_of
from flowloom.serve.api.conversations import conversation_of
from flowloom.serve.api.errors import ApiError, api_error, refusal
from flowloom.serve.api.gate import UNKNOWN, ApiHome, Call, Endpoint, Json
from flowloom.serve.api.messages import Asked
from flowloom.serve.api.replies import reply_of
from flowloom.serve.api.responses import find_run
from flowloom.serve.api.results import open_questions
from flowloom.serve.api.streams import EventStream, unless_gone
from flowloom.store.api_runs import ApiRun
from flowloom.store.runs import MCP
from flowloom.workspace import Workspace, workspace

CARD = "/a2a/{gpt}/.well-known/agent-card.json"


def agent_routes(find_workspace: Callable[[], Workspace] = workspace) -> list[BaseRoute]:
    """All below `/a2a/`. The card of what anyone with the address may use is for everybody."""
    api = ApiHome(find_workspace)
    return [
        Route(CARD, _Card(api), methods=["GET"]),
        Route("/a2a/{gpt}", Endpoint(api, "mcp", _answer), methods=["POST"]),
    ]


class _Card:
    """Says what the agent is for and how it is asked."""

    def __init__(self, api: ApiHome) -> None:
        self._api = api

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        slug = request.path_params["gpt"]
        found = await self._api.in_thread(self._find, slug)
        answer: Response = (
            JSONResponse(_card(found, f"{request.url.scheme}://{request.url.netloc}/a2a/{quote(slug)}"))
            if found
            else refusal(ApiError.of(404, UNKNOWN.model_copy(update={"params": {"name": slug[:80]}})), request)
        )
        await answer(scope, receive, send)

    def _find(self, slug: str) -> Published | None:
        try:
            found = self._api.open().publications.find(slug)
        except PublishError:
            return None
        return found if found.publication.terms.audience in ("link", "store") else None


def _card(published: Published, url: str) -> Json:
    flow, text = published.flow, ["text/plain"]
    about = flow.description or flow.name
    skill = {"id": "ask", "name": flow.name, "description": about, "tags": ["chat"], "examples": [*flow.starters]}
    return {
        "name": flow.name,
        "description": about,
        "version": str(published.publication.version),
        "supportedInterfaces": [
            {"url": url, "protocolBinding": "JSONRPC", "protocolVersion": "1.0"},
            {"url": url, "protocolBinding": "JSONRPC", "protocolVersion": "0.3"},
        ],
        "capabilities": {"streaming": True, "pushNotifications": False},
        "defaultInputModes": text,
        "defaultOutputModes": text,
        "skills": [skill],
        "securitySchemes": {"key": {"httpAuthSecurityScheme": {"scheme": "bearer"}}},
        "securityRequirements": [{"schemes": {"key": {"list": []}}}],
    }


async def _answer(call: Call) -> Response:
    published = await call.api.in_thread(call.published, call.request.path_params["gpt"], "mcp")
    body = await call.json()
    dialect, act = DIALECTS.get(str(body.get("method")), (CURRENT, ""))
    params = body.get("params")
    if body.get("jsonrpc") != "2.0" or not isinstance(params, dict):
        return _failed(body, NO_REQUEST, str(NO_CALL.describe()))
    try:
        return await _act(call, published, dialect, act, body)
    except ApiError as error:
        code = CODES.get(error.problem.code, NO_TASK if error.status == 404 else WRONG)
        return _failed(body, code, str(error.problem.describe()))
    except FlowloomError as error:
        return _failed(body, WRONG, str(api_error(error).problem.describe()))


async def _act(call: Call, published: Published, dialect: Dialect, act: str, body: Json) -> Response:
    params = body["params"]
    match act:
        case "send":
            told: Json = dialect.sent(await _send(call, published, params))
        case "stream":
            answering = await _ask(call, published, params)
            return EventStream(TaskStream(answering, dialect, body).pieces(), answering.leave, answering.headers)
        case "follow":
            # Who only looks on leaves the run as it is.
            answering = Answering(call, await _task(call, params))
            return EventStream(TaskStream(answering, dialect, body).pieces(), headers=answering.headers)
        case "get":
            told = dialect.task(await _told(Answering(call, await _task(call, params))))
        case "cancel":
            told = dialect.task(await _cancel(call, params))
        case _:
            return _failed(body, NO_METHOD, str(UNKNOWN_METHOD.describe()))
    return JSONResponse(succeeded(body, told))


def _failed(body: Json, code: int, said: str) -> Response:
    return JSONResponse(failed(body, code, said))


async def _send(call: Call, published: Published, params: Json) -> Told:
    answering = await _ask(call, published, params)
    try:
        await unless_gone(answering.until_over(), call.request.receive)
    except BaseException:
        await answering.leave()
        raise
    return await _told(answering)


async def _ask(call: Call, published: Published, params: Json) -> Answering:
    """Begin what a message asks, or go on with the task that it answers."""
    sent = read_message(params.get("message"))

    def start() -> ApiRun:
        if sent.task:
            run, _ = find_run(call, sent.task)
            _reply(call, run, sent.text, sent.data)
            return run
        conversation = conversation_of(call, published, sent.context or None, "contextId")
        wish = wish_of(call, {"message": params["message"]}, conversation=conversation, via=MCP)
        return begin(call, published, Asked(sent.said), wish)

    return Answering(call, await call.api.in_thread(start))


async def _cancel(call: Call, params: Json) -> Told:
    run = await _task(call, params)
    await call.api.in_thread(call.home.runner.cancel, run.run)
    answering = Answering(call, run)
    await answering.until_over()
    told = await _told(answering)
    if told.state != "cancelled":
        raise ApiError.of(409, OVER)
    return told


def _reply(call: Call, run: ApiRun, text: str, data: Json) -> None:
    """A message to a task that waits answers what it asks: a choice by its name, or the fields of a form."""
    found = open_questions(call.home, run.run, run.conversation)
    if not found:
        raise ApiError.of(409, NOT_WAITING)
    question = found[0].question
    given = {"values": data} if question.fields else {"choice": _choice(question, text)}
    call.home.inbox.answer(found[0].id, reply_of(question, given))


def _choice(question: Question, text: str) -> str:
    said = text.strip().casefold()
    names = {each.id.casefold(): each.id for each in question.choices}
    return (names | {each.label_in("en").casefold(): each.id for each in question.choices}).get(said, said)


async def _task(call: Call, params: Json) -> ApiRun:
    found = params.get("id")
    run, _ = await call.api.in_thread(find_run, call, found if isinstance(found, str) else "")
    return run


async def _told(answering: Answering) -> Told:
    ended, run = await answering.end(), answering.run
    said = str(ended.failure.describe(ended.language)) if ended.failure else ended.text
    return Told(run.run, run.conversation, ended.view.state, said, ended.is_saved)


NO_CALL = Problem.of("agents.call", "This isn’t a call as A2A has them.", "Send JSON-RPC 2.0 with “params”.")
UNKNOWN_METHOD = Problem.of(
    "agents.method",
    "This method isn’t known here.",
    "Use “SendMessage”, “SendStreamingMessage”, “SubscribeToTask”, “GetTask” or “CancelTask”.",
)
NOT_WAITING = Problem.of(
    "agents.waiting", "This task doesn’t wait for an answer.", "Send the message without the id of a task."
)
OVER = Problem.of(
    "agents.over", "This task is over, so it can’t be stopped any more.", "Ask for it to see how it ended."
)
CODES: Mapping[str, int] = {OVER.code: NOT_CANCELABLE}
