"""What went wrong with a call, in the shape that OpenAI’s libraries read."""

from collections.abc import Mapping
from http import HTTPStatus
from types import MappingProxyType
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse

from flowloom.api_keys import LimitError
from flowloom.errors import BudgetError, FlowloomError, KnowledgeError, ModelError, Problem, StoreError
from flowloom.publishing import PublishError
from flowloom.serve.plain_page import browser_language
from flowloom.visits.pace import PaceError
from flowloom.visits.visitors import VisitError

NO_RETRY = {"x-should-retry": "false"}
"""Told to OpenAI’s libraries, which else send a request again that failed: what a GPT did, it would do twice."""


class ApiError(FlowloomError):
    """A call that gets this status instead of an answer; `param` is the part of the request that is wrong."""

    code = "api"
    status = 400
    param: str | None = None
    headers: Mapping[str, str] = MappingProxyType({})

    @classmethod
    def of(cls, status: int, problem: Problem, param: str | None = None, **headers: str) -> "ApiError":
        error = cls.from_problem(problem)
        error.status, error.param, error.headers = status, param, headers
        return error


def api_error(error: FlowloomError) -> ApiError:
    """The same with the status that fits it."""
    if isinstance(error, ApiError):
        return error
    if isinstance(error, LimitError):
        return ApiError.of(429, error.problem, **{"Retry-After": str(int(error.seconds))})
    status = status_of(error.problem, error)
    return ApiError.of(status, outward(error.problem) if status >= 500 else error.problem)


def outward(problem: Problem) -> Problem:
    """A problem as it is told to who did not make the GPT: which kind, without what its blocks and servers said."""
    if problem.code.startswith(("api.", "visit")):
        return problem
    said = FOREIGN.get(problem.code.partition(".")[0], BROKEN)
    return said.model_copy(update={"code": problem.code})


HINT = "Try again later. If it happens again, tell whoever published this GPT."
BROKEN = Problem.of("api.run", "This GPT couldn’t finish its answer.", HINT)
FOREIGN = {
    "model": Problem.of("model", "The model of this GPT didn’t answer.", HINT),
    "budget": Problem.of("budget", "This GPT has reached one of its limits.", HINT),
    "store": Problem.of("store", "Nothing can be saved here right now.", HINT),
}
"""What is told instead, by the kind of problem."""


def status_of(problem: Problem, error: FlowloomError | None = None) -> int:
    """The status that fits a problem: of a call, or of a run that failed."""
    kind = problem.code.partition(".")[0]
    match error:
        case PublishError():
            return 404
        case PaceError():
            return 429
        case VisitError():
            return 402 if problem.code == "visit.pay" else 400
        case KnowledgeError():
            return 400
        case StoreError():
            return 503
        case BudgetError():
            return 402
        case ModelError():
            return 502
    if problem.code.startswith("api.key"):
        return 401
    if problem.code == "api.limit.money":
        return 402
    return {"budget": 402, "model": 502, "http": 502, "mcp": 502, "mail": 502}.get(kind, 500)


TYPES = {
    401: "authentication_error",
    402: "insufficient_quota",
    403: "permission_error",
    404: "not_found_error",
    409: "conflict_error",
    429: "rate_limit_error",
}


def error_body(problem: Problem, status: int, language: str, param: str | None = None) -> dict[str, Any]:
    """The body of an answer with this status."""
    kind = TYPES.get(status, "invalid_request_error" if status < 500 else "server_error")
    said = str(problem.describe(language))
    return {"error": {"message": said, "type": kind, "code": problem.code, "param": param}}


def refusal(error: ApiError, request: Request) -> JSONResponse:
    """The answer to a call that failed."""
    headers = {"Cache-Control": "no-store", **error.headers}
    if error.status == HTTPStatus.UNAUTHORIZED:
        headers.setdefault("WWW-Authenticate", "Bearer")
    if error.status >= 500 or error.status in (402, 409):
        headers |= NO_RETRY
    body = error_body(error.problem, error.status, browser_language(request), error.param)
    return JSONResponse(body, error.status, headers)
