"""What visitors do in their conversations: nothing is read of a call before it is known whose it is."""

from collections.abc import Callable
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse

from flowloom.kinds.people import Reply
from flowloom.serve.page.bodies import file_of, ids_in, json_of, text_in
from flowloom.serve.page.cards import SHOWN, file_card, question_card, turn_card
from flowloom.serve.page.pages import PageRoutes, caller_of
from flowloom.serve.page.refusals import NO_STORE, language_of
from flowloom.serve.page.stream import AnswerStream
from flowloom.serve.page.voice import words_of
from flowloom.services.formats.pictures import thumbnail
from flowloom.visits import visits as limits
from flowloom.visits.pace import PaceError
from flowloom.visits.visits import Visit
from flowloom.workspace import Workspace

Json = dict[str, Any]

TOKEN = "x-flowloom-visitor"
STREAM = {"Cache-Control": "no-store", "X-Accel-Buffering": "no", "Content-Encoding": "identity"}
MOST_STREAMS = 8
"""Answers that one visitor follows at the same time."""
WIDTH = 1_280


class ChatRoutes(PageRoutes):
    """The page, and the conversations of whoever has a visitor’s token."""

    def __init__(self, find_workspace: Callable[[], Workspace]) -> None:
        super().__init__(find_workspace)
        self._following: dict[str, int] = {}

    async def chats(self, request: Request) -> Response:
        def listed() -> list[Json]:
            found = self._visit(request).conversations(request.query_params.get("search", "")[:200])
            return [each._asdict() | {"title": each.title[:120]} for each in found]

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
            return turn_card(turn, visit.flow, view, rated[0] if rated else None, language, visit.is_saved(view))

        return {
            "turns": [card(turn) for turn in standing.turns],
            "run": standing.run,
            "questions": [question_card(each, language) for each in standing.waiting],
            "interrupted": standing.interrupted,
            "shared": standing.shared,
        }

    async def delete(self, request: Request) -> Response:
        await run_in_threadpool(lambda: self._visit(request).delete(request.path_params["chat"]))
        return Response(status_code=204)

    async def share(self, request: Request) -> Response:
        await run_in_threadpool(lambda: self._visit(request).share(request.path_params["chat"]))
        return Response(status_code=204)

    async def stop_sharing(self, request: Request) -> Response:
        await run_in_threadpool(lambda: self._visit(request).stop_sharing(request.path_params["chat"]))
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
        await run_in_threadpool(visit.require_paid, request.path_params["chat"])
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

    def _visit(self, request: Request) -> Visit:
        token, slug = request.headers.get(TOKEN, ""), request.path_params["slug"]
        return self._workspace().visits.enter(slug, token, caller_of(request))


def _document(told: str, form: str) -> Response:
    kind = "application/json" if form == "json" else "text/markdown"
    return Response(told, media_type=kind, headers=NO_STORE | {"Content-Disposition": "attachment"})
