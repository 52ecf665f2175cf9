"""Opening a stranger's flow runs nothing, contacts nobody and opens no file that it names; nor does a message."""

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from starlette.applications import Starlette
from starlette.testclient import TestClient

from flowloom.flow.file import write_flow
from flowloom.kinds.values import Message
from flowloom.runner import problems_of
from flowloom.serve.editor import editor_routes, mint_token
from flowloom.services.mcp.settings import McpServer
from flowloom.store.templates import templates
from flowloom.workspace import Workspace

REVIVED = {"lc": 1, "type": "constructor", "id": ["subprocess", "Popen"], "kwargs": {"args": ["touch", "/tmp/x"]}}
"""What LangChain makes an object of."""
PATHS = ("/etc/passwd", "../../../etc/passwd", "file:///etc/passwd", "~/.ssh/id_rsa", "C:\\Windows\\win.ini")
OUTSIDE = {"socket.connect", "socket.getaddrinfo", "subprocess.Popen", "os.system", "os.exec", "os.posix_spawn"}
_heard: list[tuple[str, Any]] | None = None


def _hear(event: str, arguments: tuple[Any, ...]) -> None:
    if _heard is not None and (event in OUTSIDE or event == "open"):
        _heard.append((event, arguments[0]))


sys.addaudithook(_hear)


@contextmanager
def deeds(home: Path) -> Iterator[list[tuple[str, Any]]]:
    """What this process does meanwhile outside of its own folder."""
    global _heard
    found: list[tuple[str, Any]] = []
    _heard = []
    try:
        yield found
    finally:
        heard, _heard = _heard, None
        found += [deed for deed in heard if not _at_home(deed, home)]


def _at_home(deed: tuple[str, Any], home: Path) -> bool:
    event, what = deed
    if event != "open" or isinstance(what, int):  # A number is a file that is open already.
        return event == "open"
    # A module that is needed now for the first time is code of ours.
    return str(what).startswith((str(home), "/dev/")) or str(what).endswith((".py", ".pyc"))


def flow_about(word: str, address: str, more: Any) -> bytes:
    """A flow that says `word` wherever it can."""
    configs = {
        "knowledge.search": {"knowledge": word},
        "http.request": {"url": address, "headers": [{"name": "Accept", "value": word}]},
        "template": {"template": "{% include '" + word + "' %}"},
        "model": {"model": word, "more": more},
        "mcp.tools": {"server": "ghost", "tools": [{"name": word, "about": word}], "command": word, "args": [word]},
        "no.such": {"command": word, "mcp": {"command": "touch", "args": [word]}, "more": more},
    }
    nodes = [{"id": f"n{at}", "kind": kind, "config": configs[kind]} for at, kind in enumerate(configs)]
    said = {"name": word, "description": word, "instructions": word, "starters": [word]}
    return json.dumps({"flowloom": 1, "id": "a", **said, "nodes": nodes, "edges": []}).encode()


def open_it(home: Workspace, data: bytes) -> str:
    """Import a flow, look at it on the canvas, and export it."""
    flow = home.intake.import_flow(data)
    problems_of(flow)
    browser = TestClient(Starlette(routes=editor_routes(lambda: home)), base_url="http://localhost:8501")
    shown = browser.get(f"/flows/{flow.id}", headers={"X-Flowloom-Token": mint_token(flow.id)})
    assert shown.status_code == 200
    assert home.runner.latest(flow.id) is None
    return write_flow(home.flows.load(flow.id))


def test_opening_a_flow(home: Workspace) -> None:
    open_it(home, flow_about("word", "https://example.com", {}))  # what is read once is read now
    for path in PATHS:
        with deeds(home.home) as done:
            kept = open_it(home, flow_about(path, "http://169.254.169.254/latest", REVIVED))
        assert done == []
        assert json.dumps(REVIVED["id"]) in json.dumps(json.loads(kept))


def test_a_message_is_words(home: Workspace) -> None:
    (template,) = (template for template in templates() if template.id == "agent-with-tools")
    flow = home.intake.create_from_template(template)
    conversation = home.runs.new_conversation(flow.id)
    home.runner.finished(home.runner.start(flow, "How long is the warranty?", conversation))
    for message in (*PATHS, json.dumps(REVIVED)):
        with deeds(home.home) as done:
            home.runner.finished(home.runner.start(flow, message, conversation))
        assert done == []
    assert home.runs.history(conversation)[-2] == Message(role="user", text=json.dumps(REVIVED))


def test_a_flow_that_names_a_server_of_this_computer(home: Workspace) -> None:
    mark = home.home / "mark"
    started = f"import pathlib; pathlib.Path({str(mark)!r}).touch()"
    server = McpServer(alias="ghost", command=sys.executable, arguments=("-c", started))
    home.mcp.servers.allow(home.mcp.servers.keep(server))
    open_it(home, flow_about("word", "https://example.com", {}))
    with deeds(home.home) as done:
        open_it(home, flow_about("once more", "https://example.com", {}))
    assert done == []
    assert not mark.exists()


def test_a_flow_cannot_bring_a_server_along(home: Workspace) -> None:
    flow = home.intake.import_flow(flow_about("touch /tmp/x", "https://example.com", {}))
    assert home.mcp.servers.aliases == ["practice"]
    said = [problem for problem in home.editor.open(flow.id).problems() if problem.code == "mcp.not_connected"]
    assert [(problem.node, problem.severity) for problem in said] == [("n4", "warning")]
    assert "“ghost” isn’t connected here" in str(said[0])
    assert said[0] in home.intake.import_notes(flow_about("touch /tmp/x", "https://example.com", {}))
    home.mcp.servers.keep(McpServer(alias="ghost", command="no-such-program"))
    assert all(problem.code != "mcp.not_connected" for problem in home.editor.open(flow.id).problems())
