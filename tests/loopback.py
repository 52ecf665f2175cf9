"""Servers of this machine that play the world outside, and settings that lead to them."""

from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

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
        self._take(self.rfile.read(int(self.headers["content-length"])).decode())

    def _take(self, what: str) -> None:
        self.server.got.append(what)
        self.send_response(200)
        self.send_header("content-type", "text/plain")
        self.end_headers()
        self.wfile.write(b"Taken.")

    def log_message(self, *_: Any) -> None:
        """Says nothing."""
