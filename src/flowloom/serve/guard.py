"""Who may call our routes: the page we served, from this host, with its short-lived token."""

import hashlib
import hmac
import secrets
import time
from urllib.parse import urlsplit

from starlette.requests import Request

from flowloom.locales import LANGUAGES

LIFETIME = 3_600
"""Seconds a token is minted for; the one before is still taken, so a page has one to two of them."""

_KEY = secrets.token_bytes(32)


def mint_token(flow_id: str, language: str = "en") -> str:
    """The token of a flow's page: the same within an hour, useless for another flow or process.

    It carries the language the page speaks, so that the canvas is answered in it.
    """
    return _sign(flow_id, language, int(time.time() // LIFETIME))


def _sign(flow_id: str, language: str, hour: int) -> str:
    signed = f"{flow_id}:{language}:{hour}".encode()
    return f"{language}.{hmac.new(_KEY, signed, hashlib.sha256).hexdigest()}"


def token_of(request: Request) -> str:
    return request.headers.get("x-flowloom-token") or request.query_params.get("token") or ""


def language_of(request: Request) -> str:
    """The language a request's token carries."""
    language = token_of(request).partition(".")[0]
    return language if language in LANGUAGES else "en"


def may_enter(request: Request, flow_id: str, allowed_hosts: frozenset[str]) -> bool:
    """Whether a request comes from our own page."""
    return _from_here(request, allowed_hosts) and _token_fits(request, flow_id)


def _token_fits(request: Request, flow_id: str) -> bool:
    given, language, hour = token_of(request).encode(), language_of(request), int(time.time() // LIFETIME)
    return any(hmac.compare_digest(given, _sign(flow_id, language, each).encode()) for each in (hour, hour - 1))


def is_here(request: Request, allowed_hosts: frozenset[str]) -> bool:
    """Whether a request was made to this app by a name of its own."""
    # A name that was rebound to this machine still carries the stranger's name in Host.
    return _name(request.headers.get("host", "")) in {"localhost", "127.0.0.1", "::1"} | allowed_hosts


def _from_here(request: Request, allowed_hosts: frozenset[str]) -> bool:
    host = request.headers.get("host", "")
    if not is_here(request, allowed_hosts):
        return False
    if request.headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
        return False
    origin = request.headers.get("origin")
    return origin is None or urlsplit(origin).netloc == host


def _name(host: str) -> str:
    try:
        return urlsplit(f"//{host}").hostname or ""
    except ValueError:
        return ""
