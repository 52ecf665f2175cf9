"""A key of the person's reaches the one server it is for, and nothing else that anyone can read."""

import json
import logging
import sys
from base64 import b64encode
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest

from flowloom.cli import main
from flowloom.flow.file import write_flow
from flowloom.flow.model import Edge, Flow, Node
from flowloom.services.databases.settings import Database
from flowloom.services.mail.settings import PASSWORD as MAIL_PASSWORD
from flowloom.services.mail.settings import MailAccount
from flowloom.services.mcp.settings import McpServer
from flowloom.services.models.settings import ModelSettings, Provider
from flowloom.store.templates import templates, templates_folder
from flowloom.workspace import Workspace
from tests.media_answers import Sent, drawn, picture, recording
from tests.openai_server import OpenAIServer, Say
from tests.smtp_sink import smtp_sink
from tests.test_consents import made

PASSWORD = "open sesame, my keys"
KEY = "k3y/of+mine=" + "x7Q" * 6
"""Of no vendor's shape, so only what is kept in Settings can tell that it is a key."""
SHAPES = (KEY, quote(KEY, safe=""), json.dumps(KEY)[1:-1], b64encode(KEY.encode()).decode())
SAID = " and ".join(f"Authorization: Bearer {shape}" for shape in SHAPES)
# A good answer is shown as it came: only the server that has the key anyway could put it there.
TROUBLE = {
    **{f"error {status}": Say(status=status, error={"message": SAID}) for status in (400, 401, 404, 429, 500)},
    "an error that is its code": Say(status=418, error={"code": SAID}),
    "an error of another shape": Say(status=400, error={"echo": {"headers": {"authorization": SAID}}}),
    "a header": Say(status=500, headers={"x-echo": SAID}),
    "half an answer": Say("One two three four", trouble="half"),
    "no answer at all": Say(trouble="drop"),
    "a call of an unknown tool": Say(tools=[(KEY, json.dumps({"key": SAID}))]),
}
TEMPLATES = {template.id: template for template in templates()}


@pytest.fixture
def server() -> Iterator[OpenAIServer]:
    with OpenAIServer() as found:
        yield found


@pytest.fixture
def keyed(monkeypatch: pytest.MonkeyPatch, home: Workspace, server: OpenAIServer) -> Workspace:
    """A home whose default model is the server's, by key."""
    monkeypatch.setenv("FLOWLOOM_SECRET_KEY", PASSWORD)
    home.secrets.set("echo", KEY)
    provider = Provider(id="echo", kind="compatible", base_url=server.url, secret="echo", models=("m",))
    home.models_changed(ModelSettings(providers=(provider,), roles={"default": "echo/m"}))
    return home


def tellers(places: dict[str, str], home: Path) -> list[str]:
    """Which of these places, or of the files under `home`, hold the key or the password."""
    files = {path.name: path.read_bytes().decode("latin-1") for path in home.rglob("*") if path.is_file()}
    everywhere = (places | files).items()
    return [place for place, text in everywhere if any(shape in text for shape in (*SHAPES, PASSWORD))]


