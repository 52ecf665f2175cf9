"""What is said to a server of tokens and what it answers: OAuth 2 with PKCE by authlib, sent by our own HTTP."""

import json
import time
from dataclasses import dataclass
from typing import Any

from flowloom.errors import HttpError
from flowloom.kinds.http import Http, HttpReply, HttpRequest
from flowloom.services.connections.settings import Connection
from flowloom.services.network.addresses import host_of, parse_url

SECONDS = 20.0
EARLY = 30.0
"""Seconds before its end from which on a token is renewed."""
LONGEST_TOKEN = 20_000
# The words of the standard; whatever else a server says may repeat what it was sent.
KNOWN = frozenset(
    "invalid_request invalid_client invalid_grant unauthorized_client unsupported_grant_type invalid_scope "
    "access_denied unsupported_response_type server_error temporarily_unavailable".split()
)


@dataclass(frozen=True, slots=True)
class Tokens:
    """What a server of tokens gave. `expires_at` is in seconds since the epoch, None where it does not say."""

    access: str
    refresh: str = ""
    expires_at: float | None = None

    def __repr__(self) -> str:
        return f"Tokens(expires_at={self.expires_at})"

    @property
    def fresh(self) -> bool:
        return self.expires_at is None or time.time() < self.expires_at - EARLY

    def dump(self) -> str:
        return json.dumps({"access": self.access, "refresh": self.refresh, "expires_at": self.expires_at})

    @classmethod
    def load(cls, text: str) -> "Tokens | None":
        try:
            return cls(**json.loads(text))
        except (ValueError, TypeError):
            return None


class SignInError(HttpError):
    """A server of tokens gave none. `again` where only the person can mend it."""

    code = "connection.sign_in"
    again = False


def authorize_url(connection: Connection, redirect: str, state: str, verifier: str) -> str:
    """Where the person's browser goes to sign in."""
    from authlib.oauth2.rfc6749.parameters import prepare_grant_uri  # type: ignore[import-untyped]
    from authlib.oauth2.rfc7636 import create_s256_code_challenge  # type: ignore[import-untyped]

    found: str = prepare_grant_uri(
        connection.authorize_url,
        client_id=connection.user,
        response_type="code",
        redirect_uri=redirect,
        scope=connection.scope or None,
        state=state,
        code_challenge=create_s256_code_challenge(verifier),
        code_challenge_method="S256",
    )
    return found


async def ask_for_tokens(connection: Connection, secret: str, http: Http, grant: str, **fields: str) -> Tokens:
    """Tokens for a code, a refresh token, or the app itself. Raises SignInError and HttpError."""
    reply = await http.request(_request(connection, secret, "client_secret_basic", grant, fields))
    if secret and _error_in(reply) == "invalid_client":
        # Some servers want the app's password in the body, and few say so beforehand.
        reply = await http.request(_request(connection, secret, "client_secret_post", grant, fields))
    return _tokens_in(reply, connection.token_url, fields.get("refresh_token", ""))


def _request(connection: Connection, secret: str, method: str, grant: str, fields: dict[str, str]) -> HttpRequest:
    from authlib.oauth2.auth import ClientAuth  # type: ignore[import-untyped]
    from authlib.oauth2.rfc6749.parameters import prepare_token_request

    body = prepare_token_request(grant, "", **fields)
    auth = ClientAuth(connection.user, secret or None, method if secret else "none")
    headers = {"Accept": "application/json", "Content-Type": "application/x-www-form-urlencoded"}
    url, headers, body = auth.prepare("POST", connection.token_url, headers, body)
    return HttpRequest(method="POST", url=url, headers=headers, body=body, timeout=SECONDS, stays=True)


def _error_in(reply: HttpReply) -> str:
    error = _read(reply).get("error")
    return error if isinstance(error, str) and error in KNOWN else ""


def _read(reply: HttpReply) -> dict[str, Any]:
    try:
        found = json.loads(reply.text)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def _tokens_in(reply: HttpReply, address: str, refresh: str) -> Tokens:
    host, error = host_of(parse_url(address)), _error_in(reply)
    if error or reply.status != 200:
        refused = SignInError(
            "{host} refused the sign-in ({reason}).",
            "Sign in again in Settings → Accounts, and check the app’s id, password and permissions there.",
            host=host,
            reason=error or reply.status,
        )
        refused.again = error == "invalid_grant"
        raise refused
    found = _read(reply)
    access, kind = _token(found.get("access_token")), found.get("token_type", "bearer")
    if not access or str(kind).lower() != "bearer":
        raise SignInError(
            "{host} returned no usable key.",
            "Check the token address of the account. It may lead to another page.",
            host=host,
        )
    return Tokens(access, _token(found.get("refresh_token")) or refresh, _end(found.get("expires_in")))


def _token(value: Any) -> str:
    """A token that can be sent in a header, else ""."""
    fits = isinstance(value, str) and len(value) <= LONGEST_TOKEN and value.isascii() and value.isprintable()
    return str(value) if fits else ""


def _end(lasts: Any) -> float | None:
    """When it ends; a server may say so in words, or nonsense."""
    try:
        seconds = float(lasts)
    except (TypeError, ValueError):
        return None
    return time.time() + min(max(seconds, 0.0), 366 * 86_400.0) if seconds == seconds else None
