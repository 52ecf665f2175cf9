"""What a GPT learned travels with it: examples, as a GPT and as a block, and kept chats, which need no key."""

import io

import pytest

from flowloom.capsules import export_capsule
from flowloom.exchange.capsule import Capsule
from flowloom.exchange.locking import lock
from flowloom.file_exchange import add_as_block, ours, renew, take_in
from flowloom.flow.model import Flow, SavedAnswer
from flowloom.run.reading.steps import story_of
from flowloom.workspace import Workspace
from tests.evaluation.test_cassettes import chatted, silence
from tests.evaluation.trying import ECHO, Scripted
from tests.test_examples import PAIRS, WITH

ASKED = "How can I return boots?"


def capsule_of(home: Workspace, flow: Flow) -> io.BytesIO:
    out = io.BytesIO()
    export_capsule(home, flow, out)
    out.seek(0)
    return out


def read(home: Workspace, flow: Flow, node: str) -> list[str]:
    """The questions of the examples that a block read when it was asked."""
    run = home.runner.start(flow, ASKED, home.runs.new_conversation(flow.id))
    assert home.runner.finished(run).problem is None
    (step,) = [each for each in story_of(home.runs.events(run)) if each.node == node]
    return [str(each["question"]) for each in step.examples]


@pytest.fixture
def answering(home: Workspace, monkeypatch: pytest.MonkeyPatch) -> Scripted:
    models = Scripted(lambda said: f"You said {said}")
    monkeypatch.setattr(home.models, "reply", models.reply)
    return models


def test_examples_come_along_and_are_read(home: Workspace, answering: Scripted) -> None:
    taken = take_in(home, capsule_of(home, home.flows.create(WITH))).flow
    assert (taken.examples, taken.examples_shown) == (PAIRS, 1)
    assert read(home, taken, "x") == ["How do I return shoes?"]


def holding(inner: Flow) -> Flow:
    """A GPT of its own, with another one in a block."""
    block = {"flow": inner.model_dump(mode="json", by_alias=True), "source": inner.id}
    return Flow.model_validate(
        {
            "name": "Outer",
            "instructions": "Be brief.",
            "nodes": [
                {"id": "m", "kind": "chat.message"},
                {"id": "g", "kind": "flow.sub", "config": block},
                {"id": "x", "kind": "model"},
                {"id": "t", "kind": "template", "config": {"template": "{{ inner }} / {{ outer }}"}},
                {"id": "z", "kind": "chat.answer"},
            ],
            "edges": [
                {"from": "m.message", "to": "g.message"},
                {"from": "m.message", "to": "x.prompt"},
                {"from": "g.answer", "to": "t.inner"},
                {"from": "x.answer", "to": "t.outer"},
                {"from": "t.text", "to": "z.text"},
            ],
        }
    )


def test_they_come_along_within_a_block(home: Workspace, answering: Scripted) -> None:
    taken = take_in(home, capsule_of(home, home.flows.create(holding(WITH)))).flow
    assert read(home, taken, "g/x") == ["How do I return shoes?"]
    assert read(home, taken, "x") == [], "those of the GPT in the block are its own"


def test_they_come_along_where_a_capsule_becomes_a_block(home: Workspace) -> None:
    document = home.editor.open(home.flows.create(ECHO).id)
    block = add_as_block(document, take_in(home, capsule_of(home, home.flows.create(WITH))).flow)
    node = document.flow.node(block)
    assert node is not None
    inner = Flow.model_validate(node.config["flow"])
    assert (inner.examples, inner.examples_shown) == (PAIRS, 1)


def test_a_newer_capsule_brings_new_examples_and_kept_chats(home: Workspace, answering: Scripted) -> None:
    theirs = home.flows.create(WITH)
    mine = take_in(home, capsule_of(home, theirs)).flow
    home.keep_as_test(theirs, chatted(home, theirs, "Hello"))
    more = (*PAIRS, SavedAnswer(question="Is it open?", answer="Until six."))
    home.flows.save(theirs.model_copy(update={"examples": more}))
    for _ in range(2):  # what came along already does not come twice
        with Capsule(capsule_of(home, home.flows.load(theirs.id))) as capsule:
            renew(home, home.editor.open(mine.id), ours(capsule.flow), capsule)
    assert home.flows.load(mine.id).examples == more
    assert len(home.cassettes.all(mine.id)) == 1


@pytest.mark.parametrize("locked", [False, True])
def test_a_kept_chat_with_a_block_and_examples_replays_with_no_key(
    home: Workspace, answering: Scripted, monkeypatch: pytest.MonkeyPatch, locked: bool
) -> None:
    flow = home.flows.create(holding(WITH.model_copy(update={"instructions": "Be kind."})))
    home.keep_as_test(flow, chatted(home, flow, ASKED))
    file = capsule_of(home, flow)
    if locked:
        closed = io.BytesIO()
        lock(file, closed, "open sesame")
        file = closed
    silence(home, monkeypatch)
    taken = take_in(home, file, password="open sesame" if locked else "").flow
    (found,) = home.run_tests(taken).values()
    assert (found.outcome, found.differences, found.stale) == ("same", (), ())


def test_another_example_makes_an_old_answer_old(
    home: Workspace, answering: Scripted, monkeypatch: pytest.MonkeyPatch
) -> None:
    flow = home.flows.create(holding(WITH))
    home.keep_as_test(flow, chatted(home, flow, ASKED))
    silence(home, monkeypatch)
    changed = flow.model_copy(update={"nodes": holding(WITH.model_copy(update={"examples": PAIRS[:1]})).nodes})
    (found,) = home.run_tests(changed).values()
    assert [str(each) for each in found.stale] == ["“Model” was edited since."]
