"""The routes of the published page: who may use a GPT is asked first, then whose conversation it is."""

import sqlite3
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import BaseRoute, Route

from flowloom.errors import FlowloomError, KnowledgeError, Problem
from flowloom.flow.model import Flow
from flowloom.kinds.people import Reply
from flowloom.locales import LANGUAGES
from flowloom.publishing import Published, PublishError
from flowloom.serve.doors import is_owner
from flowloom.serve.exports import export_of
from flowloom.serve.page import icons, shell
from flowloom.serve.page.bodies import file_of, ids_in, json_of, text_in
from flowloom.serve.page.cards import SHOWN, file_card, question_card, turn_card
from flowloom.serve.page.stream import AnswerStream
from flowloom.serve.page.visitor_problems import for_visitors
from flowloom.serve.page.voice import voice_of, words_of
from flowloom.serve.plain_page import browser_language, plain_page
from flowloom.services.formats.pictures import thumbnail
from flowloom.services.models.settings import ROLES
from flowloom.visits import visits as limits
from flowloom.visits.pace import PaceError
from flowloom.visits.visits import Visit
from flowloom.workspace import Workspace, workspace

Json = dict[str, Any]
Handler = Callable[[Request], Awaitable[Response]]

TOKEN = "x-flowloom-visitor"
NO_STORE = {"Cache-Control": "no-store"}
STREAM = {"Cache-Control": "no-store", "X-Accel-Buffering": "no", "Content-Encoding": "identity"}
MOST_STREAMS = 8
"""Answers that one visitor follows at the same time."""
PRACTICE = "practice/"
WIDTH = 1_280
STATUS = {"publish.none": 404, "visit.none": 404, "visit.unknown": 401, "visit.busy": 409, "visit.large": 413}
LIMITS = {"message": limits.LONGEST_MESSAGE, "files": limits.MOST_FILES}


def page_routes(
    find_workspace: Callable[[], Workspace] = workspace, page: "PageRoutes | None" = None
) -> list[BaseRoute]:
    """All below `/gpt/`. No published name is “-”, so what belongs to no GPT is below that."""
    page = page or PageRoutes(find_workspace)
    chat = "/gpt/{slug}/chats/{chat}"
    routes: list[tuple[str, str, Handler]] = [
        ("GET", "/gpt/-/{asset}", page.asset),
        ("GET", "/gpt/{slug}", page.document),
        ("GET", "/gpt/{slug}/icon", page.icon),
        ("GET", "/gpt/{slug}/icon.png", page.icon_png),
        ("GET", "/gpt/{slug}/manifest", page.manifest),
        ("GET", "/gpt/{slug}/copy", page.copy),
        ("POST", "/gpt/{slug}/visitor", page.visitor),
        ("GET", "/gpt/{slug}/chats", page.chats),
        ("POST", "/gpt/{slug}/chats", page.begin),
        ("DELETE", "/gpt/{slug}/chats", page.delete_all),
        ("GET", "/gpt/{slug}/mine/{form}", page.mine),
        ("GET", chat, page.chat),
        ("DELETE", chat, page.delete),
        ("GET", f"{chat}/as/{{form}}", page.told),
        ("POST", f"{chat}/files", page.attach),
        ("GET", f"{chat}/files/{{file}}", page.file),
        ("DELETE", f"{chat}/files/{{file}}", page.detach),
        ("POST", f"{chat}/speech", page.hear),
        ("POST", f"{chat}/messages", page.say),
        ("POST", f"{chat}/again", page.again),
        ("GET", f"{chat}/live", page.live),
        ("POST", f"{chat}/stop", page.stop),
        ("POST", f"{chat}/answers/{{question}}", page.answer),
        ("POST", f"{chat}/ratings/{{run}}", page.rate),
    ]
    return [Route(path, partial(answered, call), methods=[method]) for method, path, call in routes]


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
        return _said(away, request, 503)


def refusal(request: Request, error: FlowloomError) -> Response:
    """An error as a page or as data, by what the browser asked for."""
    found = error.problem
    if not isinstance(error, KnowledgeError):
        found = for_visitors(found)
    late = found.code.startswith("question.")
    status = 429 if isinstance(error, PaceError) else 409 if late else STATUS.get(found.code, 400)
    if isinstance(error, PublishError) and "text/html" in request.headers.get("accept", ""):
        return plain_page("Nothing here", found, language_of(request), status)
    answer = _said(found, request, status)
    if status == 429:
        answer.headers["Retry-After"] = "60"
    return answer


def _said(found: Problem, request: Request, status: int) -> Response:
    said = found.describe(language_of(request))
    told = {"code": found.code, "message": said.message, "hint": said.hint}
    return JSONResponse({"problem": told}, status, headers=NO_STORE)


