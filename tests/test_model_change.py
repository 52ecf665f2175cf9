"""A model that goes away: saved messages are answered by others, and nothing is sent, asked or kept twice."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from flowloom.flow.model import Flow
from flowloom.kinds.people import Reply
from flowloom.kinds.registry import all_kinds
from flowloom.model_change import Rehearsed, asks, named_in, played_by, switched
from flowloom.services.models.settings import ModelSettings, Provider
from flowloom.workspace import Workspace
from tests.loopback import Sink
from tests.openai_server import OpenAIServer, Say


@pytest.fixture
def server() -> Iterator[OpenAIServer]:
    with OpenAIServer(models=("old", "new")) as found:
        yield found


@pytest.fixture
def settings(home: Workspace, server: OpenAIServer) -> ModelSettings:
    provider = Provider(id="v", kind="compatible", name="V", base_url=server.url, models=("old", "new"))
    found = ModelSettings(providers=(provider,), roles=dict.fromkeys(("default", "fast", "careful"), "v/old"))
    home.models_changed(found)
    return found


def flow_of(nodes: dict[str, tuple[str, dict[str, Any]]], edges: str) -> Flow:
    pairs = [pair.split(">") for pair in edges.split()]
    return Flow.model_validate(
        {
            "nodes": [{"id": id, "kind": kind, "config": config} for id, (kind, config) in nodes.items()],
            "edges": [{"from": start, "to": end} for start, end in pairs],
        }
    )


def agent(url: str) -> Flow:
    nodes: dict[str, tuple[str, dict[str, Any]]] = {
        "m": ("chat.message", {}),
        "a": ("agent", {}),
        "post": ("http.request", {"method": "POST", "url": url, "body": "{{what}}"}),
        "z": ("chat.answer", {}),
    }
    return flow_of(nodes, "m.message>a.message post.tool>a.tools a.answer>z.text")


def behave(body: dict[str, Any]) -> Say:
    """Each model posts something of its own, then says what it was told."""
    if body["messages"][-1]["role"] == "tool":
        return Say(f"{body['model']} was told {body['messages'][-1]['content']}")
    return Say(tools=[(body["tools"][0]["function"]["name"], json.dumps({"what": f"from {body['model']}"}))])


def ask(home: Workspace, flow: Flow, message: str = "Hello") -> str:
    run = home.runner.start(flow, message, home.runs.new_conversation(flow.id))
    home.runner.finished(run)
    return run


def tried(home: Workspace, settings: ModelSettings, *saved: tuple[str, Flow]) -> Rehearsed:
    id = home.model_changes.start(settings, "v/old", ["v/new"], saved)
    found = home.model_changes.find(id)
    assert found
    assert found.future
    found.future.result(20)
    return found


def test_a_message_is_answered_by_the_candidate(
    home: Workspace, settings: ModelSettings, server: OpenAIServer
) -> None:
    server.behave = lambda body: Say(f"I am {body['model']}")
    nodes: dict[str, tuple[str, dict[str, Any]]] = {
        "m": ("chat.message", {}),
        "x": ("model", {}),
        "z": ("chat.answer", {}),
    }
    flow = home.flows.create(flow_of(nodes, "m.message>x.prompt x.answer>z.text"))
    run = ask(home, flow, "Bees?")
    turns = len(home.runs.turns(home.runs.turn_of(run)[0]))
    (replay,) = tried(home, settings, (run, flow)).replays
    assert (replay.asked, replay.before.text, replay.after["v/new"].text) == ("Bees?", "I am old", "I am new")
    assert replay.before.route == replay.after["v/new"].route == ("m", "x", "z")
    assert len(home.runs.turns(home.runs.turn_of(run)[0])) == turns, "nothing is added to the chat"
    assert len(home.ledger.entries([flow.id])) == 1, "nor to the runs"


def test_a_tool_that_sends_is_given_what_it_gave_then(
    home: Workspace, settings: ModelSettings, server: OpenAIServer, sink: Sink
) -> None:
    server.behave = behave
    flow = home.flows.create(agent(sink.url))
    home.consents.keep(flow.id, sink.host, True)
    run = ask(home, flow)
    assert sink.got == ['"from old"']
    (replay,) = tried(home, settings, (run, flow)).replays
    assert sink.got == ['"from old"']
    after = replay.after["v/new"]
    assert "Taken." in replay.before.text
    assert after.text.removeprefix("new") == replay.before.text.removeprefix("old")
    assert [inputs["what"] for _, inputs in (*replay.before.tools, *after.tools)] == ["from old", "from new"]


def test_a_tool_that_failed_then_fails_now(home: Workspace, settings: ModelSettings, server: OpenAIServer) -> None:
    server.behave = behave
    flow = home.flows.create(agent("http://127.0.0.1:9/"))
    home.own_hosts.allow("127.0.0.1:9")
    home.consents.keep(flow.id, "127.0.0.1:9", True)
    (replay,) = tried(home, settings, (ask(home, flow), flow)).replays
    assert "The tool failed" in replay.before.text
    assert replay.after["v/new"].text.removeprefix("new") == replay.before.text.removeprefix("old")


def test_what_was_not_used_then_is_not_used_now(
    home: Workspace, settings: ModelSettings, server: OpenAIServer, sink: Sink
) -> None:
    server.behave = lambda body: behave(body) if body["model"] == "new" else Say("No need")
    flow = home.flows.create(agent(sink.url))
    home.consents.keep(flow.id, sink.host, True)
    (replay,) = tried(home, settings, (ask(home, flow), flow)).replays
    assert sink.got == []
    assert "wasn’t used in the saved chat" in replay.after["v/new"].text


def test_a_person_is_not_asked_again(home: Workspace, settings: ModelSettings, server: OpenAIServer) -> None:
    server.behave = lambda body: Say(f"Draft of {body['model']}")
    nodes: dict[str, tuple[str, dict[str, Any]]] = {
        "m": ("chat.message", {}),
        "x": ("model", {}),
        "p": ("people.approve", {"question": "Send?"}),
        "z": ("chat.answer", {}),
    }
    flow = home.flows.create(flow_of(nodes, "m.message>x.prompt x.answer>p.value p.approved>z.text"))
    run = home.runner.start(flow, "Hello", home.runs.new_conversation(flow.id))
    home.runner.finished(run)
    (asked,) = home.questions.open()
    home.inbox.answer(asked.id, Reply(choice="approved"))
    home.runner.finished(run)
    (replay,) = tried(home, settings, (run, flow)).replays
    assert home.questions.open() == []
    assert replay.after["v/new"].problem is None
    assert replay.after["v/new"].route == replay.before.route


def test_a_candidate_that_fails_is_told(home: Workspace, settings: ModelSettings, server: OpenAIServer) -> None:
    server.behave = lambda body: (
        Say("Fine") if body["model"] == "old" else Say(status=404, error={"message": "gone"})
    )
    nodes: dict[str, tuple[str, dict[str, Any]]] = {
        "m": ("chat.message", {}),
        "x": ("model", {}),
        "z": ("chat.answer", {}),
    }
    flow = home.flows.create(flow_of(nodes, "m.message>x.prompt x.answer>z.text"))
    (replay,) = tried(home, settings, (ask(home, flow), flow)).replays
    problem = replay.after["v/new"].problem
    assert problem
    assert problem.code == "model.unknown"


NAMED = flow_of({"x": ("model", {"model": "v/old", "instructions": "Hi"}), "y": ("model", {})}, "")


def test_who_asks_a_model(home: Workspace, settings: ModelSettings) -> None:
    chat = {"m": ("chat.message", {}), "x": ("model", {}), "z": ("chat.answer", {})}
    flow = flow_of(chat, "m.message>x.prompt x.answer>z.text")
    assert asks(flow, settings, "v/old")
    assert not asks(flow, settings, "v/new")
    assert not asks(Flow(), settings, "v/old")


def test_blocks_and_roles_are_switched() -> None:
    kinds = all_kinds()
    assert [node.id for node in named_in(NAMED, kinds, "v/old")] == ["x"]
    (edit,) = switched(NAMED, kinds, "v/old", "v/new")
    assert (edit.node, edit.config) == ("x", {"model": "v/new", "instructions": "Hi"})
    settings = ModelSettings(
        roles={"default": "v/old", "fast": "v/other", "voice": "v/old"},
        fallbacks={"default": ("v/new", "v/other"), "fast": ("v/old", "v/new")},
    )
    found = played_by(settings, "v/old", "v/new")
    assert found.roles == {"default": "v/new", "fast": "v/other", "voice": "v/new"}
    assert found.fallbacks == {"default": ("v/other",), "fast": ("v/new",)}
