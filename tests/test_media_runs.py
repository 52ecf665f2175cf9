"""Pictures and sounds in whole runs: from the chat into blocks, from blocks to the answer, and nowhere else."""

import json
from pathlib import Path
from typing import Any

import pytest

from flowloom.errors import KnowledgeError, StoreError
from flowloom.flow.model import Flow
from flowloom.kinds.values import Attachment
from flowloom.run.reading.view import RunView
from flowloom.services.formats import sounds
from flowloom.services.models.settings import ModelSettings, Provider
from flowloom.store.saved_files import ConversationFiles
from flowloom.store.templates import templates
from flowloom.workspace import Workspace
from tests.loopback import settings_of
from tests.media_answers import picture, recording
from tests.openai_server import OpenAIServer, Say

DIARY = next(template for template in templates() if template.id == "picture-diary")


def flow_of(home: Workspace, *nodes: dict[str, Any], edges: list[tuple[str, str]], **more: Any) -> Flow:
    ends = [{"id": "m", "kind": "chat.message", "config": more}, {"id": "z", "kind": "chat.answer"}]
    lines = [{"from": start, "to": end} for start, end in edges]
    return home.flows.create(Flow.model_validate({"nodes": [*ends, *nodes], "edges": lines}))


def run(home: Workspace, flow: Flow, message: str, conversation: str, *files: Attachment) -> RunView:
    return home.runner.finished(home.runner.start(flow, message, conversation, files))


def shown(home: Workspace, conversation: str) -> list[tuple[str, str]]:
    """The files of the last answer as the chat has them, also after it is opened anew, by name."""
    return sorted((file.name, file.media_type) for file in home.runs.turns(conversation)[-1].attachments)


def test_a_diary_page_comes_with_a_picture_and_a_sound(home: Workspace) -> None:
    flow = home.intake.create_from_template(DIARY)
    conversation = home.runs.new_conversation(flow.id)
    view = run(home, flow, "A hedgehog came by", conversation)
    assert view.state == "finished", view.problem
    assert "A hedgehog came by" in view.text
    assert shown(home, conversation) == [
        ("A hedgehog came by.png", "image/png"),
        ("A hedgehog came by.wav", "audio/wav"),
    ]
    assert view.usage.cost == 0
    assert {name for name, node in view.nodes.items() if node.status == "skipped"} == {"hear", "look"}


def test_a_photo_and_a_recording_go_their_own_ways(home: Workspace) -> None:
    flow = home.intake.create_from_template(DIARY)
    conversation = home.runs.new_conversation(flow.id)
    files = [
        home.runs.save_attachment(conversation, "photo.txt", "text/plain", picture()),
        home.runs.save_attachment(conversation, "said.png", "image/png", recording(1.0)),
    ]
    assert [file.media_type for file in files] == ["image/png", "audio/wav"]  # by what they hold
    view = run(home, flow, "", conversation, *files)
    assert view.state == "finished", view.problem
    assert "To transcribe it, choose a model in Settings → Images and voice" in view.text
    assert "mostly red" in view.text


def test_a_list_of_files_gives_the_first_picture(home: Workspace) -> None:
    look = {"id": "l", "kind": "picture.look"}
    flow = flow_of(home, look, edges=[("m.attachments", "l.picture"), ("l.answer", "z.text")])
    conversation = home.runs.new_conversation(flow.id)
    text = home.runs.save_attachment(conversation, "a.txt", "text/plain", b"bees")
    photo = home.runs.save_attachment(conversation, "a.png", "", picture())
    assert "40 × 30" in run(home, flow, "Look", conversation, text, photo).text
    problem = run(home, flow, "Look", conversation, text).problem
    assert problem is not None
    assert "can’t be read as" in str(problem)


FOREIGN = ["/etc/passwd", "../../etc/passwd", "file:///etc/passwd", "' OR 1=1 --", "", "other"]


@pytest.mark.parametrize("id", FOREIGN)
def test_no_text_can_name_a_file(home: Workspace, id: str) -> None:
    """As JSON from a model or a server would: what is no file of this conversation is not opened."""
    pick = {"id": "j", "kind": "json.pick", "config": {"path": "file"}}
    look = {"id": "l", "kind": "picture.look"}
    flow = flow_of(
        home, pick, look, edges=[("m.message", "j.data"), ("j.value", "l.picture"), ("l.answer", "z.text")]
    )
    conversation, other = (home.runs.new_conversation(flow.id) for _ in range(2))
    kept = home.runs.save_attachment(other, "a.png", "", picture())
    named = {"id": kept.id if id == "other" else id, "name": "/etc/passwd", "media_type": "image/png"}
    view = run(home, flow, json.dumps({"file": named}), conversation)
    assert view.problem is not None
    assert "This file isn’t in this conversation" in str(view.problem)
    assert "40 × 30" in run(home, flow, json.dumps({"file": {**named, "id": kept.id}}), other).text


def test_a_branch_keeps_the_files_of_its_beginning(home: Workspace) -> None:
    flow = flow_of(home, edges=[("m.message", "z.text")])
    conversation = home.runs.new_conversation(flow.id)
    file = home.runs.save_attachment(conversation, "a.png", "", picture())
    run(home, flow, "Look", conversation, file)
    branch = home.runs.branch(conversation, home.runs.turns(conversation)[-1].number)
    assert ConversationFiles(home.runs, branch).read(file) == picture()
    stranger = ConversationFiles(home.runs, home.runs.new_conversation(flow.id))
    with pytest.raises(StoreError, match="This file isn’t in this conversation"):
        stranger.read(file)


