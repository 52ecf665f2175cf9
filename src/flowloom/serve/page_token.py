"""The short-lived token with which the page of a flow calls our routes for that flow, and for no other."""

import hashlib
import hmac
import secrets
import time

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


def token_fits(request: Request, flow_id: str) -> bool:
    """Whether a request carries the token of the flow's page."""
    given, language, hour = token_of(request).encode(), language_of(request), int(time.time() // LIFETIME)
    return any(hmac.compare_digest(given, _sign(flow_id, language, each).encode()) for each in (hour, hour - 1))
