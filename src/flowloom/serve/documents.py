"""Documents dropped on a block of the canvas: taken in one by one, then read as those of the block's panel are."""

import asyncio
import json
import sqlite3
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import suppress
from pathlib import PurePath
from tempfile import TemporaryFile
from typing import IO, Any

from pydantic import BaseModel, Field, ValidationError
from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import BaseRoute, Route

from flowloom.editor import Document
from flowloom.errors import FlowloomError, KnowledgeError, Problem
from flowloom.flow.model import Flow
from flowloom.nodes.knowledge.shared import bases_of
from flowloom.serve.cards import MAX_DOCUMENTS
from flowloom.serve.declared_size import declared_size
from flowloom.serve.page_calls import answer_page, json_of
from flowloom.serve.page_token import language_of
from flowloom.serve.problems import problem
from flowloom.services.disk_failures import UNREADABLE, disk_problem
from flowloom.services.files import private_folder
from flowloom.services.knowledge.bases import hash_of
from flowloom.services.knowledge.ingest import OnFile, Progress
from flowloom.services.knowledge.loaders import READABLE, check_size
from flowloom.workspace import Workspace, workspace

Json = dict[str, Any]

LONGEST_NAME = 200
LOST = Problem.of("knowledge.lost", "“{file}” wasn’t added.", "Drop it again to see why.")


class Taken(BaseModel):
    """A document that was taken in, by its name and the hash of its bytes."""

    file: str = Field(max_length=LONGEST_NAME)
    hash: str = Field(max_length=64)


class _Wanted(BaseModel):
    files: list[Taken] = Field(max_length=MAX_DOCUMENTS)


def document_routes(find_workspace: Callable[[], Workspace] = workspace) -> list[BaseRoute]:
    """One call for each document, its bytes as they are; then one that reads them and tells how far it is."""
    routes = _DocumentRoutes(find_workspace)
    return [
        Route("/flows/{flow}/documents/{node}", routes.take, methods=["POST"]),
        Route("/flows/{flow}/documents/{node}/read", routes.read, methods=["POST"]),
    ]


class _DocumentRoutes:
    def __init__(self, find_workspace: Callable[[], Workspace]) -> None:
        self._workspace = find_workspace

    async def take(self, request: Request) -> Response:
        return await answer_page(request, self._take)

    async def read(self, request: Request) -> Response:
        return await answer_page(request, self._read)

    async def _take(self, request: Request) -> Response:
        home, name = self._workspace(), _name_of(request)
        base = await run_in_threadpool(_base_to_fill, home, request)
        check_size(name, declared_size(request))  # before any of it is on the disk
        # Without a name in the file system, so that nothing stays of what is cut off or refused.
        private_folder(home.knowledge.folder)
        with TemporaryFile(dir=home.knowledge.folder) as kept:
            try:
                await _receive(request, name, kept)
            except ClientDisconnect:
                return Response(status_code=400)
            return JSONResponse(await run_in_threadpool(_put, home, base, name, kept, language_of(request)))

    async def _read(self, request: Request) -> Response:
        home, wanted = self._workspace(), _wanted(await json_of(request))
        document = await run_in_threadpool(home.editor.open, request.path_params["flow"])
        base = base_of_block(home, document.flow, request.path_params["node"])
        reading = _Reading(home, document, base, wanted, language_of(request))
        headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no", "Content-Encoding": "identity"}
        return StreamingResponse(reading.lines(), media_type="application/x-ndjson", headers=headers)


def base_of_block(home: Workspace, flow: Flow, node_id: str) -> str:
    """The key of the base to which documents of a block are added. Raises KnowledgeError where there is none."""
    node = flow.node(node_id)
    if node is None:
        raise KnowledgeError(
            "This block couldn’t be found.", "Wait until the canvas says “Saved”, then drop the documents again."
        )
    for base in bases_of(node):
        return home.searched.key_to_fill(flow.id, base)
    raise KnowledgeError("This block doesn’t search documents.", "Drop them on a block that does.")


