"""The routes of the store: what anybody may look at, and what people and admins do there."""

from collections.abc import Callable
from functools import partial
from urllib.parse import quote

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from flowloom.differences import differences
from flowloom.errors import FlowloomError, Problem
from flowloom.gallery.abilities import effects_of
from flowloom.gallery.catalogue import Entry
from flowloom.gallery.problems import FOR_ADMINS, NOT_IN_STORE, GalleryError
from flowloom.locales import translate
from flowloom.publishing import Published
from flowloom.serve.doors import is_owner, person_of
from flowloom.serve.page.pages import caller_of
from flowloom.serve.page.refusals import NO_STORE, Handler, language_of
from flowloom.serve.picture import picture
from flowloom.serve.store import look
from flowloom.serve.store.front import front
from flowloom.serve.store.gpt_page import VERSIONS, Told, gpt_page
from flowloom.serve.team.form import fields_of
from flowloom.store.publications import PublishedVersion
from flowloom.visits.pace import PaceError
from flowloom.visits.visitors import VisitError
from flowloom.workspace import MAIN, Workspace, workspace

TOKEN = "x-flowloom-visitor"
STATUS = {"store.none": 404, "publish.none": 404, "publish.down": 410, "store.admins": 403, "store.own": 403}
DRAWING = {
    "Cache-Control": "no-cache",
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; img-src data:",
    "X-Content-Type-Options": "nosniff",
}


def store_routes(find_workspace: Callable[[], Workspace] = workspace) -> list[BaseRoute]:
    """All below `/store`."""
    store = StoreRoutes(find_workspace)
    gpt = "/store/gpt/{slug}"
    routes: list[tuple[str, str, Handler]] = [
        ("GET", "/store", store.front),
        ("GET", "/store/-/{asset}", store.asset),
        ("GET", gpt, store.gpt),
        ("GET", f"{gpt}/drawing", store.drawing),
        ("POST", f"{gpt}/rating", store.rate),
        ("POST", f"{gpt}/duplicate", store.duplicate),
        ("POST", f"{gpt}/featured", store.feature),
    ]
    return [Route(path, partial(_answered, call), methods=[method]) for method, path, call in routes]


async def _answered(handler: Handler, request: Request) -> Response:
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
    said = found.describe(language_of(request))
    told = {"code": found.code, "message": said.message, "hint": said.hint}
    return JSONResponse({"problem": told}, status, headers=NO_STORE)


def done(request: Request, message: str, onward: str = "") -> Response:
    """What came of a form: told in place, or by the page that it leads to where no script sent it."""
    if "application/json" in request.headers.get("accept", ""):
        told = {"message": translate(message, language_of(request)), "onward": onward}
        return JSONResponse(told, headers=NO_STORE)
    slug = request.path_params.get("slug", "")
    return RedirectResponse(onward or f"/store/gpt/{quote(slug)}", 303, headers=NO_STORE)


