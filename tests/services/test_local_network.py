"""The computers of one's own network that flows may reach."""

import asyncio
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread

import pytest

from flowloom.errors import HttpError
from flowloom.kinds.http import HttpRequest
from flowloom.services.network.local_network import MOST, OwnHosts


@pytest.mark.parametrize(
    ("given", "name"),
    [
        ("nas.local", "nas.local"),
        (" NAS.local:5000 ", "nas.local:5000"),
        ("https://nas.local:5001/photos?x=1", "nas.local:5001"),
        ("192.0.2.7", "192.0.2.7"),
        ("[::1]:8080", "[::1]:8080"),
    ],
)
def test_a_host_is_allowed_by_name_or_address(tmp_path: Path, given: str, name: str) -> None:
    assert OwnHosts(tmp_path).allow(given) == name
    assert OwnHosts(tmp_path).names == (name,)
    OwnHosts(tmp_path).allow(given)
    OwnHosts(tmp_path).forget(name)
    assert OwnHosts(tmp_path).names == ()


@pytest.mark.parametrize("given", ["", "two words", "ftp://nas.local", "http://", "nas\\local"])
def test_what_is_no_host_is_refused(tmp_path: Path, given: str) -> None:
    with pytest.raises(HttpError):
        OwnHosts(tmp_path).allow(given)
    assert OwnHosts(tmp_path).names == ()


def test_a_damaged_file_allows_nothing(tmp_path: Path) -> None:
    (tmp_path / "own-hosts.json").write_text('{"hosts": "everything')
    assert OwnHosts(tmp_path).names == ()


def test_there_is_an_end_to_it(tmp_path: Path) -> None:
    hosts = OwnHosts(tmp_path)
    for number in range(MOST):
        hosts.allow(f"host{number}")
    with pytest.raises(HttpError):
        hosts.allow("one.more")


class Greeting(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b"hello")

    def log_message(self, *_: object) -> None:
        """Says nothing."""


def test_only_what_is_allowed_is_reached(tmp_path: Path) -> None:
    hosts = OwnHosts(tmp_path)
    with HTTPServer(("127.0.0.1", 0), Greeting) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        request = HttpRequest(url=f"http://127.0.0.1:{server.server_port}/")
        with pytest.raises(
            HttpError, match="is on this computer or your local network, which flows may not access"
        ):
            asyncio.run(hosts.http().request(request))
        hosts.allow(f"127.0.0.1:{server.server_port}")
        assert asyncio.run(hosts.http().request(request)).text == "hello"
        server.shutdown()
