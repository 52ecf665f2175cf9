"""Servers of this machine that play the world outside, and settings that lead to them."""

import io
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from PIL import Image

from flowloom.services.models.settings import ROLES, ModelSettings, Provider
from tests.openai_server import OpenAIServer


def settings_of(server: OpenAIServer) -> ModelSettings:
    """The model of a loopback server plays every role."""
    loopback = Provider(id="loopback", kind="compatible", name="Loopback", base_url=server.url, models=("m",))
    return ModelSettings(providers=(loopback,), roles=dict.fromkeys(map(str, ROLES), "loopback/m"))


class Sink(ThreadingHTTPServer):
    """Takes whatever is sent to it, and says so."""

    def __init__(self) -> None:
        self.got: list[str] = []
        super().__init__(("127.0.0.1", 0), _Taking)

    @property
    def host(self) -> str:
        return f"127.0.0.1:{self.server_port}"

    @property
    def url(self) -> str:
        return f"http://{self.host}/"


class _Taking(BaseHTTPRequestHandler):
    server: Sink

    def do_GET(self) -> None:
        self._take(self.path)

    def do_POST(self) -> None:
        size = int(self.headers["content-length"])
        body = self.rfile.read(size)
        if len(body) == size:  # else whoever sent it ended in the middle
            self._take(body.decode())

    def _take(self, what: str) -> None:
        self.server.got.append(what)
        self.send_response(200)
        self.send_header("content-type", "text/plain")
        self.end_headers()
        with suppress(ConnectionError):
            self.wfile.write(b"Taken.")

    def log_message(self, *_: Any) -> None:
        """Says nothing."""


def png(side: int = 40) -> bytes:
    """A small picture."""
    data = io.BytesIO()
    Image.new("RGB", (side, side), "orange").save(data, "PNG")
    return data.getvalue()


class Far(ThreadingHTTPServer):
    """Gives out what lies at a path, and keeps who asked for it with what."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, dict[str, str]]] = []
        self.places: dict[str, tuple[int, dict[str, str], bytes]] = {}
        super().__init__(("127.0.0.1", 0), _Giving)

    @property
    def host(self) -> str:
        return f"127.0.0.1:{self.server_port}"


class _Giving(BaseHTTPRequestHandler):
    server: Far

    def do_GET(self) -> None:
        self.server.asked.append((self.path, {name.lower(): value for name, value in self.headers.items()}))
        status, headers, data = self.server.places.get(self.path, (404, {}, b"no"))
        self.send_response(status)
        for name, value in {"content-length": str(len(data)), **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *_: Any) -> None:
        """Says nothing."""