class StoreRoutes:
    """The handlers."""

    def __init__(self, find_workspace: Callable[[], Workspace]) -> None:
        self._workspace = find_workspace

    async def asset(self, request: Request) -> Response:
        if request.path_params["asset"] != look.SCRIPT:
            return Response(status_code=404)
        headers = {"Cache-Control": "no-cache", "X-Content-Type-Options": "nosniff"}
        return Response(look.script(), media_type="text/javascript; charset=utf-8", headers=headers)

    async def front(self, request: Request) -> Response:
        home = self._workspace()
        return await run_in_threadpool(front, request, home.gallery.catalogue, home.gallery.builder_of)

    async def gpt(self, request: Request) -> Response:
        return await run_in_threadpool(self._gpt, request)

    def _gpt(self, request: Request) -> Response:
        entry, found = self._entry(request), self._found(request)
        home, caller = self._workspace(), caller_of(request)
        versions = home.publications.versions(entry.flow)
        language = language_of(request)
        told = Told(
            entry=entry,
            flow=found.flow,
            builder=home.gallery.builder_of(entry),
            builder_address="",
            proof="",
            effects=effects_of(found.flow),
            hosts=home.hosts_of(found.flow),
            ratings=home.gallery.opinions.of(entry.flow),
            versions=versions,
            changes=self._changes(entry, versions, language) if entry.may_copy else {},
            may_rate=not home.visits.owns(found, caller),
            may_duplicate=self._builds(request),
            is_admin=self._is_admin(request),
        )
        return gpt_page(request, told)

    def _changes(self, entry: Entry, versions: list[PublishedVersion], language: str) -> dict[int, list[str]]:
        """What each version says otherwise than the one before it."""
        load = self._workspace().publications.version
        shown = versions[: VERSIONS + 1]
        return {
            new.number: differences(load(entry.flow, old.number), load(entry.flow, new.number), language)[:6]
            for new, old in zip(shown, shown[1:], strict=False)
        }

    async def drawing(self, request: Request) -> Response:
        return await run_in_threadpool(self._drawing, request)

    def _drawing(self, request: Request) -> Response:
        entry, found = self._entry(request), self._found(request)
        if not entry.may_copy:
            return Response(status_code=404)
        return Response(picture(found.flow, language_of(request)), media_type="image/svg+xml", headers=DRAWING)

    async def rate(self, request: Request) -> Response:
        fields = await fields_of(request)
        await run_in_threadpool(self._rate, request, fields)
        return done(request, "Thank you. Your rating counts from the next minute on.")

    def _rate(self, request: Request, fields: dict[str, str]) -> None:
        entry, found = self._entry(request), self._found(request)
        home, caller = self._workspace(), caller_of(request)
        person = home.visits.person(entry.flow, request.headers.get(TOKEN, ""), caller)
        stars = fields.get("stars", "")
        home.gallery.opinions.rate(
            entry.flow,
            person,
            int(stars) if stars in "12345" and len(stars) == 1 else 0,
            fields.get("reason", ""),
            own=home.visits.owns(found, caller),
            known=caller.account is not None,
            address=request.client.host if request.client else "",
        )

    async def duplicate(self, request: Request) -> Response:
        onward = await run_in_threadpool(self._duplicate, request)
        return done(request, "", onward)

    def _duplicate(self, request: Request) -> str:
        """Make a copy with its documents theirs; where they go on with it."""
        entry, found = self._entry(request), self._found(request)
        home = self._workspace()
        if not entry.may_copy or not self._builds(request):
            raise GalleryError("This GPT can’t be copied.", "Ask whoever shared it.", code="store.copy")
        home.visits.pace.take("copy", request.client.host if request.client else "", 10)
        flow = home.keep_flow(found.flow)
        home.knowledge.copy(f"{entry.flow}/{MAIN}", f"{flow.id}/{MAIN}")
        account = person_of(request.scope)
        if account:
            home.team.owners.give("gpt", flow.id, account.id)
        return f"/build?gpt={quote(flow.id)}"

    async def feature(self, request: Request) -> Response:
        fields = await fields_of(request)

        def put() -> None:
            entry = self._entry(request)
            yes = fields.get("yes") == "1"
            self._workspace().gallery.feature(entry.flow, yes, admin=self._is_admin(request))

        await run_in_threadpool(put)
        return done(request, "Saved.", f"/store/gpt/{quote(request.path_params['slug'])}")

    def _entry(self, request: Request) -> Entry:
        """What the path names, where it is in the store. Raises GalleryError, PublishError."""
        entry = self._workspace().gallery.catalogue.find(request.path_params["slug"])
        if entry is None:
            self._workspace().publications.find(request.path_params["slug"])
            raise GalleryError.from_problem(NOT_IN_STORE)
        return entry

    def _found(self, request: Request) -> Published:
        return self._workspace().visits.find(request.path_params["slug"], caller_of(request))

    def _is_admin(self, request: Request) -> bool:
        account = person_of(request.scope)
        return is_owner(request.scope) or (account is not None and account.is_admin)

    def _builds(self, request: Request) -> bool:
        account = person_of(request.scope)
        return is_owner(request.scope) or (account is not None and account.builds)

    def _require_admin(self, request: Request) -> None:
        if not self._is_admin(request):
            raise GalleryError.from_problem(FOR_ADMINS)
