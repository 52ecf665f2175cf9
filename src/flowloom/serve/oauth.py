"""Where the browser comes back to after signing in at another service."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from starlette.requests import Request
from starlette.responses import HTMLResponse
from starlette.routing import BaseRoute, Route

from flowloom.errors import FlowloomError, Problem
from flowloom.serve.plain_page import browser_language, plain_page

if TYPE_CHECKING:
    from flowloom.workspace import Workspace

CALLBACK = "/oauth/callback"
LONGEST = 4_000


def _workspace() -> "Workspace":
    from flowloom.workspace import workspace  # later than the app answers

    return workspace()


def oauth_routes(find_workspace: "Callable[[], Workspace]" = _workspace) -> list[BaseRoute]:
    """The one route of sign-ins. The state it is called with is the only key to it.

    Another site leads the browser here, and so without our cookie: the guard leaves this path open.
    """

    async def callback(request: Request) -> HTMLResponse:
        language = browser_language(request)
        given = {name: request.query_params.get(name, "")[:LONGEST] for name in ("state", "code", "error")}
        try:
            found = await find_workspace().connections.finish_sign_in(**given)
        except FlowloomError as error:
            return plain_page("Sign in", error.problem, language, 400)
        done = Problem.of(
            "done",
            "You are signed in at {host}.",
            "You can close this page and go back to Flowloom.",
            host=found.label,
        )
        return plain_page("Sign in", done, language, 200)

    return [Route(CALLBACK, callback, methods=["GET"])]
