"""A service of ours with its own sign-in: OAuth 2 with PKCE, refresh and revocation, and pages that want a key."""

import base64
import hashlib
import json
import secrets
import time
from contextlib import suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any, Self
from urllib.parse import parse_qs, urlencode, urlsplit

APP, PASSWORD = "flowloom-app", "app password, of no vendor's shape"


@dataclass
class Asked:
    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: str


@dataclass
class OAuthServer:
    """`lie` replaces what the token endpoint says: (status, body). `delay` is how long it takes."""

    lie: tuple[int, str] | None = None
    delay: float = 0.0
    expires_in: Any = 3600
    only_post: bool = False
    """Whether the app's password is taken in the body only."""
    redirect: str = ""
    asked: list[Asked] = field(default_factory=list)
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    access: set[str] = field(default_factory=set)
    refresh: set[str] = field(default_factory=set)

    def __enter__(self) -> Self:
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def log_message(self, *words: Any) -> None: ...

            def handle_any(self) -> None:
                with suppress(OSError):  # who asked may not have waited
                    outer.answer(self)

            do_GET = do_POST = do_PUT = do_DELETE = do_PATCH = handle_any

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self._thread = Thread(target=self._server.serve_forever, args=(0.01,), daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    @property
    def host(self) -> str:
        return f"127.0.0.1:{self._server.server_address[1]}"

    @property
    def url(self) -> str:
        return f"http://{self.host}"

    def asked_for(self, path: str) -> list[Asked]:
        return [asked for asked in self.asked if asked.path == path]

    def answer(self, handler: Any) -> None:
        parts = urlsplit(handler.path)
        length = int(handler.headers.get("content-length") or 0)
        body = handler.rfile.read(length).decode()
        query = {name: values[0] for name, values in parse_qs(parts.query, keep_blank_values=True).items()}
        headers = {name.lower(): value for name, value in handler.headers.items()}
        asked = Asked(handler.command, parts.path, query, headers, body)
        self.asked.append(asked)
        status, reply, more = self.reply(asked, handler.path)
        handler.send_response(status)
        for name, value in more.items():
            handler.send_header(name, value)
        data = reply.encode()
        handler.send_header("content-type", "application/json")
        handler.send_header("content-length", str(len(data)))
        handler.end_headers()
        handler.wfile.write(data)

    def reply(self, asked: Asked, path: str) -> tuple[int, str, dict[str, str]]:
        match asked.path:
            case "/authorize":
                return self.authorize(asked)
            case "/token":
                time.sleep(self.delay)
                return (*(self.lie or self.token(asked)), {})
            case "/redirect":
                return 302, "", {"location": self.redirect + "?" + urlsplit(path).query}
            case "/private":
                key = asked.headers.get("authorization", "").removeprefix("Bearer ")
                return (200, '{"ok": true}', {}) if key in self.access else (401, "{}", {})
        said = {"path": path, "method": asked.method, "headers": asked.headers, "body": asked.body}
        return 200, json.dumps(said), {}

    def authorize(self, asked: Asked) -> tuple[int, str, dict[str, str]]:
        code = secrets.token_urlsafe(8)
        self.codes[code] = asked.query
        back = {"code": code, "state": asked.query["state"]}
        return 302, "", {"location": f"{asked.query['redirect_uri']}?{urlencode(back)}"}

    def token(self, asked: Asked) -> tuple[int, str]:
        form = {name: values[0] for name, values in parse_qs(asked.body).items()}
        if not self.is_app(asked, form):
            return 401, '{"error": "invalid_client"}'
        match form.get("grant_type"):
            case "authorization_code" if self.fits(form):
                return 200, self.tokens()
            case "refresh_token" if form.get("refresh_token") in self.refresh:
                self.refresh.discard(form["refresh_token"])
                return 200, self.tokens()
            case "client_credentials":
                return 200, self.tokens(refresh=False)
        return 400, json.dumps({"error": "invalid_grant", "error_description": asked.body})

    def is_app(self, asked: Asked, form: dict[str, str]) -> bool:
        if self.only_post:
            return (form.get("client_id"), form.get("client_secret")) == (APP, PASSWORD)
        pair = base64.b64encode(f"{APP}:{PASSWORD}".encode()).decode()
        return asked.headers.get("authorization") == f"Basic {pair}"

    def fits(self, form: dict[str, str]) -> bool:
        begun = self.codes.pop(form.get("code", ""), None)
        if begun is None or begun["code_challenge_method"] != "S256":
            return False
        digest = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).decode().rstrip("=")
        return challenge == begun["code_challenge"] and form.get("redirect_uri") == begun["redirect_uri"]

    def tokens(self, refresh: bool = True) -> str:
        found: dict[str, Any] = {"access_token": f"access-{secrets.token_urlsafe(12)}", "token_type": "Bearer"}
        self.access.add(found["access_token"])
        if refresh:
            found["refresh_token"] = f"refresh-{secrets.token_urlsafe(12)}"
            self.refresh.add(found["refresh_token"])
        return json.dumps(found | ({"expires_in": self.expires_in} if self.expires_in is not None else {}))
