"""What goes wrong behind the published page, as a sentence for visitors and never as what happened inside."""

import sqlite3
from collections.abc import Awaitable, Callable
from urllib.parse import quote

from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, RedirectResponse, Response

from flowloom.errors import FlowloomError, KnowledgeError, Problem
from flowloom.locales import LANGUAGES
from flowloom.publishing import PublishError
from flowloom.serve.doors import PAGE, is_team, person_of
from flowloom.serve.page.visitor_problems import for_visitors
from flowloom.serve.plain_page import browser_language, plain_page
from flowloom.visits.pace import PaceError

Handler = Callable[[Request], Awaitable[Response]]

NO_STORE = {"Cache-Control": "no-store"}
STATUS = {
    "publish.none": 404,
    "publish.down": 410,
    "visit.none": 404,
    "visit.unknown": 401,
    "visit.pay": 402,
    "visit.busy": 409,
    "visit.large": 413,
}


async def answered(handler: Handler, request: Request) -> Response:
    """What the handler answers, or what is wrong as a sentence for visitors."""
    try:
        return await handler(request)
    except ClientDisconnect:
        return Response(status_code=400)
    except FlowloomError as error:
        return refusal(request, error)
    except (OSError, sqlite3.Error):
        away = Problem.of("visit.away", "This GPT can’t be reached right now.", "Try again in a minute.")
        return told(away, request, 503)


def refusal(request: Request, error: FlowloomError) -> Response:
    """An error as a page or as data, by what the browser asked for."""
    found = error.problem
    if not isinstance(error, KnowledgeError):
        found = for_visitors(found)
    late = found.code.startswith("question.")
    status = 429 if isinstance(error, PaceError) else 409 if late else STATUS.get(found.code, 400)
    if isinstance(error, PublishError) and "text/html" in request.headers.get("accept", ""):
        if found.code == "publish.none" and may_sign_in(request):
            return way_in(request)
        return plain_page("Nothing here", found, language_of(request), status)
    answer = told(found, request, status)
    if status == 429:
        answer.headers["Retry-After"] = "60"
    return answer


def may_sign_in(request: Request) -> bool:
    """Whether somebody of a team might see more once they have signed in; the same whether or not there is more."""
    return is_team(request.scope) and person_of(request.scope) is None and PAGE.fits(request.url.path)


def way_in(request: Request) -> Response:
    """To the page on which they do."""
    return RedirectResponse(f"/sign-in?next={quote(request.url.path, safe='')}", 303, headers=NO_STORE)


def told(found: Problem, request: Request, status: int) -> Response:
    """A problem as data, in the language of whoever asked."""
    said = found.describe(language_of(request))
    problem = {"code": found.code, "message": said.message, "hint": said.hint}
    return JSONResponse({"problem": problem}, status, headers=NO_STORE)


def language_of(request: Request) -> str:
    """The language the page was asked for, else the browser’s."""
    asked = request.query_params.get("lang") or request.headers.get("x-flowloom-language") or ""
    return asked if asked in LANGUAGES else browser_language(request)
