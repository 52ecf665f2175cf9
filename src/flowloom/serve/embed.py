"""A published GPT inside other sites: the script they load, and the page they may show in a frame."""

from collections.abc import Callable
from functools import partial

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from flowloom.serve.doors import FRAMED_BY
from flowloom.serve.page.pages import PageRoutes
from flowloom.serve.page.refusals import answered
from flowloom.serve.page.shell import read_asset
from flowloom.workspace import Workspace, workspace


def embed_routes(find_workspace: Callable[[], Workspace] = workspace) -> list[BaseRoute]:
    """All below `/embed/`. No published name has a dot, so the script is no GPT."""
    page = PageRoutes(find_workspace)

    async def framed(request: Request) -> Response:
        found = await run_in_threadpool(page.found, request)
        request.scope[FRAMED_BY] = found.publication.terms.origins
        return await run_in_threadpool(page.document_for, request, framed=True)

    return [
        Route("/embed/loader.js", _loader, methods=["GET"]),
        Route("/embed/{slug}", partial(answered, framed), methods=["GET"]),
    ]


async def _loader(request: Request) -> Response:
    headers = {
        # Sites keep it for some minutes, so that a new version reaches them soon.
        "Cache-Control": "public, max-age=600",
        "Cross-Origin-Resource-Policy": "cross-origin",
        "X-Content-Type-Options": "nosniff",
    }
    return Response(read_asset("loader.js"), media_type="text/javascript; charset=utf-8", headers=headers)
