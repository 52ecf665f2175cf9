"""A chat kept as a test: replayed without a model, its differences told in words, and nothing personal in it."""

import io
import json

import pytest

from flowloom.capsules import export_capsule, import_capsule
from flowloom.errors import ModelError, StoreError
from flowloom.exchange.capsule import Capsule
from flowloom.flow.edit import Configure, apply
from flowloom.flow.model import Flow
from flowloom.kinds.services import OnText
from flowloom.kinds.values import ModelReply, ModelRequest
from flowloom.store.templates import templates
from flowloom.workspace import Workspace
from tests.evaluation.trying import ASKING, Scripted

KEY = "sk-proj-abcdefghijklmnopqrstuvwxyz123456"


def chatted(home: Workspace, flow: Flow, *messages: str) -> str:
    conversation = home.runs.new_conversation(flow.id)
    for message in messages:
        home.runner.finished(home.runner.start(flow, message, conversation))
    return conversation


def silence(home: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    """From now on no model answers."""

    async def nothing(request: ModelRequest, on_text: OnText) -> ModelReply:
        raise ModelError("No key.")

    monkeypatch.setattr(home.models, "reply", nothing)


@pytest.fixture
def kept(home: Workspace, monkeypatch: pytest.MonkeyPatch) -> Flow:
    models = Scripted(lambda said: f"You said {said} {KEY}")
    monkeypatch.setattr(home.models, "reply", models.reply)
    flow = home.flows.create(ASKING)
    home.keep_as_test(flow, chatted(home, flow, "I am ada@example.org", "And now?"))
    silence(home, monkeypatch)
    return flow


def only(found: dict[str, object]) -> object:
    (each,) = found.values()
    return each


def test_it_is_replayed_without_a_model(home: Workspace, kept: Flow) -> None:
    (replayed,) = home.run_tests(kept).values()
    assert (replayed.outcome, replayed.differences, replayed.stale) == ("same", (), ())


def test_nothing_personal_and_no_key_is_kept(home: Workspace, kept: Flow) -> None:
    (test,) = home.cassettes.all(kept.id)
    told = home.cassettes.load(test.id).model_dump_json()
    assert "ada@example.org" not in told
    assert KEY not in told
    assert "[email]" in told


def test_what_is_other_is_said_in_words(home: Workspace, kept: Flow) -> None:
    after = {"id": "t", "kind": "template", "config": {"template": "Dear reader. {{ text }}"}}
    changed = Flow.model_validate(
        {
            **kept.model_dump(by_alias=True),
            "nodes": [*(node.model_dump() for node in kept.nodes), after],
            "edges": [
                {"from": "m.message", "to": "x.prompt"},
                {"from": "x.answer", "to": "t.text"},
                {"from": "t.text", "to": "z.text"},
            ],
        }
    )
    (replayed,) = home.run_tests(changed).values()
    said = "\n".join(str(each) for each in replayed.differences)
    assert replayed.outcome == "different"
    assert "It went another way: Chat message → Model → " in said
    assert "It answers “Dear reader." in said
    assert said.startswith("1. ")


def test_an_edited_block_is_named_as_what_cannot_be_told(home: Workspace, kept: Flow) -> None:
    edited = apply(kept, Configure(node="x", config={"model": "careful"}))
    (replayed,) = home.run_tests(edited).values()
    assert replayed.outcome == "stale"
    assert str(replayed.stale[0]) == "“Model” was edited since."


def test_it_travels_in_the_capsule(home: Workspace, kept: Flow) -> None:
    out = io.BytesIO()
    export_capsule(home, kept, out)
    with Capsule(out) as capsule:
        taken = import_capsule(home, capsule)
    (replayed,) = home.run_tests(taken).values()
    assert replayed.outcome == "same"


def test_a_tampered_one_is_refused(home: Workspace, kept: Flow) -> None:
    (test,) = home.cassettes.all(kept.id)
    whole = json.loads(home.cassettes.load(test.id).model_dump_json())
    for broken in ({**whole, "turns": []}, {**whole, "cassette": 2}, {**whole, "name": "n" * 200}):
        with pytest.raises(ValueError, match="validation error"):
            type(home.cassettes.load(test.id)).model_validate(broken)


@pytest.mark.parametrize("name", ["Knowledge helper", "Assistant with tools", "Support desk", "Holiday request"])
def test_chats_of_templates_replay_as_they_were(home: Workspace, name: str) -> None:
    template = next(each for each in templates() if each.flow.name == name)
    flow = home.intake.create_from_template(template)
    conversation = home.runs.new_conversation(flow.id)
    run = home.runner.start(flow, flow.starters[0] if flow.starters else "Hello", conversation)
    view = home.runner.finished(run)
    if view.state == "paused":
        with pytest.raises(StoreError, match="has not come to its end"):
            home.keep_as_test(flow, conversation)
        return
    home.keep_as_test(flow, conversation)
    (replayed,) = home.run_tests(flow).values()
    assert (replayed.outcome, [str(each) for each in replayed.differences]) == ("same", [])


def test_what_cannot_be_a_test_says_why(home: Workspace) -> None:
    flow = home.flows.create(ASKING)
    with pytest.raises(StoreError, match="nothing to keep"):
        home.keep_as_test(flow, home.runs.new_conversation(flow.id))
    conversation = home.runs.new_conversation(flow.id)
    file = home.runs.save_attachment(conversation, "a.txt", "text/plain", b"words")
    home.runs.add_turn(conversation, "user", "Read this", attachments=[file])
    with pytest.raises(StoreError, match="has files"):
        home.keep_as_test(flow, conversation)
