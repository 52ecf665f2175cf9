"""The store between stores: what this one offers to others, and the pages of what others offer here."""

import hashlib
from collections.abc import Callable

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import FileResponse, Response

from flowloom.exchange.feed import ENDING
from flowloom.gallery.problems import NOT_IN_STORE, GalleryError
from flowloom.serve.doors import is_owner, person_of
from flowloom.serve.store.elsewhere import elsewhere_page
from flowloom.store_feed import StoreFeed
from flowloom.workspace import Workspace

CAPSULES = 60
"""How many capsules are given out to one address in a minute."""


class FeedRoutes:
    """The handlers."""

    def __init__(self, find_workspace: Callable[[], Workspace]) -> None:
        self._workspace = find_workspace
        self._offered: StoreFeed | None = None

    def _feed(self) -> StoreFeed:
        if self._offered is None:
            self._offered = StoreFeed(self._workspace())
        return self._offered

    async def feed(self, request: Request) -> Response:
        """What other stores may show of this one."""
        data = await run_in_threadpool(lambda: self._feed().feed())
        tag = f'"{hashlib.sha256(data).hexdigest()[:32]}"'
        headers = {"ETag": tag, "Cache-Control": "no-cache", "X-Content-Type-Options": "nosniff"}
        if request.headers.get("if-none-match") == tag:
            return Response(status_code=304, headers=headers)
        return Response(data, media_type="application/json", headers=headers)

    async def capsule(self, request: Request) -> Response:
        """One GPT of it, with its documents."""
        slug = request.path_params["file"].removesuffix(ENDING)
        self._workspace().visits.pace.take("feed", request.client.host if request.client else "", CAPSULES)
        path = await run_in_threadpool(lambda: self._feed().capsule(slug))
        if path is None:
            raise GalleryError.from_problem(NOT_IN_STORE)
        return FileResponse(path, media_type="application/zip", headers={"Cache-Control": "no-cache"})

    async def elsewhere(self, request: Request) -> Response:
        """The page of a GPT of another store."""
        return await run_in_threadpool(self._elsewhere, request)

    def _elsewhere(self, request: Request) -> Response:
        home, asked = self._workspace(), request.path_params
        found, item = home.subscriptions.find(asked["feed"], asked["slug"])
        account = person_of(request.scope)
        allowed = account is None or home.team.console.permissions.may(account, "bring_in")
        return elsewhere_page(request, found, item, builds(request) and allowed)


def builds(request: Request) -> bool:
    """Whether whoever asks makes GPTs here."""
    account = person_of(request.scope)
    return is_owner(request.scope) or (account is not None and account.builds)
