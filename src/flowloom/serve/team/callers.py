"""Who calls the routes of people, where from, and where they are led on to."""

from starlette.requests import Request
from starlette.responses import RedirectResponse

from flowloom.people.problems import PeopleError
from flowloom.people.sessions import Place, Present
from flowloom.serve.doors import PRESENT
from flowloom.serve.team.cookies import cookie_for

NO_STORE = {"Cache-Control": "no-store"}


def place_of(request: Request) -> Place:
    """Where somebody asks from."""
    return Place(request.client.host if request.client else "", request.headers.get("user-agent", ""))


def present_of(request: Request) -> Present | None:
    found: Present | None = request.scope.get(PRESENT)
    return found


def here(request: Request) -> Present:
    """Who asks, behind the guard, which lets nobody else come here."""
    present = present_of(request)
    if present is None:
        raise PeopleError("You aren’t signed in.", "Sign in, then try again.")
    return present


def go_on(path: str, request: Request | None = None, token: str = "") -> RedirectResponse:
    """To another page of ours; with a request, the browser keeps the token, or forgets it where there is none."""
    answer = RedirectResponse(path, 303, headers=NO_STORE)
    if request is not None:
        answer.headers["Set-Cookie"] = cookie_for(request, token)
    return answer
