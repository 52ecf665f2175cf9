"""A page without script and without Streamlit: one sentence of what happened, one of what to do."""

from html import escape

from starlette.requests import HTTPConnection
from starlette.responses import HTMLResponse

from flowloom.errors import Problem
from flowloom.locales import LANGUAGES, translate

HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
STYLE = (
    ":root{color-scheme:light dark}"
    "body{font:1.1rem/1.5 system-ui,sans-serif;max-width:34rem;margin:18vh auto;padding:0 1.5rem}"
    "p{overflow-wrap:anywhere}"
)


def browser_language(request: HTTPConnection) -> str:
    """The first of our languages that a browser asks for."""
    for asked in request.headers.get("accept-language", "")[:400].split(","):
        language = asked.strip()[:2].lower()
        if language in LANGUAGES:
            return language
    return "en"


def plain_page(title: str, said: Problem, language: str, status: int, onward: str = "") -> HTMLResponse:
    """A page of a problem; with `onward`, a path of ours, the browser goes there by itself."""
    found = said.describe(language)
    refresh = f'<meta http-equiv="refresh" content="0;url={escape(onward)}">' if onward else ""
    page = (
        f'<!doctype html><html lang="{language}"><meta charset="utf-8">{refresh}<title>Flowloom</title>'
        '<meta name="viewport" content="width=device-width">'
        f"<style>{STYLE}</style><h1>{escape(translate(title, language))}</h1>"
        f"<p><strong>{escape(found.message)}</strong></p><p>{escape(found.hint)}</p></html>"
    )
    return HTMLResponse(page, status_code=status, headers=HEADERS)