@pytest.mark.parametrize("trouble", TROUBLE)
@pytest.mark.parametrize("template", ["agent-with-tools", "form-filler"])
def test_a_server_that_repeats_the_key_tells_it_to_nobody(
    keyed: Workspace, server: OpenAIServer, template: str, trouble: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    server.default = TROUBLE[trouble]
    flow = keyed.intake.create_from_template(TEMPLATES[template])
    conversation = keyed.runs.new_conversation(flow.id)
    view = keyed.runner.finished(keyed.runner.start(flow, "Where is my parcel?", conversation))
    assert server.requests[0].headers["authorization"] == f"Bearer {KEY}"
    assert view.state == "failed"
    assert tellers({"view": repr(view), "log": caplog.text, "export": write_flow(flow)}, keyed.home) == []


MEDIA_TROUBLE = {
    **{f"error {status}": Sent({"error": {"message": SAID}}, status) for status in (400, 401, 404, 413, 429, 500)},
    "an error of another shape": Sent({"echo": {"authorization": SAID}}, 400),
    "a page": Sent(SAID.encode(), kind="text/html"),
    "a broken picture": Sent(drawn(SAID.encode())),
    "sent elsewhere": Sent(b"", 302, headers={"Location": f"http://127.0.0.1:9/{quote(KEY, safe='')}"}),
}


@pytest.mark.parametrize("trouble", MEDIA_TROUBLE)
def test_nor_does_one_that_draws(
    keyed: Workspace, server: OpenAIServer, trouble: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    settings = keyed.models.settings
    keyed.models_changed(settings.model_copy(update={"roles": {**settings.roles, "pictures": "echo/m"}}))
    server.media.append(MEDIA_TROUBLE[trouble])
    flow = keyed.intake.create_from_template(TEMPLATES["picture-diary"])
    conversation = keyed.runs.new_conversation(flow.id)
    view = keyed.runner.finished(keyed.runner.start(flow, "A hedgehog came by", conversation))
    assert server.requests[0].headers["authorization"] == f"Bearer {KEY}"
    assert view.state == "failed"
    assert tellers({"view": repr(view), "log": caplog.text, "export": write_flow(flow)}, keyed.home) == []


def test_words_of_one_that_draws_are_cleaned(keyed: Workspace, server: OpenAIServer) -> None:
    settings = keyed.models.settings
    roles = {"pictures": "echo/m", "hearing": "echo/m"}
    keyed.models_changed(settings.model_copy(update={"roles": {**settings.roles, **roles}}))
    answer = drawn(picture())
    answer["data"][0]["revised_prompt"] = SAID
    server.media += [Sent({"text": SAID}), Sent(answer)]
    flow = keyed.intake.create_from_template(TEMPLATES["picture-diary"])
    conversation = keyed.runs.new_conversation(flow.id)
    spoken = keyed.runs.save_attachment(conversation, "a.wav", "", recording())
    view = keyed.runner.finished(keyed.runner.start(flow, "", conversation, [spoken]))
    assert view.state == "finished", view.problem
    assert [request.path for request in server.requests] == ["/v1/audio/transcriptions", "/v1/images/generations"]
    assert tellers({"view": repr(view)}, keyed.home) == []


@pytest.mark.parametrize("how", ["--events", "--json"])
def test_nor_does_the_command_line(
    keyed: Workspace, server: OpenAIServer, capfd: pytest.CaptureFixture[str], how: str
) -> None:
    server.default = Say(status=400, error={"message": SAID})
    flow = templates_folder() / "agent-with-tools.json"
    assert main(["run", str(flow), "--message", "Hello", how]) == 1
    said = capfd.readouterr()
    assert "rejected the request" in said.err
    assert tellers({"out": said.out, "err": said.err}, keyed.home) == []


def test_the_passwords_of_mail_and_database_stay_as_well(
    monkeypatch: pytest.MonkeyPatch, home: Workspace, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv("FLOWLOOM_SECRET_KEY", PASSWORD)
    caplog.set_level(logging.DEBUG)
    home.secrets.set(MAIL_PASSWORD, KEY)
    with smtp_sink("another") as sink:
        home.mail_changed(
            MailAccount(address="me@example.org", server="127.0.0.1", port=sink.port, security="none")
        )
        # Nobody listens there, and the driver knows the password when it fails.
        database = home.databases.keep(
            Database(kind="postgres", port=1, database="x", user="me", secure=False), KEY
        )
        nodes = {
            "e": ("mail.send", {"way": "send", "to": "anna@example.org", "subject": "", "text": "{{x}}"}),
            "d": ("database.query", {"database": database.id, "sql": "SELECT {{x}}"}),
        }
        for node, line in (("e", "e.told>z.text"), ("d", "d.text>z.text")):
            flow = made(home, {node: nodes[node]}, f"m.message>{node}.x {line}")
            home.consents.keep(flow.id, "anna@example.org", True)
            view = home.runner.finished(home.runner.start(flow, "hello", home.runs.new_conversation(flow.id)))
            assert view.problem is not None
            assert view.problem.code in ("mail.sign_in", "database.connection")
            assert tellers({"view": repr(view), "log": caplog.text, "export": write_flow(flow)}, home.home) == []


MCP_TROUBLE = ["tells the key", "dies in the call", "dies at once"]


@pytest.mark.parametrize("how", MCP_TROUBLE)
def test_nor_does_an_mcp_server_tell_its_own(
    monkeypatch: pytest.MonkeyPatch, home: Workspace, how: str, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv("FLOWLOOM_SECRET_KEY", PASSWORD)
    caplog.set_level(logging.DEBUG)
    program = str(Path(__file__).parent / "bad_mcp_server.py")
    arguments = ("-I", program, how, str(home.home / "pids"))
    server = McpServer(alias="bad", command=sys.executable, arguments=arguments, names=("KEY",))
    home.mcp.servers.keep(server, {"KEY": KEY})
    home.mcp.servers.allow(server)
    flow = home.flows.create(flow_asking("bad"))
    home.consents.keep(flow.id, "bad", True)
    conversation = home.runs.new_conversation(flow.id)
    view = home.runner.finished(home.runner.start(flow, "Hello", conversation))
    assert view.state == ("finished" if how == "tells the key" else "failed")
    assert "•••" in (view.text or str(view.problem))
    assert tellers({"view": repr(view), "log": caplog.text, "export": write_flow(flow)}, home.home) == []


def flow_asking(server: str) -> Flow:
    """A message goes to a tool of an MCP server, and what it says is the answer."""
    takes = {"type": "object", "properties": {"text": {"type": "string"}}, "required": ["text"]}
    tool = {"name": "echo", "takes": takes}
    return Flow(
        nodes=(
            Node(id="message", kind="chat.message"),
            Node(id="tool", kind="mcp.tools", config={"server": server, "tools": [tool]}),
            Node(id="answer", kind="chat.answer"),
        ),
        edges=(
            Edge(source="message.message", target="tool.text"),
            Edge(source="tool.text", target="answer.text"),
        ),
    )
