"""Connections at work: each signs the requests to its own server, and no other."""

import base64
import hmac
import secrets as lots
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from urllib.parse import quote

from flowloom.errors import HttpError, SecretError
from flowloom.kinds.http import Http, HttpReply, HttpRequest
from flowloom.services.connections.oauth import SignInError, Tokens, ask_for_tokens, authorize_url
from flowloom.services.connections.settings import (
    Connection,
    ConnectionSettings,
    load_connections,
    save_connections,
    server_of,
)
from flowloom.services.connections.shared_work import Once
from flowloom.services.network.guarded_requests import GuardedHttp
from flowloom.services.secrets import SecretStore, scrub

MakeHttp = Callable[[frozenset[str]], Http]
SIGN_IN_SECONDS = 600.0
"""How long a person may take to sign in at the other service."""
MOST_WAITING = 50


@dataclass(frozen=True, slots=True)
class _Waiting:
    """A sign-in that was begun and not yet come back."""

    state: str
    connection: str
    verifier: str
    redirect: str
    until: float


class ConnectionKeeper:
    """Fulfils `Connections` with what the person keeps in a folder."""

    def __init__(self, folder: Path, secrets: SecretStore, http: MakeHttp = GuardedHttp) -> None:
        self._folder, self._secrets, self._http = folder, secrets, http
        self._lock = Lock()
        self._renewing: Once[Tokens] = Once()
        self._waiting: list[_Waiting] = []
        self.changed: Callable[[str], None] = lambda name: None
        """Told what was changed, by its name."""

    # -- what there is

    @property
    def settings(self) -> ConnectionSettings:
        return load_connections(self._folder)

    def keep(self, connection: Connection, secret: str = "") -> Connection:
        """Add or change one; an empty secret leaves the one that is kept, unless it would go elsewhere now."""
        with self._lock:
            settings = self.settings
            before = settings.find(connection.id)
            if before and _leads_elsewhere(before, connection):
                self._forget(before)
            if secret.strip():
                self._secrets.set(connection.secret, secret)
            save_connections(self._folder, settings.with_connection(connection))
        self.changed(connection.label)
        return connection

    def delete(self, id: str) -> None:
        with self._lock:
            settings = self.settings
            connection = settings.find(id)
            if connection:
                self._forget(connection)
                save_connections(self._folder, settings.without(id))
        if connection:
            self.changed(connection.label)

    def is_ready(self, connection: Connection) -> bool:
        """Whether it has the key it needs."""
        if connection.kind == "none":
            return True
        return self._secrets.has(connection.tokens if connection.kind == "code" else connection.secret)

    def sign_out(self, connection: Connection) -> None:
        """Forget what the server of tokens gave."""
        if self._secrets.has(connection.tokens):
            self._secrets.delete(connection.tokens)

    def has_secret(self, connection: Connection) -> bool:
        return self._secrets.has(connection.secret)

    def _forget(self, connection: Connection) -> None:
        for name in (connection.secret, connection.tokens):
            if self._secrets.has(name):
                self._secrets.delete(name)

    # -- requests

    async def request(self, connection: str, request: HttpRequest) -> HttpReply:
        """Send it signed, to the connection's own server only. Raises HttpError and SecretError."""
        known = self.settings.find(connection)
        if known is None:
            raise HttpError(
                "The account of this block isn’t set up here.",
                "Open the block and choose another, or add one in Settings → Accounts.",
                code="connection.missing",
            )
        _refuse_elsewhere(known, request.url)
        http = self._http(known.private_hosts(known.server))
        if not known.signs_in:
            secret = "" if known.kind == "none" else self._reveal(known)
            return _without(await http.request(signed(known, secret, request)), secret, _pair(known, secret))
        tokens = await self._tokens(known)
        reply = await http.request(signed(known, tokens.access, request))
        if reply.status == 401 and (tokens.refresh or known.kind == "client"):
            # It may have been taken back before its time.
            tokens = await self._tokens(known, refused=tokens.access)
            reply = await http.request(signed(known, tokens.access, request))
        return _without(reply, tokens.access)

    async def test(self, connection: str, path: str = "/") -> int:
        """The status the server answers with when it is asked for a page of it. Raises HttpError, SecretError."""
        known = self.settings.find(connection)
        url = f"{known.server if known else 'https://unknown.invalid'}/{path.lstrip('/')}"
        return (await self.request(connection, HttpRequest(url=url, timeout=15))).status

    def _reveal(self, connection: Connection) -> str:
        if not self._secrets.has(connection.secret):
            raise SecretError(
                "The account “{name}” has no key yet.",
                "Open Settings → Accounts and paste its key.",
                name=connection.label,
            )
        return self._secrets.reveal(connection.secret)

    # -- tokens

    async def _tokens(self, connection: Connection, refused: str = "") -> Tokens:
        """Tokens that are good; renewed once, however many ask for them at the same time."""
        kept = self._kept_tokens(connection)
        if kept and kept.fresh and kept.access != refused:
            return kept
        return await self._renewing.do(connection.id, lambda: self._renew(connection, refused))

    async def _renew(self, connection: Connection, refused: str) -> Tokens:
        # Somebody may have renewed them between the look and our turn.
        kept = self._kept_tokens(connection)
        if kept and kept.fresh and kept.access != refused:
            return kept
        if connection.kind == "code" and not (kept and kept.refresh):
            raise _sign_in_again(connection)
        try:
            if connection.kind == "code" and kept:
                return await self._ask(connection, "refresh_token", refresh_token=kept.refresh)
            fields = {"scope": connection.scope} if connection.scope else {}
            return await self._ask(connection, "client_credentials", **fields)
        except SignInError as error:
            if not error.again:
                raise
            self.sign_out(connection)
            raise _sign_in_again(connection) from None

    async def _ask(self, connection: Connection, grant: str, **fields: str) -> Tokens:
        secret = self._secrets.reveal(connection.secret) if self._secrets.has(connection.secret) else ""
        http = self._http(connection.private_hosts(connection.token_url))
        tokens = await ask_for_tokens(connection, secret, http, grant, **fields)
        self._secrets.set(connection.tokens, tokens.dump())
        return tokens

    def _kept_tokens(self, connection: Connection) -> Tokens | None:
        if not self._secrets.has(connection.tokens):
            return None
        return Tokens.load(self._secrets.reveal(connection.tokens))

    # -- signing in, by way of the person's browser

    def begin_sign_in(self, connection: Connection, redirect: str) -> str:
        """The address to send the browser to. It comes back to `redirect`."""
        state, verifier = lots.token_urlsafe(32), lots.token_urlsafe(48)
        url = authorize_url(connection, redirect, state, verifier)
        waiting = _Waiting(state, connection.id, verifier, redirect, time.monotonic() + SIGN_IN_SECONDS)
        with self._lock:
            self._waiting = [each for each in self._waiting if each.until > time.monotonic()]
            self._waiting = [*self._waiting[1 - MOST_WAITING :], waiting]
        return url

    async def finish_sign_in(self, state: str, code: str, error: str = "") -> Connection:
        """Take what the browser brought back, once. Raises HttpError."""
        waiting = self._take(state)
        connection = self.settings.find(waiting.connection) if waiting else None
        if waiting is None or connection is None:
            raise SignInError(
                "This sign-in is unknown, or it took too long.",
                "Go back to Flowloom and start again in Settings → Accounts.",
            )
        if error or not code:
            raise SignInError(
                "The sign-in at {host} wasn’t completed.",
                "Go back to Flowloom and start again in Settings → Accounts.",
                host=connection.label,
            )
        await self._ask(
            connection,
            "authorization_code",
            code=code,
            redirect_uri=waiting.redirect,
            code_verifier=waiting.verifier,
        )
        return connection

    def _take(self, state: str) -> _Waiting | None:
        given = state.encode()
        with self._lock:
            # All are compared, so that the time it takes tells nothing.
            found = [each for each in self._waiting if hmac.compare_digest(each.state.encode(), given)]
            self._waiting = [each for each in self._waiting if each not in found]
        return next((each for each in found if each.until > time.monotonic()), None)


