"""The canvas's routes: the flow, its edits, and a live stream of revisions and run events."""

import asyncio
import json
import time
from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from typing import Any
from urllib.parse import unquote

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import BaseRoute, Route

from flowloom.editor import Document
from flowloom.errors import FlowEditError, FlowloomError
from flowloom.run.events import RunEvent, RunStarted
from flowloom.serve.cards import catalog, patches, snapshot
from flowloom.serve.exports import export_of, transcript_of
from flowloom.serve.leaving import leaving
from flowloom.serve.page_calls import answer_page, json_of
from flowloom.serve.page_token import language_of, mint_token
from flowloom.serve.problems import problem
from flowloom.serve.runs import run_file
from flowloom.serve.status import full_status, replay_of, status_after, together, value_of
from flowloom.store.runs import PAGE
from flowloom.workspace import Workspace, workspace

__all__ = ["catalog", "editor_routes", "mint_token"]

Json = dict[str, Any]

PING = 15.0
LOOK = 1.0
"""Seconds between looks at the file of a flow that is open."""


def editor_routes(find_workspace: Callable[[], Workspace] = workspace) -> list[BaseRoute]:
    """The routes of the canvas; who may call at all is the guard's to say."""
    routes = _EditorRoutes(find_workspace)
    return [
        Route("/flows/{flow}", routes.read, methods=["GET"]),
        Route("/flows/{flow}/ops", routes.submit, methods=["POST"]),
        Route("/flows/{flow}/live", routes.live, methods=["GET"]),
        Route("/flows/{flow}/runs/{run}", routes.replay, methods=["GET"]),
        Route("/flows/{flow}/runs/{run}/value", routes.value, methods=["GET"]),
        Route("/flows/{flow}/runs/{run}/export/json", routes.export_run, methods=["GET"]),
        Route("/flows/{flow}/export/{form}", routes.export, methods=["GET"]),
        Route("/flows/{flow}/conversations/{conversation}/{form}", routes.transcript, methods=["GET"]),
        Route("/flows/{flow}/files/{file}", routes.file, methods=["GET"]),
    ]


class _EditorRoutes:
    def __init__(self, find_workspace: Callable[[], Workspace]) -> None:
        self._workspace = find_workspace

    async def read(self, request: Request) -> Response:
        return await answer_page(request, self._read)

    async def submit(self, request: Request) -> Response:
        return await answer_page(request, self._submit)

    async def live(self, request: Request) -> Response:
        return await answer_page(request, self._live)

    async def replay(self, request: Request) -> Response:
        return await answer_page(request, self._replay)

    async def value(self, request: Request) -> Response:
        return await answer_page(request, self._value)

    async def export(self, request: Request) -> Response:
        return await answer_page(request, self._export)

    async def export_run(self, request: Request) -> Response:
        return await answer_page(request, self._export_run)

    async def transcript(self, request: Request) -> Response:
        return await answer_page(request, self._transcript)

    async def file(self, request: Request) -> Response:
        return await answer_page(request, self._file)

    def _document(self, request: Request) -> Document:
        return self._workspace().editor.open(request.path_params["flow"])

    async def _read(self, request: Request) -> Response:
        document = await run_in_threadpool(self._document, request)
        return JSONResponse(snapshot(document, language_of(request)))

    async def _export(self, request: Request) -> Response:
        document = await run_in_threadpool(self._document, request)
        options = unquote(request.headers.get("x-flowloom-options", ""))
        wanted = request.path_params["form"], document.flow, language_of(request), options
        return await run_in_threadpool(export_of, self._workspace(), *wanted)

    async def _transcript(self, request: Request) -> Response:
        document = await run_in_threadpool(self._document, request)
        form, conversation = request.path_params["form"], request.path_params["conversation"]
        wanted = form, document.flow, conversation, language_of(request)
        return await run_in_threadpool(transcript_of, self._workspace(), *wanted)

    async def _export_run(self, request: Request) -> Response:
        file = await run_in_threadpool(
            run_file, self._workspace(), request.path_params["flow"], request.path_params["run"]
        )
        return Response(file, media_type="application/json") if file else Response(status_code=404)

    async def _file(self, request: Request) -> Response:
        wanted = request.path_params["flow"], request.path_params["file"]
        found = await run_in_threadpool(self._workspace().runs.attachment, *wanted)
        if found is None:
            return Response(status_code=404)
        # Never as what it says it is: opened as a page, it would be one of ours.
        headers = {"Content-Disposition": "attachment", "X-Content-Type-Options": "nosniff"}
        return Response(found[1], media_type="application/octet-stream", headers=headers)

    def _events(self, request: Request) -> list[RunEvent]:
        """The events of a run of this flow; none where the run is of another."""
        runs = self._workspace().runs
        events = [] if runs.via_of(request.path_params["run"]) == PAGE else runs.events(request.path_params["run"])
        begun = events[0] if events else None
        return events if isinstance(begun, RunStarted) and begun.flow_id == request.path_params["flow"] else []

    async def _replay(self, request: Request) -> Response:
        document = await run_in_threadpool(self._document, request)
        events = await run_in_threadpool(self._events, request)
        steps = await run_in_threadpool(replay_of, events, document.flow, language_of(request))
        return JSONResponse({"steps": steps})

    async def _value(self, request: Request) -> Response:
        events = await run_in_threadpool(self._events, request)
        node, _, port = request.query_params.get("from", "").partition(".")
        return JSONResponse({"value": value_of(events, node, port)})

    async def _submit(self, request: Request) -> Response:
        body = await json_of(request)
        return JSONResponse(await run_in_threadpool(self._apply, request, body))

    def _apply(self, request: Request, body: Json) -> Json:
        document, language = self._document(request), language_of(request)
        acked, rejected = document.submit(str(body.get("client", ""))[:64], _operations(body))
        answer: Json = {
            "acked": acked,
            "revision": document.revision,
            "rejected": [{"seq": seq, "problem": problem(found, language)} for seq, found in rejected],
        }
        known = body.get("revision")
        found = patches(document, known if isinstance(known, int) else -1, language)
        return answer | ({"patches": found} if found is not None else {"snapshot": snapshot(document, language)})

    async def _live(self, request: Request) -> Response:
        document = await run_in_threadpool(self._document, request)
        after = request.query_params.get("after", "")
        stream = _Live(self._workspace(), document, int(after) if after.isdecimal() else -1, language_of(request))
        headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no", "Content-Encoding": "identity"}
        return StreamingResponse(stream.events(), media_type="text/event-stream", headers=headers)


