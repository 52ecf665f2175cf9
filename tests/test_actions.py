"""A specification that is pasted becomes a block, and a GPT answers with what its service says."""

import json
from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

import pytest

from flowloom.flow.file import write_flow
from flowloom.flow.model import Flow
from flowloom.kinds.operations import Operation
from flowloom.run.reading.view import RunView
from flowloom.services.connections.settings import Connection
from flowloom.services.openapi.specification import read_specification
from flowloom.workspace import Workspace
from tests.loopback import settings_of
from tests.oauth_server import OAuthServer
from tests.openai_server import OpenAIServer, Say

KEY = "k3y/of+mine=" + "x7Q" * 6


@pytest.fixture
def service() -> Iterator[OAuthServer]:
    with OAuthServer() as found:
        yield found


def operations(service: OAuthServer, count: int = 3) -> list[Operation]:
    things = {
        f"/things{at}/{{id}}": {
            "get": {
                "operationId": f"getThing{at}",
                "summary": f"Look at thing {at}",
                "parameters": [{"name": "id", "in": "path", "required": True, "schema": {"type": "string"}}],
            }
        }
        for at in range(count)
    }
    text = json.dumps({"openapi": "3.1.0", "servers": [{"url": service.url}], "paths": things})
    return list(read_specification(text).operations)


def flow(nodes: dict[str, Any], lines: str) -> Flow:
    return Flow.model_validate(
        {
            "id": "a",
            "nodes": [{"id": id, "kind": kind, "config": config} for id, (kind, config) in nodes.items()],
            "edges": [dict(zip(("from", "to"), line.split(">"), strict=True)) for line in lines.split()],
        }
    )


def said(home: Workspace, made: Flow, message: str, *allowed: OAuthServer) -> RunView:
    kept = home.flows.create(made)
    for server in allowed:
        home.consents.keep(kept.id, server.url.removeprefix("http://"), True)
    return home.runner.finished(home.runner.start(kept, message, home.runs.new_conversation(kept.id)))


@pytest.fixture
def connection(home: Workspace, service: OAuthServer, monkeypatch: pytest.MonkeyPatch) -> Connection:
    monkeypatch.setenv("FLOWLOOM_SECRET_KEY", "open sesame, my keys")
    return home.connections.keep(Connection(server=service.url, kind="bearer", private=True), KEY)


def block(operation: Operation, connection: str = "") -> Flow:
    config = {"operation": asdict(operation), "connection": connection}
    nodes = {"m": ("chat.message", {}), "act": ("action", config), "z": ("chat.answer", {})}
    return flow(nodes, "m.message>act.id act.text>z.text")


def test_from_the_specification_to_the_chat(home: Workspace, service: OAuthServer, connection: Connection) -> None:
    made = block(operations(service)[1], connection.id)
    view = said(home, made, "a/../b", service)
    assert view.state == "finished", view.problem
    assert json.loads(view.text)["path"] == "/things1/a%2F..%2Fb"
    assert service.asked[0].headers["authorization"] == f"Bearer {KEY}"
    # The service repeats what it was sent; nobody reads the key there, nor in what is kept.
    files = "".join(path.read_bytes().decode("latin-1") for path in home.home.rglob("*") if path.is_file())
    assert KEY not in view.text + write_flow(made) + files


def test_a_service_at_home_is_refused_without_a_connection(home: Workspace, service: OAuthServer) -> None:
    view = said(home, block(operations(service)[1]), "a", service)
    assert view.state == "failed"
    assert view.problem is not None
    assert (
        "is on this computer or your local network, which flows may not access" in view.problem.describe().message
    )
    assert service.asked == []


def test_a_strangers_flow_takes_no_key_elsewhere(
    home: Workspace, service: OAuthServer, connection: Connection
) -> None:
    with OAuthServer() as other:
        view = said(home, block(operations(other)[1], connection.id), "a", other)
        assert view.state == "failed"
        assert other.asked == []


def test_an_agent_finds_one_of_a_thousand_and_calls_it(
    home: Workspace, service: OAuthServer, connection: Connection
) -> None:
    config = {"operations": [asdict(each) for each in operations(service, 1000)], "connection": connection.id}
    nodes = {
        "m": ("chat.message", {}),
        "set": ("action.set", config),
        "agent": ("agent", {}),
        "z": ("chat.answer", {}),
    }
    call = json.dumps({"operation": "getThing777", "arguments": {"id": "x"}})
    with OpenAIServer() as model:
        model.script += [
            Say(tools=[("set_find", json.dumps({"query": "look at thing 777"}))]),
            Say(tools=[("set_call", call)]),
            Say("It is there."),
        ]
        home.models_changed(settings_of(model))
        made = flow(nodes, "m.message>agent.message set.tool>agent.tools agent.answer>z.text")
        view = said(home, made, "What is thing 777?", service)
        assert view.state == "finished", view.problem
        assert view.text == "It is there."
        first, second = (json.dumps(request.body) for request in model.requests[:2])
        assert len(first) < 5_000
        assert "getThing777" in second
    assert [asked.path for asked in service.asked] == ["/things777/x"]
