"""What is told of a published GPT to everybody who may use it: its page, its icon, a copy where one may be had."""

from collections.abc import Callable

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from flowloom.errors import FlowloomError
from flowloom.flow.model import Flow
from flowloom.publishing import Published, PublishError
from flowloom.serve.doors import is_owner, person_of
from flowloom.serve.exports import export_of
from flowloom.serve.page import icons, shell
from flowloom.serve.page.refusals import NO_STORE, language_of
from flowloom.serve.page.voice import voice_of
from flowloom.services.models.settings import ROLES
from flowloom.visits import visits as limits
from flowloom.visits.visitors import Caller
from flowloom.workspace import Workspace

PRACTICE = "practice/"
LIMITS = {"message": limits.LONGEST_MESSAGE, "files": limits.MOST_FILES}


class PageRoutes:
    """The page and what belongs to it."""

    def __init__(self, find_workspace: Callable[[], Workspace]) -> None:
        self._workspace = find_workspace

    async def asset(self, request: Request) -> Response:
        return shell.asset(request.path_params["asset"], request.query_params.get("v", ""))

    async def document(self, request: Request) -> Response:
        return await run_in_threadpool(self.document_for, request)

    def document_for(self, request: Request, framed: bool = False) -> Response:
        """The page of a GPT, by itself or to be shown inside another."""
        found, home = self.found(request), self._workspace()
        practice, hosts = _answers_from(home, found.flow)
        home.searched.make_ready_for(found.flow)
        return shell.document(
            found,
            language_of(request),
            practice=practice,
            hosts=hosts,
            limits=LIMITS,
            framed=framed,
            voice=voice_of(home, found.flow),
            keep_days=home.team.console.days_of(found.flow.id),
        )

    async def icon(self, request: Request) -> Response:
        return icons.icon((await run_in_threadpool(self.found, request)).flow)

    async def icon_png(self, request: Request) -> Response:
        return await run_in_threadpool(lambda: icons.icon_png(self.found(request).flow))

    async def manifest(self, request: Request) -> Response:
        return shell.manifest(await run_in_threadpool(self.found, request), language_of(request))

    async def copy(self, request: Request) -> Response:
        return await run_in_threadpool(self._copy, request)

    def _copy(self, request: Request) -> Response:
        found, home = self.found(request), self._workspace()
        if not found.publication.terms.may_copy:
            raise PublishError("This GPT can’t be copied.", "Ask whoever shared it.", code="publish.none")
        home.visits.pace.take("copy", _address(request), 10)
        answer = export_of(home, "capsule", found.flow, language_of(request))
        name = f'attachment; filename="{_ascii(found.publication.slug)}.flowloom"'
        answer.headers["Content-Disposition"] = name
        return answer

    async def visitor(self, request: Request) -> Response:
        await run_in_threadpool(self.found, request)
        token = self._workspace().visits.new_visitor(_address(request))
        return JSONResponse({"visitor": token}, 201, headers=NO_STORE)

    def found(self, request: Request) -> Published:
        """What is served under the name in the path. Raises PublishError."""
        return self._workspace().visits.find(request.path_params["slug"], caller_of(request))


def _answers_from(home: Workspace, flow: Flow) -> tuple[bool, tuple[str, ...]]:
    """Whether the practice model answers, and which other computers data can go to."""
    try:
        found = home.forecast(flow)
    except FlowloomError:
        return False, ()
    roles = home.models.settings.roles
    practice = bool(found.most) and all(roles.get(role, PRACTICE).startswith(PRACTICE) for role in ROLES)
    return practice, found.hosts


def caller_of(request: Request) -> Caller:
    """Who asks, as far as the guard knows them."""
    return Caller(is_owner(request.scope), person_of(request.scope))


def _address(request: Request) -> str:
    return request.client.host if request.client else ""


def _ascii(slug: str) -> str:
    return slug if slug.isascii() else "gpt"
