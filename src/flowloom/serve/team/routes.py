"""The routes by which people come in and go; there are none of them without a team."""

import csv
import io
import json
from collections.abc import Awaitable, Callable, Iterable, Iterator
from typing import TYPE_CHECKING, Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response, StreamingResponse
from starlette.routing import BaseRoute, Route

from flowloom.errors import FlowloomError
from flowloom.people.problems import OLD_LINK, SET_UP_ALREADY
from flowloom.serve.plain_page import browser_language
from flowloom.serve.team import account_page, chats_page, pages
from flowloom.serve.team.account_routes import account_routes
from flowloom.serve.team.callers import NO_STORE, go_on, here, place_of, present_of
from flowloom.serve.team.cookies import errand_cookie, errand_of, token_of
from flowloom.serve.team.form import fields_of, local_path
from flowloom.serve.team.passkey_routes import passkey_routes, site_here
from flowloom.services.formats.csv_cells import as_cell
from flowloom.services.openid import OpenId, Provider, provider_of_environment
from flowloom.store.deeds import FACTS

if TYPE_CHECKING:
    from flowloom.workspace import Workspace

Handler = Callable[[Request], Awaitable[Response]]


def _opened() -> "Workspace":
    from flowloom.workspace import workspace  # later than the app answers

    return workspace()


def team_routes(find_workspace: "Callable[[], Workspace]" = _opened) -> list[BaseRoute]:
    """All of them; who may call which is said by `rules`. Raises OpenIdError where the settings of it are wrong."""
    routes = _TeamRoutes(find_workspace, provider_of_environment())
    listed: list[tuple[str, str, Handler]] = [
        ("GET", "/sign-in", routes.sign_in_page),
        ("POST", "/sign-in", routes.sign_in),
        ("GET", "/sign-in/elsewhere", routes.leave),
        ("GET", "/sign-in/back", routes.back),
        ("GET", "/set-up", routes.set_up_page),
        ("POST", "/set-up", routes.set_up),
        ("GET", "/invitation/{token}", routes.invitation),
        ("POST", "/invitation/{token}", routes.join),
        ("POST", "/sign-out", routes.sign_out),
        ("POST", "/sign-out/everywhere", routes.sign_out_everywhere),
        ("POST", "/sign-out/{id}", routes.sign_out_one),
        *passkey_routes(find_workspace),
        *account_routes(find_workspace, routes.elsewhere),
        ("GET", "/gpts", routes.gpts),
        ("GET", "/people/log/{form}", routes.log),
        ("GET", chats_page.ADDRESS, routes.chats),
    ]
    return [Route(path, handler, methods=[method]) for method, path, handler in listed]


