"""The page before another host: where a link of an answer leads, and what its address carries along.

A document may have told a model to write an address that carries something away. So the person sees all of it
first, and goes there by a click of their own.
"""

import re
from html import escape
from urllib.parse import quote, unquote_plus, urlsplit

from starlette.requests import Request
from starlette.responses import HTMLResponse
from starlette.routing import BaseRoute, Route

from flowloom.locales import LANGUAGES, translate
from flowloom.serve.plain_page import HEADERS, STYLE, browser_language

PATH = "/away"
LONGEST = 16_000
CARRIES = 30
"""Characters behind the host from which the page says in clear what they are."""
_HERE = re.compile(r"#[\w-]*|/(?:[\w?=&.-][\w/?=&.-]*)?")
_CUT = re.compile(r"[\x00-\x20]+|\s+")
LOOK = (
    STYLE + "code{display:block;padding:1rem;border:1px solid;border-radius:8px;overflow-wrap:anywhere}"
    "mark{font-weight:700;padding:0 .15em}"
    "a{display:inline-block;padding:.5rem 1rem;border:1px solid;border-radius:8px}"
)


def away(target: str, language: str) -> str:
    """The address of the page for a link; one that stays within the app as it is."""
    if _HERE.fullmatch(target):
        return target
    return f"{PATH}?lang={language}&to={quote(target[: LONGEST + 1], safe='')}"


def away_routes() -> list[BaseRoute]:
    """The one route of the page."""
    return [Route(PATH, _page, methods=["GET"])]


async def _page(request: Request) -> HTMLResponse:
    asked = request.query_params.get("lang", "")
    language = asked if asked in LANGUAGES else browser_language(request)
    found = _parts(request.query_params.get("to", ""))
    body = _unknown(language) if found is None else _known(*found, language)
    page = (
        f'<!doctype html><html lang="{language}"><meta charset="utf-8"><title>Flowloom</title>'
        f'<meta name="viewport" content="width=device-width"><style>{LOOK}</style>{body}</html>'
    )
    return HTMLResponse(page, status_code=200 if found else 400, headers=HEADERS)


def _parts(target: str) -> tuple[str, str, str] | None:
    """What a browser reads in an address: before its host, the host, and behind it; None where it leads nowhere."""
    address = _CUT.sub("", target.strip()).replace("\\", "/")
    if address.startswith("//"):
        address = f"https:{address}"
    if len(target) > LONGEST:
        return None
    try:
        host = urlsplit(address).netloc
    except ValueError:
        return None
    scheme = address.partition(":")[0].lower()
    if scheme in ("http", "https") and host:
        before, _, behind = address.partition(host)
        return before, host, behind
    if scheme in ("mailto", "tel"):
        return f"{scheme}:", address.partition(":")[2], ""
    return None


def _known(before: str, host: str, behind: str, language: str) -> str:
    def t(source: str, **params: object) -> str:
        return escape(translate(source, language, **params))

    carried = unquote_plus(behind.lstrip("/?"))
    clear = (
        f"<p>{t('The address contains this text:')}</p><code>{escape(carried)}</code>"
        if len(carried) > CARRIES
        else ""
    )
    said = t("Its owner can see everything in the address. Only go there if you trust them with it.")
    return (
        f"<h1>{t('This link leads to another computer')}</h1><p>{said}</p>"
        f"<code>{escape(before)}<mark>{escape(host)}</mark>{escape(behind)}</code>{clear}"
        f'<p><a href="{escape(before + host + behind)}" rel="noopener noreferrer nofollow">'
        f"{t('Go to {host}', host=host[:80])}</a></p><p>{t('To stay, close this page.')}</p>"
    )


def _unknown(language: str) -> str:
    said = translate("This link can’t be opened.", language)
    return f"<h1>Flowloom</h1><p><strong>{escape(said)}</strong></p>"
