"""Where other programs call to have a GPT asked."""

import json
from collections.abc import Callable
from http import HTTPStatus

from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from flowloom.errors import FlowloomError, Problem
from flowloom.hooks import LARGEST, HookRefused
from flowloom.serve.declared_size import declared_size
from flowloom.serve.plain_page import browser_language
from flowloom.serve.problems import problem
from flowloom.workspace import Workspace, workspace

TOO_LARGE = Problem.of("hook.large", "This call is larger than 1 MB.", "Send less, such as an address of the rest.")
STATUS = {"hook.none": HTTPStatus.NOT_FOUND}


def hook_routes(find_workspace: Callable[[], Workspace] = workspace) -> list[BaseRoute]:
    """One route: a signed call begins a run, and is answered before that ends."""

    async def receive(request: Request) -> Response:
        body = await _read(request)
        if body is None:
            return _refused(request, TOO_LARGE, HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
        try:
            headers = {name.lower(): value for name, value in request.headers.items()}
            run = await run_in_threadpool(find_workspace().hooks.receive, request.path_params["id"], headers, body)
        except HookRefused as error:
            status = STATUS.get(error.problem.code, HTTPStatus.UNAUTHORIZED)
            return _refused(request, error.problem, status)
        except FlowloomError as error:
            return _refused(request, error.problem, HTTPStatus.UNPROCESSABLE_ENTITY)
        except ClientDisconnect:
            return Response(status_code=400)
        return JSONResponse({"run": run}, HTTPStatus.ACCEPTED)

    return [Route("/hooks/{id}", receive, methods=["POST"])]


async def _read(request: Request) -> bytes | None:
    """The body; None where it is too large, of which no more is read."""
    if declared_size(request) > LARGEST:
        return None
    pieces, size = [], 0
    async for piece in request.stream():
        size += len(piece)
        if size > LARGEST:
            return None
        pieces.append(piece)
    return b"".join(pieces)


def _refused(request: Request, found: Problem, status: int) -> Response:
    told = {"problem": problem(found, browser_language(request))}
    return Response(json.dumps(told, ensure_ascii=False), status, media_type="application/json")
