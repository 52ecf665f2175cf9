"""`/a2a`: a published GPT as an agent other agents find by its card and send messages to, in A2A 1.0 and 0.3.

An answer is a task: its id is that of the run, its context that of the conversation.
"""

from collections.abc import Callable
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route
from starlette.types import Receive, Scope, Send

from flowloom.errors import FlowloomError, Problem
from flowloom.kinds.people import Question
from flowloom.publishing import Published, PublishError
from flowloom.serve.agent_dialects import CURRENT, DIALECTS, Told, read_message
from flowloom.serve.api.answering import Answering
from flowloom.serve.api.asking import Wish, begin
from flowloom.serve.api.conversations import conversation_of
from flowloom.serve.api.errors import ApiError, api_error, refusal
from flowloom.serve.api.gate import UNKNOWN, ApiHome, Call, Endpoint, Json
from flowloom.serve.api.messages import Asked
from flowloom.serve.api.replies import reply_of
from flowloom.serve.api.responses import find_run
from flowloom.serve.api.results import open_questions
from flowloom.store.api_runs import ApiRun
from flowloom.store.runs import MCP
from flowloom.workspace import Workspace, workspace

CARD = "/a2a/{gpt}/.well-known/agent-card.json"
WRONG, NO_METHOD, NO_REQUEST, NO_TASK = -32602, -32601, -32600, -32001


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
        return found if found.publication.terms.audience == "link" else None


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
        "capabilities": {"streaming": False, "pushNotifications": False},
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
        match act:
            case "send":
                told: Json = dialect.sent(await _send(call, published, params))
            case "get":
                told = dialect.task(await _told(call, await _task(call, params)))
            case "cancel":
                run = await _task(call, params)
                await call.api.in_thread(call.home.runner.cancel, run.run)
                await Answering(call, run).until_over()
                told = dialect.task(await _told(call, run))
            case _:
                return _failed(body, NO_METHOD, str(UNKNOWN_METHOD.describe()))
    except ApiError as error:
        return _failed(body, NO_TASK if error.status == 404 else WRONG, str(error.problem.describe()))
    except FlowloomError as error:
        return _failed(body, WRONG, str(api_error(error).problem.describe()))
    return JSONResponse({"jsonrpc": "2.0", "id": body.get("id"), "result": told})


def _failed(body: Json, code: int, said: str) -> Response:
    return JSONResponse({"jsonrpc": "2.0", "id": body.get("id"), "error": {"code": code, "message": said}})


async def _send(call: Call, published: Published, params: Json) -> Told:
    sent = read_message(params.get("message"))

    def start() -> ApiRun:
        if sent.task:
            run, _ = find_run(call, sent.task)
            _reply(call, run, sent.text, sent.data)
            return run
        conversation = conversation_of(call, published, sent.context or None, "contextId")
        return begin(call, published, Asked(sent.said), Wish(conversation=conversation, via=MCP))

    run = await call.api.in_thread(start)
    answering = Answering(call, run)
    try:
        await answering.until_over()
    except BaseException:
        await answering.leave()
        raise
    return await _told(call, run)


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


async def _told(call: Call, run: ApiRun) -> Told:
    ended = await Answering(call, run).end()
    said = str(ended.failure.describe(ended.language)) if ended.failure else ended.text
    return Told(run.run, run.conversation, ended.view.state, said, ended.is_saved)


NO_CALL = Problem.of("agents.call", "This isn’t a call as A2A has them.", "Send JSON-RPC 2.0 with “params”.")
UNKNOWN_METHOD = Problem.of(
    "agents.method", "This method isn’t known here.", "Use “SendMessage”, “GetTask” or “CancelTask”."
)
NOT_WAITING = Problem.of(
    "agents.waiting", "This task doesn’t wait for an answer.", "Send the message without the id of a task."
)
