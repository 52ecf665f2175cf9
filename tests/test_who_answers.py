"""Who answers when the GPT cannot: nobody, a fixed text or a person, set in Configure and met in a run."""

from collections.abc import Iterator

import pytest

from flowloom.configuration.backbone import with_edits
from flowloom.configuration.choices import AnswerInstead, Face, Switch, edits_for
from flowloom.configuration.fallback import Who
from flowloom.configuration.reading import read_configuration
from flowloom.flow.model import Flow
from flowloom.kinds.people import Reply
from flowloom.run.reading.view import RunView
from flowloom.store.templates import templates
from flowloom.workspace import Workspace
from tests.loopback import settings_of
from tests.openai_server import OpenAIServer, Say

FAILS = {
    "out of order": Say(status=500, error={"error": {"message": "internal"}}),
    "wrong key": Say(status=401, error={"error": {"message": "bad key"}}),
    "says nothing": Say(""),
    "filtered": Say("", finish="content_filter"),
}
SORRY = "Call us at the shop."
NAMES = ["", "support-desk", "agent-with-tools"]
"""A GPT of the form alone, one with a Model and one with an Agent."""


@pytest.fixture
def server() -> Iterator[OpenAIServer]:
    with OpenAIServer() as found:
        yield found


def gpt(home: Workspace, name: str, who: Who) -> Flow:
    flow = next((each.flow for each in templates() if each.id == name), Flow(name="Mine"))
    for choice in (Face({"instructions": "Be kind."}), AnswerInstead(who, SORRY if who == "text" else "")):
        flow = with_edits(flow, edits_for(flow, choice))
    return home.flows.create(flow)


def ask(home: Workspace, flow: Flow) -> RunView:
    return home.runner.finished(home.runner.start(flow, "Are you open?", home.runs.new_conversation(flow.id)))


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("how", FAILS)
def test_a_fixed_text_takes_its_place(home: Workspace, server: OpenAIServer, name: str, how: str) -> None:
    home.models_changed(settings_of(server))
    flow = gpt(home, name, "text")
    # What the support desk asks a model before it answers has an end of its own, which Configure names.
    server.script.extend([Say('{"choice": "Refund"}')] * len(read_configuration(flow).unguarded))
    server.default = FAILS[how]
    view = ask(home, flow)
    assert (view.state, view.text) == ("finished", SORRY), view.problem


@pytest.mark.parametrize("name", ["", "agent-with-tools"])
@pytest.mark.parametrize("how", FAILS)
def test_a_person_is_asked_and_their_words_are_the_answer(
    home: Workspace, server: OpenAIServer, name: str, how: str
) -> None:
    home.models_changed(settings_of(server))
    flow = gpt(home, name, "person")
    server.default = FAILS[how]
    view = ask(home, flow)
    assert view.state == "paused"
    (asked,) = home.questions.open()
    field = asked.question.fields[0].name
    home.inbox.answer(asked.id, Reply(values={field: "Until six."}))
    assert home.runner.finished(view.run_id).text == "Until six."


@pytest.mark.parametrize("name", NAMES)
def test_with_nobody_it_says_what_went_wrong(home: Workspace, server: OpenAIServer, name: str) -> None:
    home.models_changed(settings_of(server))
    flow = gpt(home, name, "nobody")
    server.default = FAILS["out of order"]
    view = ask(home, flow)
    assert view.state == "failed"
    assert view.problem


def test_whoever_it_is_a_model_that_answers_is_heard(home: Workspace, server: OpenAIServer) -> None:
    home.models_changed(settings_of(server))
    server.default = Say("Until eight.")
    for who in ("text", "person", "nobody"):
        assert ask(home, gpt(home, "", who)).text == "Until eight."


def test_abilities_that_come_later_leave_it_as_it_is(home: Workspace, server: OpenAIServer) -> None:
    home.models_changed(settings_of(server))
    flow = gpt(home, "", "text")
    flow = with_edits(flow, edits_for(flow, Switch("sums", True)))
    server.default = FAILS["wrong key"]
    assert ask(home, flow).text == SORRY


@pytest.mark.parametrize(("name", "blocks"), [("", ()), ("support-desk", ("classify",)), ("agent-with-tools", ())])
def test_blocks_that_end_the_run_all_the_same_are_named(
    home: Workspace, server: OpenAIServer, name: str, blocks: tuple[str, ...]
) -> None:
    home.models_changed(settings_of(server))
    server.default = FAILS["out of order"]
    flow = gpt(home, name, "text")
    named = read_configuration(flow).unguarded
    assert named == blocks
    view = ask(home, flow)
    assert (view.text == SORRY) is (named == ())
    assert view.problem is None or view.problem.node in named
