"""The page itself: its document, its look and script as files, its icon, and what makes it an app on a phone."""

import json
from collections.abc import Sequence
from functools import cache
from hashlib import sha256
from html import escape
from importlib.resources import files
from typing import Any
from urllib.parse import quote

from starlette.responses import HTMLResponse, JSONResponse, Response

from flowloom.flow.model import Flow
from flowloom.locales import translate
from flowloom.people.promises import KEPT_FOR
from flowloom.publishing import Published
from flowloom.serve.page.icons import SIDE, sign_of, tint_of
from flowloom.serve.page.texts import texts_in

KINDS = {"page.js": "text/javascript; charset=utf-8", "page.css": "text/css; charset=utf-8"}
FOREVER = "public, max-age=31536000, immutable"
POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data: blob:",
        "media-src blob:",
        "connect-src 'self'",
        "manifest-src 'self'",
        "base-uri 'none'",
        "form-action 'none'",
    )
)
HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
}
PLAIN = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}


@cache
def read_asset(name: str) -> bytes:
    return (files("flowloom.serve.page") / "built" / name).read_bytes()


@cache
def asset_version() -> str:
    """Changes when the built page changes, so that no browser shows an old one."""
    return sha256(b"".join(read_asset(name) for name in KINDS)).hexdigest()[:12]


def asset(name: str, version: str) -> Response:
    """A file of the page; kept for good where the version in its address is this one."""
    if name not in KINDS:
        return Response(status_code=404)
    headers = {"Cache-Control": FOREVER if version == asset_version() else "no-cache"}
    return Response(
        read_asset(name), media_type=KINDS[name], headers=headers | {"X-Content-Type-Options": "nosniff"}
    )


def document(
    published: Published,
    language: str,
    *,
    practice: bool,
    hosts: Sequence[str],
    limits: dict[str, int],
    framed: bool,
    voice: str,
    keep_days: int | None = None,
) -> HTMLResponse:
    """The page of a GPT. What it needs to know is a block of data in it, so that nothing has to be asked for.

    `keep_days` is after how many days what is said goes, None for never.
    """
    flow, slug = published.flow, published.publication.slug
    facts: dict[str, Any] = {
        "slug": slug,
        "name": name_of(flow, language),
        "description": flow.description,
        "starters": list(flow.starters),
        "sign": sign_of(flow),
        "tint": tint_of(flow),
        "picture": flow.picture,
        "language": language,
        "practice": practice,
        "hosts": list(hosts),
        "mayCopy": published.publication.terms.may_copy,
        "framed": framed,
        "voice": voice,
        "limits": limits,
        "texts": _texts(language, keep_days),
    }
    policy = f"camera=(), geolocation=(), microphone={'(self)' if voice else '()'}"
    return HTMLResponse(_html(flow, slug, language, facts), headers=HEADERS | {"Permissions-Policy": policy})


def _texts(language: str, keep_days: int | None) -> dict[str, str]:
    texts = texts_in(language)
    if keep_days is not None:
        texts["data_yours"] += " " + translate(KEPT_FOR, language, days=keep_days)
    return texts


def _html(flow: Flow, slug: str, language: str, facts: dict[str, Any]) -> str:
    name, at, version = name_of(flow, language), f"/gpt/{quote(slug)}", asset_version()
    # In a block of data only "<" could end it.
    told = json.dumps(facts, ensure_ascii=False).replace("<", "\\u003c").replace("\u2028", "\\u2028")
    return (
        f'<!doctype html><html lang="{language}"><head><meta charset="utf-8"><title>{escape(name)}</title>'
        '<meta name="viewport" content="width=device-width,initial-scale=1,viewport-fit=cover,'
        'interactive-widget=resizes-content">'
        f'<meta name="description" content="{escape(flow.description[:300])}">'
        '<meta name="color-scheme" content="light dark"><meta name="robots" content="noindex">'
        '<meta name="theme-color" content="#ffffff" media="(prefers-color-scheme: light)">'
        '<meta name="theme-color" content="#14161d" media="(prefers-color-scheme: dark)">'
        f'<link rel="icon" href="{at}/icon"><link rel="apple-touch-icon" href="{at}/icon.png">'
        f'<link rel="manifest" href="{at}/manifest" crossorigin="use-credentials">'
        f'<link rel="stylesheet" href="/gpt/-/page.css?v={version}">'
        f'<script type="module" src="/gpt/-/page.js?v={version}"></script></head>'
        f'<body><div id="page"></div><noscript><p>{escape(texts_in(language)["no_script"])}</p></noscript>'
        f'<script type="application/json" id="facts">{told}</script></body></html>'
    )


def name_of(flow: Flow, language: str) -> str:
    return flow.name or translate("Untitled GPT", language)


def manifest(published: Published, language: str) -> Response:
    """What makes the page an app that can be installed."""
    flow, at = published.flow, f"/gpt/{quote(published.publication.slug)}"
    name = name_of(flow, language)
    told = {
        "id": at,
        "name": name,
        "short_name": name[:30],
        "description": flow.description[:300],
        "lang": language,
        "start_url": at,
        "scope": at,
        "display": "standalone",
        "background_color": "#ffffff",
        "theme_color": "#ffffff",
        "icons": [
            {"src": f"{at}/icon", "sizes": "any", "type": "image/svg+xml"},
            {"src": f"{at}/icon.png", "sizes": f"{SIDE}x{SIDE}", "type": "image/png"},
            {"src": f"{at}/icon.png", "sizes": f"{SIDE}x{SIDE}", "type": "image/png", "purpose": "maskable"},
        ],
    }
    return JSONResponse(told, headers=PLAIN, media_type="application/manifest+json")
