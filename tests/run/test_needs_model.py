"""What the practice model could not do is told beside its answer, and whose words are whose is known to it."""

import pytest

from flowloom.flow.model import Flow
from flowloom.kinds.people import Reply
from flowloom.run.events import NodeWarned
from flowloom.run.execution.thoughts import NEEDS_MODEL
from flowloom.run.reading.view import view_of
from flowloom.workspace import Workspace
from tests.test_templates import BY_ID, LETTERS, ask, talk


def flow_of(template: str) -> Flow:
    nodes = [
        {"id": "m", "kind": "chat.message"},
        {"id": "p", "kind": "prompt", "config": {"template": template}},
        {"id": "x", "kind": "model", "config": {"instructions": "You are a pirate."}},
        {"id": "z", "kind": "chat.answer"},
    ]
    edges = [("m.message", "p.message"), ("p.prompt", "x.prompt"), ("x.answer", "z.text")]
    return Flow.model_validate({"nodes": nodes, "edges": [{"from": start, "to": end} for start, end in edges]})


@pytest.mark.parametrize(
    ("message", "needed"),
    [("Write a poem about rain", True), ("Hello", False), ("谢谢，再见", False), ("Écris une lettre à Anne", True)],
)
def test_a_model_is_asked_for_where_rules_do_not_do(home: Workspace, message: str, needed: bool) -> None:
    flow = home.flows.create(flow_of("A guest says something. Rhyme, and be brief:\n\n{{message}}\n\nNo jokes."))
    run = home.runner.start(flow, message, home.runs.new_conversation(flow.id))
    view = home.runner.finished(run)
    assert [problem.code for problem in view.warnings] == [NEEDS_MODEL] * needed
    assert [problem.node for problem in view.warnings] == ["x"] * needed
    for builders in ("guest", "brief", "jokes", "pirate"):
        assert builders not in view.text


def test_the_warning_is_told_once_for_many_items(home: Workspace) -> None:
    letters = BY_ID["en-letters-to-everyone"]
    view = ask(home, letters, letters.flow.starters[0])
    assert [problem.code for problem in view.warnings] == [NEEDS_MODEL]
    told = [event for event in home.runs.events(view.run_id) if isinstance(event, NodeWarned)]
    assert len(told) == 3
    assert view_of(home.runs.events(view.run_id)).warnings == view.warnings


def test_what_a_person_answered_is_theirs_too(home: Workspace) -> None:
    letters, (_, wish, _) = BY_ID["en-letters-to-everyone"], LETTERS["en"]
    replies = iter([Reply(choice="declined", comment=wish), Reply(choice="approved")])
    (view,) = talk(home, letters, letters.flow.starters[0], person=lambda question: next(replies))
    assert view.text.count(wish) == 3


def test_a_form_holds_what_the_message_says(home: Workspace) -> None:
    holiday = BY_ID["en-holiday-request"]
    shown = []

    def person(asked):  # type: ignore[no-untyped-def]
        shown.append(asked)
        given = {field.name: field.value or "?" for field in asked.fields}
        return Reply(choice=asked.choices[0].id if asked.choices else "", values=given)

    message = "Jonas Weber here. May I be away from 2027-05-10 until 2027-05-21 because of my move?"
    view = ask(home, holiday, message, person)
    assert [field.value for field in shown[0].fields] == ["Jonas Weber", "2027-05-10", "2027-05-21", "my move"]
    assert "2027-05-21" in view.text
    empty = ask(home, holiday, "I would like a few days off", person)
    assert [field.value for field in shown[2].fields] == [None] * 4
    assert empty.state == "finished"
