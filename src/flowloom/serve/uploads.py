"""Files dropped on a window: written to the disk as they come, never held in memory."""

from collections.abc import Callable
from pathlib import PurePosixPath

from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from flowloom.serve.declared_size import declared_size
from flowloom.serve.page_calls import answer_page
from flowloom.store.uploads import Uploads
from flowloom.workspace import Workspace, workspace

LONGEST_NAME = 200


def upload_routes(find_workspace: Callable[[], Workspace] = workspace) -> list[BaseRoute]:
    """One call for each file, its bytes as they are, and one that takes it back. `flow` is the id of the window."""
    routes = _UploadRoutes(find_workspace)
    return [
        Route("/flows/{flow}/uploads", routes.take, methods=["POST"]),
        Route("/flows/{flow}/uploads/{id}", routes.remove, methods=["DELETE"]),
    ]


class _UploadRoutes:
    def __init__(self, find_workspace: Callable[[], Workspace]) -> None:
        self._workspace = find_workspace

    async def take(self, request: Request) -> Response:
        return await answer_page(request, self._take)

    async def remove(self, request: Request) -> Response:
        return await answer_page(request, self._remove)

    async def _take(self, request: Request) -> Response:
        uploads, window = self._workspace().uploads, request.path_params["flow"]
        uploads.check_room(window, declared_size(request))  # before any of it is on the disk
        try:
            await _receive(request, uploads, window)
        except ClientDisconnect:
            return Response(status_code=400)
        return JSONResponse({})

    async def _remove(self, request: Request) -> Response:
        remove = self._workspace().uploads.remove
        await run_in_threadpool(remove, request.path_params["flow"], request.path_params["id"])
        return JSONResponse({})


async def _receive(request: Request, uploads: Uploads, window: str) -> None:
    """Write a body to the disk as it comes. Raises FlowFileError once it is too large."""
    size = 0
    with uploads.coming(window, _name_of(request)) as file:
        async for piece in request.stream():
            size += len(piece)
            uploads.check_room(window, size)
            await run_in_threadpool(file.write, piece)


def _name_of(request: Request) -> str:
    """The name of a file, or its path in a folder: never a place on a disk."""
    given = request.query_params.get("name", "").replace("\\", "/")
    parts = [each for each in PurePosixPath(given).parts if each not in ("/", "..", ".")]
    name = "".join(each for each in "/".join(parts) if each.isprintable()).strip()
    return name[-LONGEST_NAME:] or "file"
