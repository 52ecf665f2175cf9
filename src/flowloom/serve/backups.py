"""Everything that is kept, as one file that the browser saves."""

import os
from collections.abc import Callable
from pathlib import Path
from tempfile import mkstemp

from starlette.background import BackgroundTask
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import BaseRoute, Route

from flowloom.serve.page_calls import answer_page
from flowloom.workspace import Workspace, workspace

EVERYTHING = ".everything"
"""What the page of the settings has a token for, in the place of a GPT; no GPT has this id."""


def backup_routes(find_workspace: Callable[[], Workspace] = workspace) -> list[BaseRoute]:
    """One call, for the page that has a token of `EVERYTHING`."""

    async def save(request: Request) -> Response:
        if request.path_params["flow"] != EVERYTHING:
            return Response(status_code=404)
        return await answer_page(request, lambda request: run_in_threadpool(_saved, find_workspace()))

    return [Route("/flows/{flow}/backup", save, methods=["GET"])]


def _saved(home: Workspace) -> Response:
    """Written whole before the first byte leaves: a file that breaks off would be no backup. Raises StoreError."""
    handle, name = mkstemp(prefix="flowloom-")
    os.close(handle)
    path = Path(name)
    try:
        home.backups.save_all(path)
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    return FileResponse(path, media_type="application/zip", background=BackgroundTask(path.unlink, missing_ok=True))