def signed(connection: Connection, secret: str, request: HttpRequest) -> HttpRequest:
    """The request with the key where its server looks for it."""
    match connection.kind:
        case "header":
            return _with_header(request, connection.field or "X-Api-Key", secret)
        case "query":
            url, mark, rest = request.url.partition("#")
            joint = "&" if "?" in url else "?"
            pair = f"{quote(connection.field or 'api_key', safe='')}={quote(secret, safe='')}"
            return request.model_copy(update={"url": f"{url}{joint}{pair}{mark}{rest}", "stays": True})
        case "basic":
            return _with_header(request, "Authorization", f"Basic {_pair(connection, secret)}")
        case "none":
            return request
    return _with_header(request, "Authorization", f"Bearer {secret}")


def _with_header(request: HttpRequest, name: str, value: str) -> HttpRequest:
    others = {key: each for key, each in request.headers.items() if key.lower() != name.lower()}
    return request.model_copy(update={"headers": {**others, name: value}})


def _pair(connection: Connection, secret: str) -> str:
    """The name and password as they are sent."""
    return base64.b64encode(f"{connection.user}:{secret}".encode()).decode("ascii")


def _without(reply: HttpReply, secret: str, *more: str) -> HttpReply:
    """The reply as it may be logged: some servers repeat what they were sent."""
    if not secret:
        return reply
    hidden = {name: scrub(value, [secret, *more]) for name, value in reply.headers.items()}
    return reply.model_copy(update={"text": scrub(reply.text, [secret, *more]), "headers": hidden})


def _refuse_elsewhere(connection: Connection, url: str) -> None:
    try:
        there = server_of(url)
    except ValueError:
        there = ""
    if there != connection.server:
        raise HttpError(
            "The account “{name}” is only for {server}, but this block uses {other}.",
            "Choose another account for this block, or add one for its server.",
            code="connection.elsewhere",
            name=connection.label,
            server=connection.server,
            other=there or "?",
        )


def _leads_elsewhere(before: Connection, after: Connection) -> bool:
    """Whether a key that was kept for the one would go to another place with the other."""
    return (before.server, before.token_url, before.kind) != (after.server, after.token_url, after.kind)


def _sign_in_again(connection: Connection) -> SignInError:
    return SignInError(
        "The sign-in of “{name}” has expired.",
        "Sign in again in Settings → Accounts.",
        code="connection.again",
        name=connection.label,
    )
