"""However the app is started, it prints the address that lets a browser in, and lets nobody else in."""

import http.client
import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.visiting import let_in

ROOT = Path(__file__).parents[2]
WAYS = {
    "flowloom open": ["-m", "flowloom.cli", "open", "--host", "gpts.example.org", "--port"],
    "streamlit run": ["-m", "streamlit", "run", str(ROOT / "app.py"), "--server.port"],
}
UPGRADE = {
    "Upgrade": "websocket",
    "Connection": "Upgrade",
    "Sec-WebSocket-Version": "13",
    "Sec-WebSocket-Key": "AAAAAAAAAAAAAAAAAAAAAA==",
}


class Started(NamedTuple):
    port: int
    home: Path
    log: Path

    @property
    def url(self) -> str:
        return f"http://localhost:{self.port}"

    def ask(self, path: str = "/", **headers: str) -> tuple[int, str]:
        """The status of an answer, and where it leads."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        try:
            named = {name.replace("_", "-"): value for name, value in headers.items()}
            connection.request("GET", path, headers={"Host": f"localhost:{self.port}", **named})
            answer = connection.getresponse()
            return answer.status, answer.headers.get("location", "")
        finally:
            connection.close()


@pytest.fixture(scope="module", params=WAYS)
def started(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Started]:
    folder = tmp_path_factory.mktemp("started")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    found = Started(port, folder / "home", folder / "log")
    with found.log.open("w") as log:
        process = subprocess.Popen(
            [sys.executable, *WAYS[request.param], str(port)],
            env={**os.environ, "FLOWLOOM_HOME": str(found.home)},
            stdout=log,
            stderr=log,
            cwd=ROOT,
        )
    try:
        for _ in range(600):
            if "/?key=" in found.log.read_text() and answers(port):
                break
            assert process.poll() is None, found.log.read_text()
            time.sleep(0.1)
        yield found
    finally:
        process.terminate()
        process.wait(timeout=30)


def answers(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), timeout=5).close()
    except OSError:
        return False
    return True


def test_only_the_printed_address_lets_a_browser_in(started: Started) -> None:
    printed = re.findall(rf"http://localhost:{started.port}(/\?key=\S+)", started.log.read_text())
    assert len(printed) == 1
    assert started.ask("/")[0] == 403
    assert started.ask(printed[0]) == (303, "/")
    assert started.ask("/", **let_in(started.url, started.home))[0] == 200
    assert started.ask(printed[0], Host="evil.example")[0] == 403
    assert started.ask("/", **let_in(started.url, started.home), Host="evil.example")[0] == 403
    # Neither the key nor a cookie is in what the app logs of these.
    logged = started.log.read_text().replace(printed[0], "", 1)
    key = printed[0].partition("=")[2]
    assert logged.count(key) == (1 if "gpts.example.org" in logged else 0)


def test_the_websocket_takes_only_our_own_page(started: Started) -> None:
    cookie = let_in(started.url, started.home)
    for headers, status in [
        ({**cookie, "Origin": started.url}, 101),
        (cookie, 403),
        ({"Origin": started.url}, 403),
        ({**cookie, "Origin": "http://localhost:9999"}, 403),
        ({**cookie, "Origin": "http://evil.example", "Host": "evil.example"}, 403),
        ({**cookie, "Origin": "null", "Sec-WebSocket-Protocol": "streamlit, token, session"}, 403),
    ]:
        assert started.ask("/_stcore/stream", **UPGRADE, **headers)[0] == status, headers


def test_a_name_that_is_none_is_said_so() -> None:
    command = [sys.executable, "-m", "flowloom.cli", "open", "--host", "http://box:80"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120)
    assert (done.returncode, "without http://" in done.stderr) == (2, True)
    assert "Traceback" not in done.stderr
