"""Who answers when the GPT cannot: nobody, a fixed text or a person, set in Configure and met in a run."""

from collections.abc import Iterator

import pytest

from flowloom.configuration.backbone import with_edits
from flowloom.configuration.choices import AnswerInstead, Face, Switch, edits_for
from flowloom.configuration.fallback import Who
from flowloom.configuration.reading import read_configuration
from flowloom.flow.edit import Add, Operation, Settle, apply
from flowloom.flow.model import Edge, Flow, Node
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


def template(name: str) -> Flow:
    return next((each.flow for each in templates() if each.id == name), Flow(name="Mine"))


def gpt(home: Workspace, name: str, who: Who) -> Flow:
    flow = template(name)
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
    server.default = FAILS[how]
    view = ask(home, flow)
    assert (view.state, view.text) == ("finished", SORRY), view.problem


def test_where_what_asks_first_is_heard_the_one_that_answers_may_still_fail(
    home: Workspace, server: OpenAIServer
) -> None:
    home.models_changed(settings_of(server))
    server.script.append(Say('{"choice": "Refund"}'))
    server.default = FAILS["out of order"]
    view = ask(home, gpt(home, "support-desk", "text"))
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


def drawn_on(flow: Flow, *edits: Operation) -> Flow:
    for edit in edits:
        flow = apply(flow, edit)
    return flow


def led(flow: Flow, block: str) -> list[str]:
    return [str(edge.target) for edge in flow.edges if edge.source == f"{block}.error"]


@pytest.mark.parametrize("who", ["text", "person"])
def test_it_answers_where_a_block_before_fails_and_nobody_takes_all_of_it_back(who: Who) -> None:
    flow = drawn_on(template("knowledge-helper"), Add(node=Node(id="sort", kind="classify")))
    before = {node.id: node.settings for node in flow.nodes}
    chosen = with_edits(flow, edits_for(flow, AnswerInstead(who, SORRY if who == "text" else "")))
    shown = read_configuration(chosen)
    assert (shown.unguarded, shown.fallback.who) == ((), who)
    assert led(chosen, "sort") == ["sorry.after" if who == "text" else f"{shown.fallback.form}.value"]
    other = with_edits(chosen, edits_for(chosen, AnswerInstead("text", "Write to us.")))
    assert [node.config for node in other.nodes if node.id.startswith("sorry")] == [{"text": "Write to us."}]
    back = with_edits(other, edits_for(other, AnswerInstead("nobody")))
    assert {node.id: node.settings for node in back.nodes} == before
    assert back.edges == flow.edges


def test_a_block_that_came_later_is_named_until_it_is_chosen_again(home: Workspace) -> None:
    flow = drawn_on(gpt(home, "", "text"), Add(node=Node(id="sort", kind="classify")))
    assert read_configuration(flow).coverable == ("sort",)
    again = with_edits(flow, edits_for(flow, AnswerInstead("text", SORRY)))
    assert read_configuration(again).unguarded == ()


def test_in_a_loop_it_is_named_and_left_as_it_is() -> None:
    lines = [("sort.choice", "again.prompt"), ("again.answer", "sort.text")]
    loop = (Node(id="sort", kind="classify"), Node(id="again", kind="summarise"))
    flow = template("knowledge-helper")
    edges = tuple(Edge.model_validate({"from": start, "to": end}) for start, end in lines)
    flow = flow.model_copy(update={"nodes": (*flow.nodes, *loop), "edges": (*flow.edges, *edges)})
    chosen = with_edits(flow, edits_for(flow, AnswerInstead("text", SORRY)))
    shown = read_configuration(chosen)
    assert (set(shown.unguarded), shown.coverable) == ({"sort", "again"}, ())


def test_what_leads_somewhere_already_is_left_as_it_was_drawn() -> None:
    flow = drawn_on(template("support-desk"), Settle(node="classify", settings={"on_error": "port"}))
    chosen = with_edits(flow, edits_for(flow, AnswerInstead("text", SORRY)))
    assert led(chosen, "classify") == []
