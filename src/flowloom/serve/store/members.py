"""A store that is for people with an account: strangers are led to sign in, programs are told."""

from collections.abc import Callable

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from flowloom.gallery.problems import FOR_MEMBERS, GalleryError
from flowloom.serve.doors import is_team
from flowloom.serve.page.pages import caller_of
from flowloom.serve.page.refusals import Handler
from flowloom.serve.team.guard import way_in
from flowloom.workspace import Workspace


def for_members(find_workspace: Callable[[], Workspace], handler: Handler) -> Handler:
    """The handler, for those who may visit the store; it raises GalleryError for others."""

    async def handle(request: Request) -> Response:
        home = find_workspace()
        if await run_in_threadpool(home.visits.may_visit_store, caller_of(request)):
            return await handler(request)
        if request.method == "GET" and "text/html" in request.headers.get("accept", "") and is_team(request.scope):
            onward = request.url.path + (f"?{request.url.query}" if request.url.query else "")
            return way_in(home.team, onward)
        raise GalleryError.from_problem(FOR_MEMBERS)

    return handle
