"""Calls of a flow's page: only with its token, and what is wrong comes back as a sentence."""

import json
from collections.abc import Awaitable, Callable
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from flowloom.errors import FlowEditError, FlowloomError, Problem
from flowloom.serve.page_token import language_of, token_fits
from flowloom.serve.problems import problem
from flowloom.services.disk_failures import BUSY, DAMAGED, FULL, READ_ONLY, UNREADABLE, disk_problem

Json = dict[str, Any]
Handler = Callable[[Request], Awaitable[Response]]

MAX_BODY = 12_000_000
RETRIED = {problem.code for problem in (FULL, READ_ONLY, DAMAGED, BUSY, UNREADABLE)}


async def answer_page(request: Request, handler: Handler) -> Response:
    """What the handler answers, where the call carries the token of the flow in its path."""
    if not token_fits(request, request.path_params["flow"]):
        return _refusal(Problem.of("serve.token", "This page is out of date.", "Reload it."), request, 403)
    try:
        return await handler(request)
    except FlowloomError as error:
        # A save that failed may work the next time, so the canvas keeps the edits and tries again.
        again = error.problem.code == "unsaved" or error.problem.code in RETRIED
        status = 503 if again else 404 if error.code == "store" else 400
        return _refusal(error.problem, request, status)
    except OSError as error:
        if (found := disk_problem(error)) is None:
            raise
        return _refusal(found, request, 503)


async def json_of(request: Request) -> Json:
    """The JSON object a call carries. Raises FlowEditError where it is none, or too large."""
    raw = b""
    async for piece in request.stream():
        raw += piece
        if len(raw) > MAX_BODY:
            raise FlowEditError("This change is too large to save.", "Split it into smaller steps.")
    try:
        body = json.loads(raw)
    except (ValueError, RecursionError):
        body = None
    if not isinstance(body, dict):
        raise FlowEditError("This change can’t be read.", "Reload the page.")
    return body


def _refusal(found: Problem, request: Request, status: int) -> Response:
    return JSONResponse({"problem": problem(found, language_of(request))}, status_code=status)
