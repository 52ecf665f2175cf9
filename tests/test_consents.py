"""Nothing leaves for another computer before a person has seen what it is, and allowed it."""

import json
import time
from typing import Any

import pytest

from flowloom.flow.model import Flow
from flowloom.kinds.consents import ANY_PAGE
from flowloom.kinds.people import Question, Reply
from flowloom.rehearsal.attacks import attacks
from flowloom.run.reading.view import RunView
from flowloom.services.mcp.settings import McpServer
from flowloom.store.templates import templates
from flowloom.workspace import Workspace, open_workspace
from tests.loopback import Sink, settings_of
from tests.openai_server import OpenAIServer, Say


def made(home: Workspace, nodes: dict[str, Any], lines: str, **about: Any) -> Flow:
    blocks = {"m": ("chat.message", {}), "z": ("chat.answer", {}), **nodes}
    return home.flows.create(
        Flow.model_validate(
            {
                "nodes": [{"id": id, "kind": kind, "config": config} for id, (kind, config) in blocks.items()],
                "edges": [dict(zip(("from", "to"), line.split(">"), strict=True)) for line in lines.split()],
                **about,
            }
        )
    )


def post(sink: Sink, body: str = "{{note}}") -> tuple[str, Any]:
    return ("http.request", {"url": sink.url, "method": "POST", "body": body, "body_format": "text"})


def sender(home: Workspace, sink: Sink) -> Flow:
    return made(home, {"h": post(sink)}, "m.message>h.note h.text>z.text")


class Person:
    """Answers every question in the same way, and remembers what was asked."""

    def __init__(self, home: Workspace, choice: str) -> None:
        self.home, self.choice = home, choice
        self.asked: list[Question] = []

    def chat(self, flow: Flow, message: str = "My number is 555") -> RunView:
        run = self.home.runner.start(flow, message, self.home.runs.new_conversation(flow.id))
        view = self.home.runner.finished(run)
        for _ in range(500):
            for waiting in self.home.questions.open():
                self.asked.append(waiting.question)
                self.home.inbox.answer(waiting.id, Reply(choice=self.choice))
            view = self.home.runner.view(run) or view
            if view.state not in ("paused", "running"):
                return view
            time.sleep(0.01)
        raise AssertionError("the run did not end")


def test_the_person_sees_who_gets_what_before_anything_leaves(home: Workspace, sink: Sink) -> None:
    flow = sender(home, sink)
    run = home.runner.start(flow, "My number is 555", home.runs.new_conversation(flow.id))
    assert home.runner.finished(run).state == "paused"
    assert sink.got == []
    (waiting,) = home.questions.open()
    assert sink.host in waiting.question.title_in("en")
    assert waiting.question.exact == f"POST {sink.url}\n\nMy number is 555"
    assert [choice.id for choice in waiting.question.choices] == ["once", "always", "not_now", "never"]


@pytest.mark.parametrize(
    ("choice", "state", "sent", "asked"),
    [
        ("once", "finished", 2, 2),
        ("always", "finished", 2, 1),
        ("not_now", "failed", 0, 2),
        ("never", "failed", 0, 1),
        ("", "failed", 0, 2),
    ],
)
def test_what_each_answer_is_good_for(
    home: Workspace, sink: Sink, choice: str, state: str, sent: int, asked: int
) -> None:
    flow, person = sender(home, sink), Person(home, choice)
    assert [person.chat(flow).state, person.chat(flow).state] == [state, state]
    assert (len(sink.got), len(person.asked)) == (sent, asked)


def test_a_decision_is_for_one_gpt_and_one_host(home: Workspace, sink: Sink) -> None:
    flow, person = sender(home, sink), Person(home, "always")
    person.chat(flow)
    person.chat(sender(home, sink))
    assert len(person.asked) == 2
    assert {(one.flow, one.host) for one in home.consents.all()} >= {(flow.id, sink.host)}
    with Sink() as other:
        person.choice = "not_now"
        person.chat(made(home, {"h": post(other)}, "m.message>h.note h.text>z.text"))
    assert other.host in person.asked[-1].title_in("en")


def test_never_says_where_to_take_it_back_and_then_asks_again(home: Workspace, sink: Sink) -> None:
    flow, person = sender(home, sink), Person(home, "never")
    person.chat(flow)
    problem = person.chat(flow).problem
    assert problem is not None
    assert problem.code == "consent.never"
    assert "Settings" in str(problem.hint)
    home.consents.take_back(flow.id, sink.host)
    person.choice = "once"
    assert person.chat(flow).state == "finished"


def test_blocks_side_by_side_ask_once_and_send_once_each(home: Workspace, sink: Sink) -> None:
    nodes = {"a": post(sink, "a {{note}}"), "b": post(sink, "b {{note}}")}
    flow = made(home, nodes, "m.message>a.note m.message>b.note a.text>z.text")
    person = Person(home, "once")
    assert person.chat(flow, "x").state == "finished"
    assert len(person.asked) == 1
    assert sorted(sink.got) == ["a x", "b x"]


