"""The routes by which programs are let in: what they read, where they register, and where they get tokens.

None of these brings a cookie; who lets a program in is asked by `consent`.
"""

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from mcp.server.auth.handlers.register import RegistrationHandler
from mcp.server.auth.handlers.token import TokenHandler
from mcp.server.auth.middleware.client_auth import ClientAuthenticator
from mcp.server.auth.settings import ClientRegistrationOptions
from pydantic import BaseModel
from starlette.datastructures import UploadFile
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route
from starlette.types import Message

from flowloom.errors import FlowloomError
from flowloom.serve.assistants.addresses import (
    ALLOW,
    REGISTER,
    RESOURCE,
    REVOKE,
    SERVER,
    TOKEN,
    resource_facts,
    server_facts,
)
from flowloom.serve.assistants.consent import Consenting
from flowloom.serve.assistants.provider import Provider
from flowloom.visits.pace import PaceError
from flowloom.workspace import workspace

if TYPE_CHECKING:
    from flowloom.workspace import Workspace

MOST_BYTES = 20_000
REGISTERED_A_MINUTE, ASKED_A_MINUTE = 30, 300
"""How often in a minute one address may register programs, and ask for tokens."""
NO_STORE = {"Cache-Control": "no-store"}
Handler = Callable[[Request], Awaitable[Response]]


def assistant_routes(find_workspace: "Callable[[], Workspace]" = workspace) -> list[BaseRoute]:
    """All of them; who may call which is said by `serve.team.rules` where there is a team."""
    routes, consenting = _Routes(find_workspace), Consenting(find_workspace)
    return [
        Route(RESOURCE + "/mcp/{gpt}", _resource, methods=["GET"]),
        Route(SERVER, _server, methods=["GET"]),
        Route(REGISTER, routes.register, methods=["POST"]),
        Route(TOKEN, routes.token, methods=["POST"]),
        Route(REVOKE, routes.revoke, methods=["POST"]),
        Route(ALLOW, consenting.ask, methods=["GET"]),
        Route(ALLOW, consenting.decide, methods=["POST"]),
    ]


async def _resource(request: Request) -> Response:
    return _facts(resource_facts(request, request.path_params["gpt"]))


async def _server(request: Request) -> Response:
    return _facts(server_facts(request))


def _facts(found: BaseModel) -> Response:
    return JSONResponse(found.model_dump(mode="json", exclude_none=True), headers=NO_STORE)


class _Routes:
    def __init__(self, find_workspace: "Callable[[], Workspace]") -> None:
        self._workspace, self._provider = find_workspace, Provider(find_workspace)
        self._registration = RegistrationHandler(self._provider, ClientRegistrationOptions(enabled=True))
        self._tokens = TokenHandler(self._provider, ClientAuthenticator(self._provider))

    async def register(self, request: Request) -> Response:
        return await self._answered(request, "register", REGISTERED_A_MINUTE, self._registration.handle)

    async def token(self, request: Request) -> Response:
        return await self._answered(request, "token", ASKED_A_MINUTE, self._tokens.handle)

    async def revoke(self, request: Request) -> Response:
        return await self._answered(request, "token", ASKED_A_MINUTE, self._revoke)

    async def _revoke(self, request: Request) -> Response:
        """As RFC 7009 wants it: of a token that is not theirs, or none, nobody is told so."""
        form = await request.form()
        client, token = form.get("client_id"), form.get("token")
        if not client or not token or isinstance(client, UploadFile) or isinstance(token, UploadFile):
            return _failed("invalid_request", 400)
        await self._provider.revoke(client, token)
        return Response(headers=NO_STORE)

    async def _answered(self, request: Request, what: str, most: int, handler: Handler) -> Response:
        try:
            self._workspace().visits.pace.take(what, request.client.host if request.client else "", most)
            limited = await _limited(request)
            return await handler(limited) if limited else _failed("invalid_request", 413)
        except ClientDisconnect:
            return Response(status_code=400)
        except PaceError:
            return _failed("slow_down", 429)
        except FlowloomError:
            return _failed("temporarily_unavailable", 503)


def _failed(error: str, status: int) -> Response:
    return JSONResponse({"error": error}, status, headers=NO_STORE)


async def _limited(request: Request) -> Request | None:
    """The same call with its body read no further than its limit; None where there is more."""
    raw = b""
    async for piece in request.stream():
        raw += piece
        if len(raw) > MOST_BYTES:
            return None

    async def again() -> Message:
        return {"type": "http.request", "body": raw, "more_body": False}

    return Request(request.scope, again)
