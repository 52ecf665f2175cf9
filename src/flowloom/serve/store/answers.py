"""What the routes of the store answer: a page, what came of a form, or what is wrong in plain words."""

from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response

from flowloom.errors import FlowloomError, Problem
from flowloom.locales import translate
from flowloom.serve.page.refusals import NO_STORE, Handler, language_of, told
from flowloom.serve.store import look
from flowloom.visits.pace import PaceError
from flowloom.visits.visitors import VisitError

TOKEN = "x-flowloom-visitor"
STATUS = {
    "store.none": 404,
    "publish.none": 404,
    "earning.none": 404,
    "publish.down": 410,
    "store.admins": 403,
    "store.members": 403,
    "store.own": 403,
}


async def answered(handler: Handler, request: Request) -> Response:
    try:
        return await handler(request)
    except FlowloomError as error:
        return _refusal(request, error)


def _refusal(request: Request, error: FlowloomError) -> Response:
    found = error.problem
    status = 429 if isinstance(error, PaceError) else STATUS.get(found.code, 400)
    if isinstance(error, VisitError) and found.code == "visit.unknown":
        # A browser without a token has never chatted here.
        found = Problem.of("store.unused", "You haven’t used this GPT yet.", "Chat with it first, then rate it.")
    if "application/json" not in request.headers.get("accept", ""):
        return look.problem_page(request, found, status)
    return told(found, request, status)


def done(request: Request, message: str, onward: str = "") -> Response:
    """What came of a form: told in place, or by the page that it leads to where no script sent it."""
    if "application/json" in request.headers.get("accept", ""):
        answer = {"message": translate(message, language_of(request)), "onward": onward}
        return JSONResponse(answer, headers=NO_STORE)
    slug = request.path_params.get("slug", "")
    return RedirectResponse(onward or f"/store/gpt/{quote(slug)}", 303, headers=NO_STORE)