def _base_to_fill(home: Workspace, request: Request) -> str:
    """The base of the block in the path, where there is room for one more."""
    flow = home.editor.open(request.path_params["flow"]).flow
    base = base_of_block(home, flow, request.path_params["node"])
    if len(home.ingest.waiting(base)) >= MAX_DOCUMENTS:
        raise KnowledgeError(
            "{count} documents are already waiting to be read.", "Add the rest once they are.", count=MAX_DOCUMENTS
        )
    return base


def _name_of(request: Request) -> str:
    """The name of a document, which is never a place on a disk. Raises KnowledgeError."""
    given = request.query_params.get("name", "").replace("\\", "/").rpartition("/")[2]
    name = "".join(each for each in given if each.isprintable()).strip()[-LONGEST_NAME:]
    if PurePath(name).suffix.lower().removeprefix(".") not in READABLE:
        raise KnowledgeError(
            "“{file}” is a type of file that can’t be read.",
            "Save it as PDF, Markdown or plain text and add that.",
            file=name,
        )
    return name


async def _receive(request: Request, name: str, kept: IO[bytes]) -> None:
    """Write a body to the disk as it comes. Raises KnowledgeError once it is too large."""
    size = 0
    async for piece in request.stream():
        size += len(piece)
        check_size(name, size)
        await run_in_threadpool(kept.write, piece)


def _put(home: Workspace, base: str, name: str, kept: IO[bytes], language: str) -> Json:
    kept.seek(0)
    data = kept.read()
    (progress,) = home.ingest.put(base, [(name, data)])
    return _told(progress, language) | {"hash": hash_of(data)}


def _wanted(body: Json) -> Sequence[Taken]:
    try:
        return _Wanted.model_validate(body).files
    except ValidationError:
        raise KnowledgeError("These documents can’t be read.", "Reload the page.") from None


class _Reading:
    """The documents of a base as they are read: a line as each ends, and at last one of what became of all."""

    def __init__(
        self, home: Workspace, document: Document, base: str, wanted: Sequence[Taken], language: str
    ) -> None:
        self._home, self._document, self._base = home, document, base
        self._wanted, self._language = wanted, language

    async def lines(self) -> AsyncIterator[str]:
        loop, news = asyncio.get_running_loop(), asyncio.Queue[Progress | None]()

        def hear(progress: Progress) -> None:
            with suppress(RuntimeError):  # The server ends; what is read stays read.
                loop.call_soon_threadsafe(news.put_nowait, progress)

        # Goes on where the page is gone.
        work = asyncio.ensure_future(run_in_threadpool(self._work, hear))
        work.add_done_callback(lambda _: news.put_nowait(None))
        ended = 0
        while (progress := await news.get()) is not None:
            if progress.state != "reading":
                ended += 1
                yield _line({"read": ended})
        yield _line(work.result())

    def _work(self, on_file: OnFile) -> Json:
        try:
            ended = {each.file: each for each in self._home.ingest.run(self._base, on_file)}
            outcomes = [self._outcome(each, ended) for each in self._wanted]
            self._document.look_around()
        except FlowloomError as error:
            return {"problem": problem(error.problem, self._language)}
        except (OSError, sqlite3.Error) as error:
            return {"problem": problem(disk_problem(error) or UNREADABLE, self._language)}
        return {"files": [_told(each, self._language) for each in outcomes]}

    def _outcome(self, taken: Taken, ended: dict[str, Progress]) -> Progress:
        """How a document ended; another page, or the panel, may have read it just before."""
        found = ended.get(taken.file)
        if found and found.state in ("done", "failed"):
            return found
        for info in self._home.knowledge.files(self._base):
            if info.name == taken.file and info.hash == taken.hash:
                return Progress(file=info.name, state="done", info=info)
        lost = LOST.model_copy(update={"params": {"file": taken.file}, "verbatim": ("file",)})
        return Progress(file=taken.file, state="failed", problem=lost)


def _told(progress: Progress, language: str) -> Json:
    told: Json = {"file": progress.file, "state": progress.state}
    if progress.info:
        told["passages"] = progress.info.passages
    if progress.problem:
        told["problem"] = problem(progress.problem, language)
    return told


def _line(told: Json) -> str:
    return json.dumps(told, ensure_ascii=False) + "\n"