def test_a_budget_holds_for_pictures(home: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    from flowloom.kinds.values import Usage
    from flowloom.services.media import practice_picture

    monkeypatch.setattr(practice_picture, "Usage", lambda **facts: Usage(model="dear", cost=0.5))
    draw = {"id": "d", "kind": "picture.make"}
    flow = flow_of(home, draw, edges=[("m.message", "d.prompt"), ("d.note", "z.text")])
    budget = flow.budget.model_copy(update={"money": 0.1})
    view = run(home, flow.model_copy(update={"budget": budget}), "A fox", home.runs.new_conversation(flow.id))
    assert view.problem is not None
    assert view.problem.code == "budget.money"


def test_an_unknown_cost_stays_unknown(home: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    from flowloom.kinds.values import Usage
    from flowloom.services.media import practice_picture

    monkeypatch.setattr(practice_picture, "Usage", lambda **facts: Usage(model="new"))
    draw = {"id": "d", "kind": "picture.make"}
    flow = flow_of(home, draw, edges=[("m.message", "d.prompt"), ("d.note", "z.text")])
    assert run(home, flow, "A fox", home.runs.new_conversation(flow.id)).usage.cost is None


def test_a_trial_keeps_no_file(home: Workspace) -> None:
    flow = home.intake.create_from_template(DIARY)
    conversation = home.runs.new_conversation(flow.id)
    id = home.trials.run_up_to(flow, "page", "A hedgehog came by", conversation, "en")
    assert home.trials.finished(id).view.state == "finished", home.trials.finished(id).view.problem
    assert not home.files.exists()
    assert home.runs.turns(conversation) == []


def test_what_a_run_will_cost_is_told_before(home: Workspace) -> None:
    flow = home.intake.create_from_template(DIARY)
    foretold = home.forecast(flow)
    assert (foretold.cost, foretold.hosts, foretold.unpriced) == (0.0, (), ())


def test_so_is_where_it_goes_and_that_a_price_is_unknown(home: Workspace) -> None:
    flow = home.intake.create_from_template(DIARY)
    home.models_changed(ModelSettings(providers=(Provider(id="openai", kind="openai", secret="openai"),)))
    foretold = home.forecast(flow)
    assert (foretold.cost, foretold.hosts) == (None, ("api.openai.com",))
    assert "openai/gpt-image-1" in foretold.unpriced


def test_what_an_agent_draws_comes_with_its_answer(home: Workspace) -> None:
    agent = {"id": "g", "kind": "agent"}
    draw = {"id": "d", "kind": "picture.make", "name": "Draw a picture"}
    edges = [("m.message", "g.message"), ("d.tool", "g.tools"), ("g.answer", "z.text")]
    flow = flow_of(home, agent, draw, edges=edges)
    with OpenAIServer() as server:
        home.models_changed(settings_of(server))
        server.script += [Say(tools=[("d", '{"prompt": "A fox"}')]), Say("There it is.")]
        conversation = home.runs.new_conversation(flow.id)
        view = run(home, flow, "Draw a fox", conversation)
    assert (view.state, view.text) == ("finished", "There it is."), view.problem
    assert shown(home, conversation) == [("A fox picture.png", "image/png")]


KINDS = {
    "audio/wav": recording(),
    "audio/mpeg": b"\xff\xfb\x90\x00" + b"\0" * 50,
    "audio/mp4": b"\0\0\0\x20ftypM4A " + b"\0" * 50,
    "audio/ogg": b"OggS" + b"\0" * 50,
    "audio/webm": b"\x1aE\xdf\xa3" + b"\0" * 50,
    "audio/flac": b"fLaC" + b"\0" * 50,
}


@pytest.mark.parametrize("kind", KINDS)
def test_recordings_of_every_kind_may_be_attached(home: Workspace, kind: str) -> None:
    conversation = home.runs.new_conversation(home.flows.create(Flow()).id)
    file = home.runs.save_attachment(conversation, "said.bin", "text/html", KINDS[kind])
    assert (file.media_type, file.text) == (kind, "")


def test_a_text_in_another_alphabet_is_no_recording(home: Workspace) -> None:
    conversation = home.runs.new_conversation(home.flows.create(Flow()).id)
    file = home.runs.save_attachment(conversation, "a.txt", "", "bees, 蜂".encode("utf-16"))
    assert "bees" in file.text


def test_a_recording_may_not_be_larger_than_models_take(home: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sounds, "MAX_BYTES", 100)
    conversation = home.runs.new_conversation(home.flows.create(Flow()).id)
    with pytest.raises(KnowledgeError, match="larger than 25 MB"):
        home.runs.save_attachment(conversation, "a.wav", "", recording())


def test_files_on_disk_are_where_the_run_says(home: Workspace) -> None:
    flow = home.intake.create_from_template(DIARY)
    run(home, flow, "A hedgehog came by", home.runs.new_conversation(flow.id))
    assert sorted(path.name for path in Path(home.files / flow.id).iterdir()) == [
        "A hedgehog came by.png",
        "A hedgehog came by.wav",
    ]
