"""The routes of the store: what anybody may look at, and what people and admins do there."""

from collections.abc import Callable
from functools import partial
from itertools import pairwise
from urllib.parse import quote

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from flowloom.differences import differences
from flowloom.gallery.abilities import effects_of
from flowloom.gallery.catalogue import Entry
from flowloom.gallery.moderation import By
from flowloom.gallery.problems import NOT_IN_STORE, GalleryError
from flowloom.publishing import Published
from flowloom.serve.doors import is_owner, person_of
from flowloom.serve.page.pages import caller_of
from flowloom.serve.page.refusals import Handler, language_of
from flowloom.serve.picture import picture
from flowloom.serve.store import look
from flowloom.serve.store.answers import TOKEN, answered, done
from flowloom.serve.store.builder_page import builder_page, proof_in
from flowloom.serve.store.feeds import FeedRoutes, builds
from flowloom.serve.store.front import front
from flowloom.serve.store.gpt_page import VERSIONS, Told, gpt_page
from flowloom.serve.store.members import for_members
from flowloom.serve.store.purchases import purchase_routes
from flowloom.serve.team.form import fields_of
from flowloom.serve.team.look import Words
from flowloom.store.builders import Builder
from flowloom.store.publications import PublishedVersion
from flowloom.visits.visitors import VisitError
from flowloom.workspace import Workspace, workspace

DRAWING = {
    "Cache-Control": "no-cache",
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; img-src data:",
    "X-Content-Type-Options": "nosniff",
}


