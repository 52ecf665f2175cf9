"""Where the browser comes back to after signing in at another service."""

from collections.abc import Callable
from html import escape

from starlette.requests import Request
from starlette.responses import HTMLResponse
from starlette.routing import BaseRoute, Route

from flowloom.errors import FlowloomError, Problem
from flowloom.locales import LANGUAGES, translate
from flowloom.serve.guard import is_here
from flowloom.workspace import Workspace, workspace

CALLBACK = "/oauth/callback"
LONGEST = 4_000
HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
STYLE = (
    ":root{color-scheme:light dark}"
    "body{font:1.1rem/1.5 system-ui,sans-serif;max-width:34rem;margin:18vh auto;padding:0 1.5rem}"
)


def oauth_routes(
    find_workspace: Callable[[], Workspace] = workspace, allowed_hosts: frozenset[str] = frozenset()
) -> list[BaseRoute]:
    """The one route of sign-ins. The state it is called with is the only key to it."""

    async def callback(request: Request) -> HTMLResponse:
        language = _language(request)
        if not is_here(request, allowed_hosts):
            return _page(Problem.of("serve.token", "This page is out of date.", "Reload it."), language, 403)
        given = {name: request.query_params.get(name, "")[:LONGEST] for name in ("state", "code", "error")}
        try:
            found = await find_workspace().connections.finish_sign_in(**given)
        except FlowloomError as error:
            return _page(error.problem, language, 400)
        done = Problem.of(
            "done",
            "You are signed in at {host}.",
            "You can close this page and go back to Flowloom.",
            host=found.label,
        )
        return _page(done, language, 200)

    return [Route(CALLBACK, callback, methods=["GET"])]


def _language(request: Request) -> str:
    asked = request.headers.get("accept-language", "")[:2].lower()
    return asked if asked in LANGUAGES else "en"


def _page(problem: Problem, language: str, status: int) -> HTMLResponse:
    said = problem.describe(language)
    title = translate("Sign in", language)
    page = (
        f'<!doctype html><html lang="{language}"><meta charset="utf-8"><title>Flowloom</title>'
        f"<style>{STYLE}</style><h1>{escape(title)}</h1>"
        f"<p><strong>{escape(said.message)}</strong></p><p>{escape(said.hint)}</p></html>"
    )
    return HTMLResponse(page, status_code=status, headers=HEADERS)
