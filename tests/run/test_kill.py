"""A real process is killed at every event of three flows; a server counts what they sent: all of it, each once."""

import json
import subprocess
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from flowloom.flow.model import Flow
from tests.run.test_sub_flows import flow, within

pytestmark = pytest.mark.slow

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows has neither fork nor SIGKILL")

# One process that has everything imported and no thread; each life of a run is a fork of it.
LIVES = """
import json, os, signal, sys
from pathlib import Path
import flowloom.workspace as w
from flowloom.flow.file import read_flow
from flowloom.kinds.registry import all_kinds
from flowloom.services.network.local_network import OwnHosts
all_kinds()
OwnHosts.names = (sys.argv[1],)

def begin(home, order):
    def die(event):
        if event.seq == order["at"]:
            os.kill(os.getpid(), signal.SIGKILL)
    flow = home.flows.create(read_flow(json.dumps(order["flow"])))
    home.consents.keep(flow.id, sys.argv[1], True)
    run = home.runner.start(flow, order["message"], home.runs.new_conversation(flow.id), on_event=die)
    home.runner.finished(run)
    view = home.runner.view(run)
    return {"events": len(home.runs.events(run)), "text": view.text, "problem": str(view.problem)}

def go_on(home, order):
    conversation = home.runs.latest_conversation(home.flows.entries()[0].id)
    run = home.runner.interrupted(conversation)
    if run is None:
        return {"run": None}
    risky = [node.id for node in home.runner.risky(run)]
    if risky:
        return {"run": run, "risky": risky}
    home.runner.resume(run)
    view = home.runner.finished(run)
    return {"run": run, "risky": [], "state": view.state, "text": view.text}

for line in sys.stdin:
    order = json.loads(line)
    child = os.fork()
    if child == 0:
        home = w.open_workspace(Path(order["home"]))
        said = (go_on if order["at"] is None else begin)(home, order)
        print(json.dumps(said), flush=True)
        os._exit(0)
    _, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status):
        print(json.dumps({"killed": os.WTERMSIG(status)}), flush=True)
"""


class Sink(ThreadingHTTPServer):
    """Counts every body it was sent."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Answer)
        self.got: defaultdict[str, Counter[str]] = defaultdict(Counter)
        """By path, as what a killed process has sent may still be on its way."""


class Answer(BaseHTTPRequestHandler):
    server: Sink

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        self.server.got[self.path.strip("/")][body] += 1
        with suppress(BrokenPipeError, ConnectionResetError):
            self.send_response(200)
            self.end_headers()
            self.wfile.write(body.encode())

    def log_message(self, *_: Any) -> None:
        pass


@pytest.fixture
def sink() -> Iterator[Sink]:
    with Sink() as found:
        Thread(target=found.serve_forever, daemon=True).start()
        yield found
        found.shutdown()


class Lives:
    def __init__(self, sink: Sink) -> None:
        self.address = f"127.0.0.1:{sink.server_port}"
        self._process = subprocess.Popen(
            [sys.executable, "-c", LIVES, self.address], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def live(self, home: Path, **order: Any) -> dict[str, Any]:
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(json.dumps({"home": str(home), "at": None, **order}) + "\n")
        self._process.stdin.flush()
        found: dict[str, Any] = json.loads(self._process.stdout.readline())
        return found

    def close(self) -> None:
        self._process.communicate(timeout=20)


@pytest.fixture
def lives(sink: Sink) -> Iterator[Lives]:
    found = Lives(sink)
    yield found
    found.close()


def post(address: str, body: str) -> tuple[str, dict[str, Any]]:
    return ("http.request", {"url": f"http://{address}/", "method": "POST", "body": body})


def flows(address: str) -> dict[str, tuple[Flow, str, int]]:
    """Each with what it is asked, and how often it sends something."""
    send = post(address, "{{x}}")
    nodes = {"i": ("flow.input", {"name": "Who"}), "h": send, "o": "flow.output"}
    inner = flow(nodes, "i.value>h.x h.text>o.value")
    return {
        "side by side": (
            flow(
                {
                    "m": "chat.message",
                    "a": send,
                    "b": post(address, '["b", {{x}}]'),
                    "z": "chat.answer",
                },
                "m.message>a.x m.message>b.x a.text>z.text",
            ),
            "1",
            2,
        ),
        "in a loop": (
            flow(
                {
                    "m": "chat.message",
                    "p": ("prompt", {"template": "{{x}}{{more}}."}, {"rounds": 2}),
                    "h": send,
                    "z": "chat.answer",
                },
                "m.message>p.x p.prompt>h.x h.text>p.more h.text>z.text",
            ),
            "1",
            2,
        ),
        "for each": (
            flow(
                {"m": "chat.message", "b": ("flow.each", within(inner, at_once=2)), "z": "chat.answer"},
                "m.message>b.who b.result>z.text",
            ),
            "x\ny",
            2,
        ),
        "among blocks without effects": (
            flow(
                {
                    "m": "chat.message",
                    "p": ("prompt", {"template": "1{{x}}"}),
                    "q": ("prompt", {"template": "2{{x}}"}),
                    "h": send,
                    "r": ("prompt", {"template": "3{{x}}"}),
                    "s": ("prompt", {"template": "4{{x}}"}),
                    "i": send,
                    "z": "chat.answer",
                },
                "m.message>p.x p.prompt>q.x q.prompt>h.x h.text>r.x r.prompt>s.x s.prompt>i.x i.text>z.text",
            ),
            "0",
            2,
        ),
    }


@pytest.mark.parametrize("name", flows(""))
def test_killed_at_every_event(tmp_path: Path, sink: Sink, lives: Lives, name: str) -> None:
    def order(at: int) -> dict[str, Any]:
        made, message, _ = flows(f"{lives.address}/{at}")[name]
        return {"flow": made.model_dump(mode="json", by_alias=True), "message": message, "at": at}

    whole = lives.live(tmp_path / "whole", **order(-1))
    expected = sink.got["-1"]
    assert whole["problem"] == "None"
    assert sorted(expected.values()) == [1] * flows(lives.address)[name][2]
    gone_on = asked_first = 0
    for at in range(whole["events"]):
        home = tmp_path / str(at)
        if "killed" not in lives.live(home, **order(at)):
            continue  # What is shown and not logged has this number.
        again, got = lives.live(home), sink.got[str(at)]
        if again["run"] is None:
            assert got == expected, "it had ended"
        elif again["risky"]:
            # Nobody knows whether it was sent, so nothing is sent again before a person says so.
            asked_first += 1
            assert max(got.values(), default=1) == 1
        else:
            gone_on += 1
            assert (again["state"], again["text"]) == ("finished", whole["text"])
            assert got == expected, at
    assert gone_on
    assert asked_first