LEAVE: Json = {"leave": True}


class _Live:
    """One open stream: woken by a revision or a run event, it sends what its canvas has not seen."""

    def __init__(self, home: Workspace, document: Document, revision: int, language: str) -> None:
        self._home, self._document, self._revision, self._language = home, document, revision, language
        self._loop = asyncio.get_running_loop()
        self._news: asyncio.Queue[Json | None] = asyncio.Queue()
        self._own: dict[str, bool] = {}
        self._leave = lambda: self._put(LEAVE)
        leaving.listen(self._leave)

    async def events(self) -> AsyncIterator[str]:
        deaf = self._document.listen(lambda: self._put(None))
        blind = self._home.runner.watch(self._on_run_event)
        try:
            yield _event("status", self._status())
            said = time.monotonic()
            while True:
                for kind, data in self._revisions():
                    yield _event(kind, data)
                try:
                    news = [await asyncio.wait_for(self._news.get(), LOOK)]
                except TimeoutError:
                    # Other processes and programs change the file without a word.
                    await run_in_threadpool(self._look)
                    if time.monotonic() - said >= PING:
                        said = time.monotonic()
                        yield _event("ping", {})
                    continue
                while not self._news.empty():
                    news.append(self._news.get_nowait())
                if LEAVE in news:
                    return
                for status in together(each for each in news if each is not None):
                    yield _event("status", status)
        finally:
            deaf()
            blind()

    def _look(self) -> None:
        with suppress(FlowloomError):  # What cannot be read is told with the next edit.
            self._document.refresh()
            self._document.look_around()

    def _put(self, news: Json | None) -> None:
        self._loop.call_soon_threadsafe(self._news.put_nowait, news)

    def _on_run_event(self, flow_id: str, event: RunEvent) -> None:
        view = self._home.runner.view(event.run_id)
        if flow_id != self._document.flow.id or view is None or not self._is_own(event.run_id):
            return
        status = status_after(event, view, self._document.flow, self._language)
        if status is not None:
            self._put(status)

    def _is_own(self, run_id: str) -> bool:
        """Whether the app started a run, and not somebody who uses what is published."""
        if run_id not in self._own:
            self._own[run_id] = not self._home.runs.via_of(run_id)
        return self._own[run_id]

    def _status(self) -> Json:
        latest = self._home.runner.latest(self._document.flow.id)
        view = self._home.runner.view(latest) if latest else None
        return full_status(view, self._document.flow, self._language)

    def _revisions(self) -> list[tuple[str, Json]]:
        found = patches(self._document, self._revision, self._language)
        self._revision = self._document.revision
        if found is None:
            return [("snapshot", snapshot(self._document, self._language))]
        return [("patch", patch) for patch in found]


def _event(kind: str, data: Json) -> str:
    return f"event: {kind}\ndata: {json.dumps(data, ensure_ascii=False)}\n\n"


def _operations(body: Json) -> list[Json]:
    operations = body.get("ops")
    if not isinstance(operations, list) or not all(isinstance(each, dict) for each in operations):
        raise FlowEditError("This change can’t be read.", "Reload the page.")
    return operations