def language_of(request: Request) -> str:
    """The language the page was asked for, else the browser’s."""
    asked = request.query_params.get("lang") or request.headers.get("x-flowloom-language") or ""
    return asked if asked in LANGUAGES else browser_language(request)


class PageRoutes:
    """What is answered to browsers of visitors."""

    def __init__(self, find_workspace: Callable[[], Workspace]) -> None:
        self._workspace = find_workspace
        self._following: dict[str, int] = {}

    async def asset(self, request: Request) -> Response:
        return shell.asset(request.path_params["asset"], request.query_params.get("v", ""))

    async def document(self, request: Request) -> Response:
        return await run_in_threadpool(self.document_for, request)

    def document_for(self, request: Request, framed: bool = False) -> Response:
        """The page of a GPT, by itself or to be shown inside another."""
        found, home = self.found(request), self._workspace()
        practice, hosts = _answers_from(home, found.flow)
        home.make_ready_for(found.flow)
        return shell.document(
            found,
            language_of(request),
            practice=practice,
            hosts=hosts,
            limits=LIMITS,
            framed=framed,
            voice=voice_of(home, found.flow),
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

    async def chats(self, request: Request) -> Response:
        def listed() -> list[Json]:
            found = self._visit(request).conversations(request.query_params.get("search", "")[:200])
            return [{"id": each.id, "started": each.started, "title": each.title[:120]} for each in found]

        return JSONResponse({"chats": await run_in_threadpool(listed)}, headers=NO_STORE)

    async def begin(self, request: Request) -> Response:
        chat = await run_in_threadpool(lambda: self._visit(request).begin())
        return JSONResponse({"id": chat}, 201, headers=NO_STORE)

    async def delete_all(self, request: Request) -> Response:
        await run_in_threadpool(lambda: self._visit(request).delete_all())
        return Response(status_code=204)

    async def mine(self, request: Request) -> Response:
        form = request.path_params["form"]
        told = await run_in_threadpool(lambda: self._visit(request).told_all(form, language_of(request)))
        return _document(told, form)

    async def chat(self, request: Request) -> Response:
        return JSONResponse(await run_in_threadpool(self._chat, request), headers=NO_STORE)

    def _chat(self, request: Request) -> Json:
        visit, language = self._visit(request), language_of(request)
        standing, runs = visit.standing(request.path_params["chat"]), self._workspace().runs

        def card(turn: Any) -> Json:
            is_answer = turn.role != "user" and turn.run_id
            rated = runs.rating(turn.run_id) if is_answer else None
            view = visit.view(turn.run_id) if is_answer else None
            return turn_card(turn, visit.flow, view, rated[0] if rated else None, language)

        return {
            "turns": [card(turn) for turn in standing.turns],
            "run": standing.run,
            "questions": [question_card(each, language) for each in standing.waiting],
            "interrupted": standing.interrupted,
        }

    async def delete(self, request: Request) -> Response:
        await run_in_threadpool(lambda: self._visit(request).delete(request.path_params["chat"]))
        return Response(status_code=204)

    async def told(self, request: Request) -> Response:
        form, chat = request.path_params["form"], request.path_params["chat"]
        told = await run_in_threadpool(lambda: self._visit(request).told(chat, form, language_of(request)))
        return _document(told, form)

    async def attach(self, request: Request) -> Response:
        visit, chat = await run_in_threadpool(self._visit, request), request.path_params["chat"]
        await run_in_threadpool(visit.require, chat)
        name, kind = request.query_params.get("name", "")[:1_000], request.headers.get("content-type", "")[:100]
        data = await file_of(request, name)
        file = await run_in_threadpool(visit.attach, chat, name, kind, data)
        return JSONResponse(file_card(file), 201, headers=NO_STORE)

    async def detach(self, request: Request) -> Response:
        chat, file = request.path_params["chat"], request.path_params["file"]
        await run_in_threadpool(lambda: self._visit(request).detach(chat, file))
        return Response(status_code=204)

    async def file(self, request: Request) -> Response:
        chat, id = request.path_params["chat"], request.path_params["file"]
        file, data = await run_in_threadpool(lambda: self._visit(request).file(chat, id))
        if request.query_params.get("small") and file.media_type in SHOWN:
            data = await run_in_threadpool(thumbnail, data, WIDTH)
        # Never as what it says it is: opened as a page, it would be one of ours.
        headers = NO_STORE | {"Content-Disposition": "attachment", "X-Content-Type-Options": "nosniff"}
        return Response(data, media_type="application/octet-stream", headers=headers)

    async def hear(self, request: Request) -> Response:
        visit, language = await run_in_threadpool(self._visit, request), language_of(request)
        await run_in_threadpool(visit.require, request.path_params["chat"])
        home = self._workspace()
        home.visits.pace.take("speech", visit.visitor, limits.MESSAGES)
        data = await file_of(request, "speech.webm")
        text = await run_in_threadpool(words_of, home, visit.flow, data, language)
        return JSONResponse({"text": text}, headers=NO_STORE)

    async def say(self, request: Request) -> Response:
        visit, chat, body = await self._asked(request)
        language = language_of(request)
        run = await run_in_threadpool(visit.say, chat, text_in(body, "text"), ids_in(body, "files"), language)
        return self._follow(request, visit, run)

    async def again(self, request: Request) -> Response:
        visit, chat, body = await self._asked(request)
        words = text_in(body, "text") if isinstance(body.get("text"), str) else None
        run = await run_in_threadpool(visit.again, chat, language_of(request), words)
        return self._follow(request, visit, run)

    async def live(self, request: Request) -> Response:
        visit, chat = await run_in_threadpool(self._visit, request), request.path_params["chat"]
        standing = await run_in_threadpool(visit.standing, chat)
        known = request.headers.get("last-event-id", "")[:100]
        wanted = known.partition(".")[0]
        ours = {turn.run_id for turn in standing.turns}
        run = standing.run or (wanted if wanted in ours else None)
        return self._follow(request, visit, run, known) if run else Response(status_code=204)

    def _follow(self, request: Request, visit: Visit, run: str, known: str = "") -> Response:
        if self._following.get(visit.visitor, 0) >= MOST_STREAMS:
            raise PaceError("This GPT is open in many windows.", "Close some of them, then try again.")
        chat, language = request.path_params["chat"], language_of(request)
        stream = AnswerStream(self._workspace().visits, visit, chat, run, language, known)

        async def events() -> Any:
            self._following[visit.visitor] = self._following.get(visit.visitor, 0) + 1
            try:
                async for event in stream.events():
                    yield event
            finally:
                self._following[visit.visitor] -= 1
                if not self._following[visit.visitor]:
                    del self._following[visit.visitor]

        return StreamingResponse(events(), media_type="text/event-stream", headers=STREAM)

    async def stop(self, request: Request) -> Response:
        await run_in_threadpool(lambda: self._visit(request).stop(request.path_params["chat"]))
        return Response(status_code=204)

    async def answer(self, request: Request) -> Response:
        visit, chat, body = await self._asked(request)
        values = body.get("values")
        reply = Reply(
            choice=text_in(body, "choice"),
            comment=text_in(body, "comment"),
            values=values if isinstance(values, dict) else {},
        )
        await run_in_threadpool(visit.answer, chat, request.path_params["question"], reply)
        return Response(status_code=204)

    async def rate(self, request: Request) -> Response:
        visit, chat, body = await self._asked(request)
        await run_in_threadpool(visit.rate, chat, request.path_params["run"], body.get("good") is True)
        return Response(status_code=204)

    async def _asked(self, request: Request) -> tuple[Visit, str, Json]:
        """Who asks, in which conversation, and what; nothing of a body is read before the visitor is known."""
        visit = await run_in_threadpool(self._visit, request)
        await run_in_threadpool(visit.require, request.path_params["chat"])
        return visit, request.path_params["chat"], await json_of(request)

    def found(self, request: Request) -> Published:
        """What is served under the name in the path. Raises PublishError."""
        return self._workspace().visits.find(request.path_params["slug"], owner=is_owner(request.scope))

    def _visit(self, request: Request) -> Visit:
        token, slug = request.headers.get(TOKEN, ""), request.path_params["slug"]
        return self._workspace().visits.enter(slug, token, owner=is_owner(request.scope))


def _answers_from(home: Workspace, flow: Flow) -> tuple[bool, tuple[str, ...]]:
    """Whether the practice model answers, and which other computers data can go to."""
    try:
        found = home.forecast(flow)
    except FlowloomError:
        return False, ()
    roles = home.models.settings.roles
    practice = bool(found.most) and all(roles.get(role, PRACTICE).startswith(PRACTICE) for role in ROLES)
    return practice, found.hosts


def _document(told: str, form: str) -> Response:
    kind = "application/json" if form == "json" else "text/markdown"
    return Response(told, media_type=kind, headers=NO_STORE | {"Content-Disposition": "attachment"})


def _address(request: Request) -> str:
    return request.client.host if request.client else ""


def _ascii(slug: str) -> str:
    return slug if slug.isascii() else "gpt"
