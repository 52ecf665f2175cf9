"""A sign-in service of ours: OpenID Connect with PKCE, its keys made for one test."""

import base64
import hashlib
import json
import secrets
import time
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any, Self
from urllib.parse import parse_qs, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import ECKey

CLIENT, SECRET = "flowloom-team", "a secret of the app"


@dataclass
class OpenIdServer:
    """`person` are the claims of whoever signs in; `lie` changes those of a token, `signs_with` its key."""

    person: dict[str, Any] = field(default_factory=lambda: {"sub": "u1", "name": "Dee", "email": "dee@example.org"})
    lie: dict[str, Any] = field(default_factory=dict)
    key: ECKey = field(default_factory=lambda: ECKey.generate_key("P-256", {"kid": "one", "alg": "ES256"}))
    signs_with: ECKey | None = None
    raw: str = ""
    """What the token endpoint says as the token, instead of one."""
    issuer: str = ""
    codes: dict[str, dict[str, str]] = field(default_factory=dict)

    def __enter__(self) -> Self:
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def log_message(self, *words: Any) -> None: ...

            def do_GET(self) -> None:
                outer.answer(self)

            do_POST = do_GET

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"
        self.issuer = self.issuer or self.url
        self._thread = Thread(target=self._server.serve_forever, args=(0.01,), daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def answer(self, handler: BaseHTTPRequestHandler) -> None:
        parts = urlsplit(handler.path)
        body = handler.rfile.read(int(handler.headers.get("content-length") or 0)).decode()
        status, said, location = self.reply(parts.path, parts.query, body)
        data = json.dumps(said).encode()
        handler.send_response(status)
        if location:
            handler.send_header("location", location)
        handler.send_header("content-length", str(len(data)))
        handler.end_headers()
        handler.wfile.write(data)

    def reply(self, path: str, query: str, body: str) -> tuple[int, dict[str, Any], str]:
        match path:
            case "/.well-known/openid-configuration":
                ends = {name: f"{self.url}/{name}" for name in ("authorization_endpoint", "token_endpoint")}
                return 200, {"issuer": self.issuer, "jwks_uri": f"{self.url}/keys", **ends}, ""
            case "/keys":
                return 200, {"keys": [self.key.as_dict(private=False)]}, ""
            case "/authorization_endpoint":
                asked = {name: values[0] for name, values in parse_qs(query).items()}
                code = secrets.token_urlsafe(8)
                self.codes[code] = asked
                back = urlencode({"code": code, "state": asked["state"]})
                return 302, {}, f"{asked['redirect_uri']}?{back}"
            case "/token_endpoint":
                return self.token({name: values[0] for name, values in parse_qs(body).items()})
        return 404, {}, ""

    def token(self, form: dict[str, str]) -> tuple[int, dict[str, Any], str]:
        asked = self.codes.pop(form.get("code", ""), None)
        digest = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).decode().rstrip("=")
        is_app = (form.get("client_id"), form.get("client_secret")) == (CLIENT, SECRET)
        if asked is None or not is_app or asked["code_challenge"] != challenge:
            return 400, {"error": "invalid_grant"}, ""
        now = int(time.time())
        claims = {"iss": self.issuer, "aud": CLIENT, "iat": now, "exp": now + 60, "nonce": asked["nonce"]}
        claims |= self.person | self.lie
        key = self.signs_with or self.key
        signed = self.raw or jwt.encode({"alg": "ES256", "kid": "one"}, claims, key)
        return 200, {"id_token": signed, "access_token": "x", "token_type": "Bearer"}, ""
