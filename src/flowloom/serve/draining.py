"""While the server ends, nobody begins anything through the doors beside the app's own page."""

from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from flowloom.errors import Problem
from flowloom.serve.doors import door_of
from flowloom.serve.leaving import Leaving, leaving

READS = frozenset({"GET", "HEAD", "OPTIONS"})
RETRY_SECONDS = 5


class Draining:
    """ASGI middleware that refuses what would begin something, so that it is sent again to whoever comes next."""

    def __init__(self, app: ASGIApp, state: Leaving = leaving) -> None:
        self._app, self._state = app, state

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if self._state.is_draining and scope["type"] == "http" and _begins_something(scope):
            await _refuse(Request(scope), receive, send)
        else:
            await self._app(scope, receive, send)


def _begins_something(scope: Scope) -> bool:
    return scope["method"] not in READS and door_of(scope["path"]) is not None


async def _refuse(request: Request, receive: Receive, send: Send) -> None:
    from starlette.responses import JSONResponse

    from flowloom.serve.api.errors import error_body
    from flowloom.serve.plain_page import browser_language

    language = browser_language(request)
    message, hint = ENDING.describe(language)
    # As programs read it, and as our own pages do.
    body = {**error_body(ENDING, 503, language), "problem": {"message": message, "hint": hint}}
    headers = {"Retry-After": str(RETRY_SECONDS), "Cache-Control": "no-store", "Connection": "close"}
    await JSONResponse(body, 503, headers)(request.scope, receive, send)


ENDING = Problem.of("server.ending", "Flowloom is being restarted.", "Wait a moment and try again.")