def store_routes(find_workspace: Callable[[], Workspace] = workspace) -> list[BaseRoute]:
    """All below `/store`."""
    store, feeds = StoreRoutes(find_workspace), FeedRoutes(find_workspace)
    gpt = "/store/gpt/{slug}"
    routes: list[tuple[str, str, Handler]] = [
        ("GET", "/store", store.front),
        ("GET", "/store/feed.json", feeds.feed),
        ("GET", "/store/feed/{file}", feeds.capsule),
        ("GET", "/store/from/{feed}/{slug}", feeds.elsewhere),
        ("GET", gpt, store.gpt),
        ("GET", f"{gpt}/drawing", store.drawing),
        ("POST", f"{gpt}/rating", store.rate),
        ("POST", f"{gpt}/duplicate", store.duplicate),
        ("POST", f"{gpt}/featured", store.feature),
        ("POST", f"{gpt}/report", store.report),
        ("GET", "/store/builders/{slug}", store.builder),
        ("POST", "/store/builders/{slug}/follow", store.follow),
    ]
    found = [
        Route(path, partial(answered, for_members(find_workspace, call)), methods=[method])
        for method, path, call in routes
    ]
    # A page that tells a stranger why they see nothing needs its script as well.
    asset = Route("/store/-/{asset}", partial(answered, store.asset), methods=["GET"])
    return [asset, *found, *purchase_routes(find_workspace)]


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
        return await run_in_threadpool(
            front, request, home.gallery.catalogue, home.gallery.builder_of, home.subscriptions.items
        )

    async def gpt(self, request: Request) -> Response:
        return await run_in_threadpool(self._gpt, request)

    def _gpt(self, request: Request) -> Response:
        entry, found = self._entry(request), self._found(request)
        home, caller = self._workspace(), caller_of(request)
        versions = home.publications.versions(entry.flow)
        language, builder = language_of(request), home.gallery.builders.of(entry.owner)
        told = Told(
            entry=entry,
            flow=found.flow,
            builder=builder.shown if builder else "",
            builder_address=f"/store/builders/{quote(builder.slug)}" if builder else "",
            proof=proof_in(builder, Words(language)) if builder else "",
            effects=effects_of(found.flow),
            hosts=home.hosts_of(found.flow),
            ratings=home.gallery.opinions.of(entry.flow),
            versions=versions,
            changes=self._changes(entry, versions, language) if entry.may_copy else {},
            may_rate=not home.visits.owns(found, caller),
            may_duplicate=builds(request),
            is_admin=_by(request).admin,
        )
        return gpt_page(request, told)

    def _changes(self, entry: Entry, versions: list[PublishedVersion], language: str) -> dict[int, list[str]]:
        """What each version says otherwise than the one before it."""
        load = self._workspace().publications.version
        shown = versions[: VERSIONS + 1]
        return {
            new.number: differences(load(entry.flow, old.number), load(entry.flow, new.number), language)[:6]
            for new, old in pairwise(shown)
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
        if not entry.may_copy or not builds(request):
            raise GalleryError("This GPT can’t be copied.", "Ask whoever shared it.", code="store.copy")
        home.visits.pace.take("copy", request.client.host if request.client else "", 10)
        flow = home.intake.keep_flow(found.flow)
        home.intake.copy_documents(entry.flow, flow.id)
        account = person_of(request.scope)
        if account:
            home.team.owners.give("gpt", flow.id, account.id)
        return f"/build?gpt={quote(flow.id)}"

    async def feature(self, request: Request) -> Response:
        fields = await fields_of(request)

        def put() -> None:
            entry = self._entry(request)
            yes = fields.get("yes") == "1"
            self._workspace().gallery.feature(entry.flow, yes, _by(request))

        await run_in_threadpool(put)
        return done(request, "Saved.", f"/store/gpt/{quote(request.path_params['slug'])}")

    async def report(self, request: Request) -> Response:
        fields = await fields_of(request)
        await run_in_threadpool(self._report, request, fields)
        return done(request, "Thank you. Whoever looks after the store will read it.")

    def _report(self, request: Request, fields: dict[str, str]) -> None:
        entry, home = self._entry(request), self._workspace()
        try:
            person = home.visits.person(entry.flow, request.headers.get(TOKEN, ""), caller_of(request))
        except VisitError:  # Somebody can report what they never talked with.
            person = ""
        home.gallery.moderation.report(
            entry.flow,
            person,
            fields.get("kind", ""),
            fields.get("text", ""),
            address=request.client.host if request.client else "",
            pace=home.visits.pace,
        )

    async def builder(self, request: Request) -> Response:
        return await run_in_threadpool(self._builder_page, request)

    def _builder_page(self, request: Request) -> Response:
        builder, gallery = self._builder(request), self._workspace().gallery
        person = self._follower(request, builder)
        follows = gallery.builders.store.follows(builder.account, person) if person else None
        followers = gallery.builders.store.followers(builder.account)
        return builder_page(request, builder, gallery.catalogue.of_builder(builder.account), followers, follows)

    async def follow(self, request: Request) -> Response:
        fields = await fields_of(request)

        def put() -> str:
            builder = self._builder(request)
            person = self._follower(request, builder)
            if not person:
                raise GalleryError("You can’t follow this builder.", "Sign in first.", code="store.follow")
            gallery = self._workspace().gallery
            gallery.builders.store.follow(builder.account, person, fields.get("yes") == "1")
            return f"/store/builders/{quote(builder.slug)}"

        return done(request, "", await run_in_threadpool(put))

    def _builder(self, request: Request) -> Builder:
        found = self._workspace().gallery.builders.store.at(request.path_params["slug"])
        if found is None:
            raise GalleryError(
                "There is no builder at this address.", "Look for a GPT of theirs.", code="store.none"
            )
        return found

    def _follower(self, request: Request, builder: Builder) -> str:
        """Who would follow; "" for whoever is not signed in, and for the builder."""
        account = person_of(request.scope)
        return account.id if account and account.id != builder.account else ""

    def _entry(self, request: Request) -> Entry:
        """What the path names, where it is in the store. Raises GalleryError, PublishError."""
        entry = self._workspace().gallery.catalogue.find(request.path_params["slug"])
        if entry is None:
            self._workspace().publications.find(request.path_params["slug"])
            raise GalleryError.from_problem(NOT_IN_STORE)
        return entry

    def _found(self, request: Request) -> Published:
        return self._workspace().visits.find(request.path_params["slug"], caller_of(request))


def _by(request: Request) -> By:
    """Who asks, as who may decide."""
    account = person_of(request.scope)
    admin = is_owner(request.scope) or (account is not None and account.is_admin)
    return By(admin, account.id if account else "", account.shown if account else "")