class _TeamRoutes:
    def __init__(self, find_workspace: "Callable[[], Workspace]", provider: Provider | None) -> None:
        self._workspace = find_workspace
        self._openid = OpenId(provider) if provider else None

    async def sign_in_page(self, request: Request) -> Response:
        onward = local_path(request.query_params.get("next", "/"))
        if present_of(request):
            return go_on(onward)
        if not await run_in_threadpool(lambda: self._workspace().team.joining.is_set_up()):
            return go_on("/set-up")
        return pages.sign_in_page(
            browser_language(request), onward, elsewhere=self.elsewhere, passkeys=site_here(request) is not None
        )

    async def sign_in(self, request: Request) -> Response:
        given, language = await fields_of(request), browser_language(request)
        name, onward = given.get("name", ""), local_path(given.get("next", "/"))
        try:
            token = await run_in_threadpool(
                lambda: self._workspace().team.sessions.sign_in(
                    name, given.get("password", ""), place_of(request), token_of(request)
                )
            )
        except FlowloomError as error:
            return pages.sign_in_page(
                language, onward, name[:100], error.problem, self.elsewhere, site_here(request) is not None
            )
        return go_on(onward, request, token)

    @property
    def elsewhere(self) -> str:
        return self._openid.provider.name if self._openid else ""

    async def leave(self, request: Request) -> Response:
        """To the sign-in service of the organisation."""
        openid, onward = self._openid, local_path(request.query_params.get("next", "/"))
        if openid is None:
            return Response(status_code=404)
        back = _back(request)

        def go() -> tuple[str, str]:
            errand = self._workspace().team.identities.leave(onward)
            return openid.address(back, errand.state, errand.nonce, errand.verifier), errand.token

        try:
            address, token = await run_in_threadpool(go)
        except FlowloomError as error:
            return pages.sign_in_page(browser_language(request), onward, "", error.problem, self.elsewhere)
        answer = RedirectResponse(address, 303, headers=NO_STORE)
        answer.headers["Set-Cookie"] = errand_cookie(request, token)
        return answer

    async def back(self, request: Request) -> Response:
        """From there, with a code."""
        openid = self._openid
        if openid is None:
            return Response(status_code=404)
        code, state = (request.query_params.get(name, "")[:4_000] for name in ("code", "state"))
        back, present = _back(request), present_of(request)

        def come() -> tuple[str, str]:
            identities = self._workspace().team.identities
            errand = identities.back(errand_of(request), state)
            identity = openid.identity(code, back, errand.nonce, errand.verifier)
            where = place_of(request)
            return identities.sign_in(identity, openid.provider, where, present, token_of(request)), errand.onward

        try:
            token, onward = await run_in_threadpool(come)
        except FlowloomError as error:
            return pages.sign_in_page(browser_language(request), "/", "", error.problem, self.elsewhere)
        answer = go_on(onward, request, token)
        answer.headers.append("Set-Cookie", errand_cookie(request, ""))
        return answer

    async def set_up_page(self, request: Request) -> Response:
        if await run_in_threadpool(lambda: self._workspace().team.joining.is_set_up()):
            return go_on("/sign-in")
        return pages.set_up_page(browser_language(request), {})

    async def set_up(self, request: Request) -> Response:
        given, language = await fields_of(request), browser_language(request)
        code, name, shown, password = (given.get(each, "") for each in ("code", "name", "shown", "password"))
        try:
            token = await run_in_threadpool(
                lambda: self._workspace().team.joining.set_up(code, name, shown, password, place_of(request))
            )
        except FlowloomError as error:
            if error.problem.code == SET_UP_ALREADY.code:
                return go_on("/sign-in")
            return pages.set_up_page(language, given, error.problem)
        return go_on("/", request, token)

    async def invitation(self, request: Request) -> Response:
        return await self._invited(request, {})

    async def _invited(self, request: Request, given: dict[str, str], wrong: Any = None) -> Response:
        """The form of a link, for whatever it is good for."""
        token, language = request.path_params["token"], browser_language(request)
        joining = self._workspace().team.joining
        try:
            invitation, account = await run_in_threadpool(joining.look_at, token, place_of(request))
        except FlowloomError as error:
            return pages.closed_page(language, error.problem)
        if invitation.kind == "join":
            return pages.join_page(language, token, invitation, given, wrong)
        return pages.reset_page(language, token, account, wrong) if account else _closed(language)

    async def join(self, request: Request) -> Response:
        given, token = await fields_of(request), request.path_params["token"]
        place, before = place_of(request), token_of(request)
        password, joining = given.get("password", ""), self._workspace().team.joining

        def take() -> str:
            invitation, _ = joining.look_at(token, place)
            if invitation.kind == "reset":
                return joining.reset(token, password, place, before)
            return joining.join(token, given.get("name", ""), given.get("shown", ""), password, place, before)

        try:
            made = await run_in_threadpool(take)
        except FlowloomError as error:
            return await self._invited(request, given, error.problem)
        return go_on("/", request, made)

    async def sign_out(self, request: Request) -> Response:
        await run_in_threadpool(lambda: self._workspace().team.sessions.end(token_of(request)))
        return go_on("/sign-in", request, "")

    async def sign_out_everywhere(self, request: Request) -> Response:
        account = here(request).account
        await run_in_threadpool(lambda: self._workspace().team.sessions.end_all(account))
        return go_on("/sign-in", request, "")

    async def sign_out_one(self, request: Request) -> Response:
        present, id = here(request), request.path_params["id"]
        await run_in_threadpool(lambda: self._workspace().team.sessions.end_one(present, id))
        return go_on("/account")

    async def gpts(self, request: Request) -> Response:
        present = here(request)
        found = await run_in_threadpool(lambda: self._workspace().visits.shared_with(present.account))
        return account_page.gpts_page(browser_language(request), present, found)

    async def chats(self, request: Request) -> Response:
        return await run_in_threadpool(self._chats, request)

    def _chats(self, request: Request) -> Response:
        home, present = self._workspace(), present_of(request)
        own = home.team.console.retention.all()
        shared = home.visits.shared_with(present.account) if present and own else []
        others = [(each.flow.name, own[each.flow.id]) for each in shared if each.flow.id in own]
        return chats_page.chats_page(browser_language(request), home.team.console.permissions.keep_days, others)

    async def log(self, request: Request) -> Response:
        form = request.path_params["form"]
        if form not in ("csv", "jsonl"):
            return Response(status_code=404)
        home, by = self._workspace(), here(request).account
        await run_in_threadpool(lambda: home.team.deeds.add("log_downloaded", by.id, by.shown, form))
        lines = csv_lines(home) if form == "csv" else json_lines(home)
        kind = "text/csv; charset=utf-8" if form == "csv" else "application/x-ndjson"
        name = {"Content-Disposition": f'attachment; filename="flowloom-log.{form}"'}
        return StreamingResponse(lines, media_type=kind, headers=NO_STORE | name)


def csv_lines(home: "Workspace") -> Iterator[str]:
    """The log as a table; what a spreadsheet would take for a formula is told as text."""
    yield _line(FACTS.split(", "))
    for deed in home.team.deeds.every():
        yield _line(deed)


def _line(values: Iterable[object]) -> str:
    line = io.StringIO()
    csv.writer(line).writerow([as_cell(value) for value in values])
    return line.getvalue()


def json_lines(home: "Workspace") -> Iterator[str]:
    """The log as an object a line."""
    for deed in home.team.deeds.every():
        yield json.dumps(deed._asdict(), ensure_ascii=False) + "\n"


def _back(request: Request) -> str:
    """Where the sign-in service leads back to, by the name the browser called us."""
    return f"{request.url.scheme}://{request.headers['host']}/sign-in/back"


def _closed(language: str) -> Response:
    return pages.closed_page(language, OLD_LINK)
