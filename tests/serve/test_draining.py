"""A server that is told to end finishes what it is at, and sends who comes meanwhile to the next one."""

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
from starlette.responses import PlainTextResponse
from starlette.testclient import TestClient
from starlette.types import Receive, Scope, Send

from flowloom.serve.draining import Draining
from flowloom.serve.leaving import SECONDS, SECONDS_VARIABLE, Leaving, drain_seconds
from flowloom.services.models.settings import ModelSettings, Provider
from flowloom.store.publications import Terms
from flowloom.workspace import open_workspace
from tests.openai_server import OpenAIServer, Say
from tests.serve.api.serving import CHAT, MODEL


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("POST", "/v1/chat/completions", 503),
        ("POST", "/gpt/trips/chats/x/messages", 503),
        ("DELETE", "/gpt/trips/chats/x", 503),
        ("POST", "/mcp/trips", 503),
        ("POST", "/a2a/trips", 503),
        ("POST", "/hooks/x", 503),
        ("GET", "/v1/models", 200),
        ("GET", "/gpt/trips", 200),
        ("GET", "/ready", 200),
        ("POST", "/flows/x/ops", 200),
    ],
)
def test_who_may_still_come_in(method: str, path: str, status: int) -> None:
    """Edits in the app are kept to the last."""

    async def inside(scope: Scope, receive: Receive, send: Send) -> None:
        await PlainTextResponse("in")(scope, receive, send)

    state = Leaving()
    browser = TestClient(Draining(inside, state))
    assert browser.request(method, path).status_code == 200
    state.is_draining = True
    answer = browser.request(method, path, headers={"accept-language": "fr"})
    assert answer.status_code == status
    if status == 503:
        assert answer.headers["retry-after"] == "5"
        assert "Flowloom redémarre." in answer.json()["error"]["message"]
        assert answer.json()["problem"]["message"] == "Flowloom redémarre."


def test_it_ends_once_nothing_is_under_way() -> None:
    state, ended, at_work = Leaving(), threading.Event(), [2]
    held: list[bool] = []
    state.wait_for(lambda: held.append(True), lambda: at_work[0])
    state.drain(ended.set, 60)
    assert held
    assert state.is_draining
    assert not ended.wait(0.3)
    at_work[0] = 0
    assert ended.wait(10)


def test_it_waits_no_longer_than_it_may() -> None:
    state, ended = Leaving(), threading.Event()
    state.wait_for(lambda: None, lambda: 1)
    state.drain(ended.set, 0.2)
    assert ended.wait(10)


@pytest.mark.parametrize(("given", "seconds"), [("20", 20), ("0", 0), ("-1", 0), ("soon", SECONDS), ("", SECONDS)])
def test_how_long(monkeypatch: pytest.MonkeyPatch, given: str, seconds: float) -> None:
    monkeypatch.setenv(SECONDS_VARIABLE, given)
    assert drain_seconds() == seconds


def prepared(home: Path, model: OpenAIServer) -> str:
    """A home with a published GPT; the key that opens it."""
    workspace = open_workspace(home)
    provider = Provider(id="scripted", kind="compatible", base_url=model.url, models=("m",))
    workspace.models_changed(ModelSettings().with_provider(provider).played_by(MODEL))
    workspace.publications.publish(workspace.flows.create(CHAT), "trips", Terms())
    _, key = workspace.api_keys.make("test", "")
    workspace.close()
    return key


@contextmanager
def opened(home: Path, log: Path, errors: Path | None = None) -> Iterator[tuple[subprocess.Popen[bytes], str]]:
    """The app in a process of its own, and its address; what it logs goes to `errors`, or to the log as well."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "flowloom.cli", "open", "--port", str(port)]
    env = {**os.environ, "FLOWLOOM_HOME": str(home), SECONDS_VARIABLE: "60"}
    with (
        log.open("ab") as out,
        (errors or log).open("ab") as wrong,
        subprocess.Popen(command, env=env, stdout=out, stderr=wrong) as process,
    ):
        try:
            yield process, f"http://127.0.0.1:{port}"
        finally:
            process.kill()


def until_it_answers(address: str, path: str, status: int, seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        try:
            if httpx.get(address + path, timeout=10).status_code == status:
                return
        except httpx.TransportError:
            """Not yet."""
        time.sleep(0.05)
    raise AssertionError(f"{path} never answered {status}")


def test_a_call_under_way_gets_its_answer(tmp_path: Path) -> None:
    """The same for `docker stop` and systemd: both send this signal first."""
    with OpenAIServer(delay=3.0) as model:
        model.default = Say("All of it.")
        key = prepared(tmp_path / "home", model)
        with opened(tmp_path / "home", tmp_path / "log") as (process, address):
            until_it_answers(address, "/ready", 200)
            got: list[Any] = []

            def ask() -> httpx.Response:
                body = {"model": "trips", "messages": [{"role": "user", "content": "Oslo?"}]}
                headers = {"authorization": f"Bearer {key}"}
                return httpx.post(f"{address}/v1/chat/completions", json=body, headers=headers, timeout=60)

            asking = threading.Thread(target=lambda: got.append(ask()))
            asking.start()
            end = time.monotonic() + 60
            while not model.requests and time.monotonic() < end:
                time.sleep(0.01)
            process.send_signal(signal.SIGTERM)
            until_it_answers(address, "/ready", 503)
            late = ask()
            assert (late.status_code, late.headers["retry-after"]) == (503, "5")
            asking.join(60)
            assert got[0].json()["choices"][0]["message"]["content"] == "All of it."
            # uvicorn passes the signal on once it has ended.
            assert process.wait(60) in (0, -signal.SIGTERM)
    assert "Traceback" not in (tmp_path / "log").read_text("utf-8")