def test_an_agent_asks_as_well_and_repeats_nothing(home: Workspace, sink: Sink) -> None:
    nodes = {"h": post(sink), "a": ("agent", {})}
    flow = made(home, nodes, "m.message>a.message h.tool>a.tools a.answer>z.text")
    with OpenAIServer() as model:
        home.models_changed(settings_of(model))
        model.script += [Say(tools=[("h", json.dumps({"note": "one"}))]), Say("Done.")]
        person = Person(home, "once")
        assert person.chat(flow).text == "Done."
        assert [sink.got, len(person.asked), len(model.requests)] == [["one"], 1, 2]
        model.script += [Say(tools=[("h", json.dumps({"note": "two"}))]), Say("A pity.")]
        person.choice = "never"
        assert person.chat(flow).text == "A pity."
        assert sink.host in json.dumps(model.requests[-1].body)
    assert sink.got == ["one"]


def page_reader(home: Workspace) -> Flow:
    nodes = {"words": ("prompt", {"template": "{{page}}"}), "r": ("web.read", {})}
    return made(home, nodes, "m.message>words.page words.prompt>r.address r.text>z.text")


def test_a_page_the_person_named_is_opened_without_asking(home: Workspace, sink: Sink) -> None:
    person = Person(home, "never")
    assert person.chat(page_reader(home), f"{sink.url}news").text == "Taken."
    assert person.asked == []


@pytest.mark.parametrize("choice", ["once", "pages"])
def test_any_page_may_be_allowed(home: Workspace, sink: Sink, choice: str) -> None:
    nodes = {"words": ("prompt", {"template": sink.url + "{{x}}"}), "r": ("web.read", {})}
    flow = made(home, nodes, "m.message>words.x words.prompt>r.address r.text>z.text")
    person = Person(home, choice)
    assert [person.chat(flow, "a").text, person.chat(flow, "b").text] == ["Taken.", "Taken."]
    assert len(person.asked) == (2 if choice == "once" else 1)
    assert "pages" in [offered.id for offered in person.asked[0].choices]
    assert [one.host for one in home.consents.all()] == ([ANY_PAGE] if choice == "pages" else [])


def test_any_page_is_no_leave_to_send(home: Workspace, sink: Sink) -> None:
    flow, person = sender(home, sink), Person(home, "not_now")
    home.consents.keep(flow.id, ANY_PAGE, True)
    assert person.chat(flow).state == "failed"
    assert sink.got == []


def test_whoever_tries_a_block_has_seen_it(home: Workspace, sink: Sink) -> None:
    flow = sender(home, sink)
    conversation = home.runs.new_conversation(flow.id)
    home.trials.finished(home.trials.try_block(flow, "h", {"note": "try"}, conversation, "en"))
    assert sink.got == ["try"]
    trial = home.trials.finished(home.trials.run_up_to(flow, "z", "up to", conversation, "en"))
    assert trial.view.state == "failed"
    home.consents.keep(flow.id, sink.host, False)
    home.trials.finished(home.trials.try_block(flow, "h", {"note": "again"}, conversation, "en"))
    assert sink.got == ["try"]


def test_a_rehearsal_sends_nothing(home: Workspace, sink: Sink) -> None:
    flow = made(home, {"h": post(sink)}, "m.message>h.note h.text>z.text", instructions="secret words " * 40)
    rehearsal = home.rehearsals.find(home.rehearsals.start(flow, "c", attacks()[:2]))
    assert rehearsal
    assert rehearsal.future
    rehearsal.future.result(timeout=30)
    assert sink.got == []


def test_what_was_taken_back_stays_so_over_a_restart(home: Workspace, sink: Sink) -> None:
    nodes = {"h": post(sink), "q": ("people.approve", {})}
    flow = made(home, nodes, "m.message>h.note h.text>q.value q.approved>z.text")
    run = home.runner.start(flow, "x", home.runs.new_conversation(flow.id))
    home.runner.finished(run)
    (consent,) = home.questions.open()
    home.inbox.answer(consent.id, Reply(choice="always"))
    for _ in range(500):
        if home.questions.open():
            break
        time.sleep(0.01)
    home.consents.take_back(flow.id, sink.host)
    home.close()
    again = open_workspace(home.home)
    (approval,) = again.questions.open()
    again.inbox.answer(approval.id, Reply(choice="approved"))
    again.runner.finished(run)
    assert again.consents.all() == []
    assert sink.got == ["x"]
    again.close()


def test_a_copy_asks_anew_and_a_deleted_gpt_leaves_nothing(home: Workspace, sink: Sink) -> None:
    flow, person = sender(home, sink), Person(home, "always")
    person.chat(flow)
    person.choice = "not_now"
    assert person.chat(home.intake.duplicate(flow.id, "Copy")).state == "failed"
    home.consents.delete_of(flow.id)
    assert home.consents.all() == []


def test_a_program_of_ones_own_is_sent_nothing_without_leave(home: Workspace) -> None:
    echo = {"name": "count_words", "takes": {"type": "object", "properties": {"text": {"type": "string"}}}}
    nodes = {"t": ("mcp.tools", {"server": "files", "tools": [echo]})}
    home.mcp.servers.keep(McpServer(alias="files", command="no-such-program"))
    flow = made(home, nodes, "m.message>t.text t.text>z.text")
    person = Person(home, "never")
    problem = person.chat(flow, "My diary").problem
    assert problem is not None
    assert problem.code == "consent.never"
    assert "files" in person.asked[0].title_in("en")
    assert person.asked[0].exact == "count_words\n  text = My diary"


def test_the_server_that_comes_with_the_app_asks_nothing(home: Workspace) -> None:
    person = Person(home, "never")
    template = next(each for each in templates() if each.id == "handy-tools")
    assert person.chat(home.intake.create_from_template(template), template.flow.starters[0]).state == "finished"
    assert person.asked == []
