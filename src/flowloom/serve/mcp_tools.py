"""`/mcp`: published GPTs as tools of other assistants, over MCP’s streamable HTTP; each call brings its key.

A client that has none is told where somebody can let it in.

Nothing is kept between calls, so any process can answer any of them.
"""

import re
from collections.abc import Callable, Sequence
from typing import Any

from mcp import types
from mcp.server.lowlevel.server import Server
from mcp.server.streamable_http_manager import StreamableHTTPSessionManager
from starlette.responses import Response
from starlette.routing import BaseRoute, Route
from starlette.types import Receive, Scope, Send

from flowloom.errors import FlowloomError
from flowloom.locales import translate
from flowloom.publishing import Published
from flowloom.serve.api.answering import Answering, Ended
from flowloom.serve.api.asking import Wish, begin
from flowloom.serve.api.conversations import CONVERSATION, conversation_of
from flowloom.serve.api.errors import api_error
from flowloom.serve.api.gate import ApiHome, Call, Endpoint
from flowloom.serve.api.messages import Asked, Said
from flowloom.serve.api.results import question_facts, status_name
from flowloom.serve.assistants.addresses import challenge
from flowloom.store.runs import MCP
from flowloom.workspace import Workspace, workspace

MOST_BYTES = 4_000_000
ASK = "ask"
METHODS = ["GET", "POST", "DELETE"]
INPUTS: dict[str, Any] = {
    "type": "object",
    "properties": {
        "message": {"type": "string", "minLength": 1, "description": "What to ask, in any language."},
        "conversation": {
            "type": "string",
            "description": "The id of a conversation to go on with, from an earlier answer.",
        },
    },
    "required": ["message"],
    "additionalProperties": False,
}
OUTPUTS: dict[str, Any] = {
    "type": "object",
    "properties": {
        "text": {"type": "string"},
        "conversation": {"type": "string"},
        "run": {"type": "string"},
        "status": {"type": "string", "enum": ["completed", "waiting"]},
        "questions": {"type": "array", "items": {"type": "object"}},
        "saved_answer": {"type": "boolean", "description": "Written beforehand: no model was asked."},
    },
    "required": ["text", "conversation", "run", "status"],
}


def mcp_routes(find_workspace: Callable[[], Workspace] = workspace) -> list[BaseRoute]:
    """All below `/mcp`: one GPT by its name, or every one that the key opens."""
    api = ApiHome(find_workspace)
    every, one = Endpoint(api, "mcp", _every), Endpoint(api, "mcp", _one, challenge)
    return [
        Route("/mcp", every, methods=METHODS),
        Route("/mcp/", every, methods=METHODS),
        Route("/mcp/{gpt}", one, methods=METHODS),
    ]


async def _every(call: Call) -> Response:
    found = await call.api.in_thread(call.home.publications.live)
    tools = {_tool_name(each): each for each in found if call.opens(each, "mcp")}
    return _Session(call, "Flowloom", tools)


async def _one(call: Call) -> Response:
    found = await call.api.in_thread(call.published, call.request.path_params["gpt"], "mcp")
    return _Session(call, found.flow.name or "Flowloom", {ASK: found})


def _tool_name(published: Published) -> str:
    """The name in the address where a tool may be called so."""
    slug = published.publication.slug
    return slug if re.fullmatch(r"[a-zA-Z0-9_-]{1,64}", slug) else f"ask-{published.flow.id[:12]}"


class _Session(Response):
    """The answer to one call of a client, by the SDK’s server."""

    def __init__(self, call: Call, name: str, tools: dict[str, Published]) -> None:
        self._call, self._tools = call, tools
        self._server: Server[Any] = Server(name, on_list_tools=self._list, on_call_tool=self._ask)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        # Made for this call alone: what the SDK keeps for all calls would need to be begun with the server.
        manager = StreamableHTTPSessionManager(
            self._server, json_response=True, stateless=True, max_request_body_size=MOST_BYTES
        )
        async with manager.run():
            await manager.handle_request(scope, receive, send)

    async def _list(self, ctx: Any, params: Any) -> types.ListToolsResult:
        return types.ListToolsResult(tools=[_tool(name, each) for name, each in self._tools.items()])

    async def _ask(self, ctx: Any, params: types.CallToolRequestParams) -> types.CallToolResult:
        published, given = self._tools.get(params.name), params.arguments or {}
        message = given.get("message")
        if published is None or not isinstance(message, str) or not message.strip():
            said = "There is no such tool." if published is None else "Write a message."
            return _failed(translate(said, "en"))
        try:
            return await self._answer(published, message, given.get("conversation"))
        except FlowloomError as error:
            return _failed(str(api_error(error).problem.describe("en")))

    async def _answer(self, published: Published, message: str, conversation: Any) -> types.CallToolResult:
        call = self._call

        def start() -> Answering:
            known = conversation_of(call, published, conversation or None, "conversation")
            wish = Wish(conversation=known, via=MCP)
            return Answering(call, begin(call, published, Asked(Said("user", message)), wish))

        answering = await call.api.in_thread(start)
        try:
            await answering.until_over()
        except BaseException:
            await answering.leave()
            raise
        return _answered(answering, await answering.end())


def _tool(name: str, published: Published) -> types.Tool:
    flow = published.flow
    about = [flow.description or f"Ask {flow.name}.", *(f"Example: {each}" for each in flow.starters[:3])]
    return types.Tool(
        name=name,
        title=flow.name,
        description="\n".join(about),
        input_schema=INPUTS,
        output_schema=OUTPUTS,
    )


def _answered(answering: Answering, ended: Ended) -> types.CallToolResult:
    if ended.failure:
        return _failed(str(ended.failure.describe(answering.language)))
    questions: Sequence[Any] = [question_facts(each, answering.language) for each in ended.questions]
    facts = {
        "text": ended.text,
        "conversation": CONVERSATION + answering.run.conversation,
        "run": answering.run.run,
        "status": status_name(ended.view),
        "questions": questions,
        "saved_answer": ended.is_saved,
    }
    return types.CallToolResult(content=[types.TextContent(type="text", text=ended.text)], structured_content=facts)


def _failed(said: str) -> types.CallToolResult:
    return types.CallToolResult(content=[types.TextContent(type="text", text=said)], is_error=True)
