"""The routes of passkeys, called by the script of our pages: each answers with data, or with a problem."""

import json
from collections.abc import Awaitable, Callable
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from flowloom.errors import FlowloomError
from flowloom.serve.host_names import split_host
from flowloom.serve.plain_page import browser_language
from flowloom.serve.problems import problem
from flowloom.serve.team.account_page import device_of
from flowloom.serve.team.callers import NO_STORE, go_on, here, place_of
from flowloom.serve.team.cookies import cookie_for, token_of
from flowloom.serve.team.form import local_path
from flowloom.serve.team.passkey_box import SCRIPT
from flowloom.services.passkeys import PasskeyError, Site, site_of

if TYPE_CHECKING:
    from flowloom.people.passkeys import Passkeys
    from flowloom.workspace import Workspace

Listed = tuple[str, str, Callable[[Request], Awaitable[Response]]]
MOST_BYTES = 20_000


def passkey_routes(find_workspace: "Callable[[], Workspace]") -> list[Listed]:
    """Method, path and handler of each."""
    routes = _PasskeyRoutes(find_workspace)
    return [
        ("GET", SCRIPT, _script),
        ("POST", "/sign-in/passkey", _answered(routes.begin_sign_in)),
        ("POST", "/sign-in/passkey/done", _answered(routes.sign_in)),
        ("POST", "/account/passkeys", _answered(routes.begin_adding)),
        ("POST", "/account/passkeys/made", _answered(routes.add)),
        ("POST", "/account/passkeys/{id}/remove", routes.remove),
    ]


def site_here(request: Request) -> Site | None:
    """The app by the name that the browser called; None where browsers have no passkeys."""
    return site_of(request.url.scheme, *split_host(request.headers.get("host", "")))


class _PasskeyRoutes:
    def __init__(self, find_workspace: "Callable[[], Workspace]") -> None:
        self._workspace = find_workspace

    @property
    def _passkeys(self) -> "Passkeys":
        return self._workspace().team.passkeys

    async def begin_sign_in(self, request: Request) -> Response:
        site, place = _site(request), place_of(request)
        return _told(await run_in_threadpool(lambda: self._passkeys.begin_sign_in(site, place)))

    async def sign_in(self, request: Request) -> Response:
        given, site = await _body(request), _site(request)
        answer, place, before = _answer(given), place_of(request), token_of(request)
        token = await run_in_threadpool(lambda: self._passkeys.sign_in(site, answer, place, before))
        asked = given.get("next")
        told = _told({"onward": local_path(asked if isinstance(asked, str) else "/")})
        told.headers["Set-Cookie"] = cookie_for(request, token)
        return told

    async def begin_adding(self, request: Request) -> Response:
        present, site = here(request), _site(request)
        return _told(await run_in_threadpool(lambda: self._passkeys.begin_adding(present, site)))

    async def add(self, request: Request) -> Response:
        present, site, given = here(request), _site(request), await _body(request)
        answer, place = _answer(given), place_of(request)
        name = device_of(place.device)
        await run_in_threadpool(lambda: self._passkeys.add(present, site, answer, name, place))
        return _told({"onward": "/account"})

    async def remove(self, request: Request) -> Response:
        present, id, place = here(request), request.path_params["id"], place_of(request)
        await run_in_threadpool(lambda: self._passkeys.remove(present, id, place))
        return go_on("/account")


def _answered(handler: Callable[[Request], Awaitable[Response]]) -> Callable[[Request], Awaitable[Response]]:
    async def answer(request: Request) -> Response:
        try:
            return await handler(request)
        except FlowloomError as error:
            told = {"problem": problem(error.problem, browser_language(request))}
            return JSONResponse(told, 400, headers=NO_STORE)

    return answer


async def _script(request: Request) -> Response:
    return Response(_code(), media_type="text/javascript", headers={"Cache-Control": "no-cache"})


@cache
def _code() -> bytes:
    return (files("flowloom.serve.team") / "passkey.js").read_bytes()


def _told(facts: dict[str, Any]) -> Response:
    return JSONResponse(facts, headers=NO_STORE)


def _site(request: Request) -> Site:
    found = site_here(request)
    if found is None:
        raise PasskeyError(
            "Passkeys need an address with a name and https.",
            "Open Flowloom by such an address, or use your password.",
        )
    return found


async def _body(request: Request) -> dict[str, Any]:
    raw = b""
    async for piece in request.stream():
        raw += piece
        if len(raw) > MOST_BYTES:
            return {}
    try:
        found = json.loads(raw)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def _answer(given: dict[str, Any]) -> dict[str, Any]:
    """What the browser answered; one that is none fits no question."""
    found = given.get("answer")
    return found if isinstance(found, dict) else {}
