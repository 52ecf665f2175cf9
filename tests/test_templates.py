"""Every template is useful from the first message on, with no key and no server."""

import pytest

from flowloom.run.view import RunView
from flowloom.runner import problems_of
from flowloom.store.templates import Template, templates
from flowloom.workspace import Workspace

ASKED = {
    "knowledge-helper": ("How many days of holiday do I have?", "28 days"),
    "support-desk": ("I want my money back for order 1042", "14 days"),
    "agent-with-tools": ("What is 17.5% of 2480?", "434"),
    "form-filler": ("I am Ada Lovelace, ada@example.org. A table for 4 on 2026-12-24", "ada@example.org"),
}


def ask(home: Workspace, template: Template, message: str) -> RunView:
    flow = home.create_from_template(template)
    run_id = home.runner.start(flow, message, home.runs.new_conversation(flow.id))
    return home.runner.finished(run_id)


@pytest.mark.parametrize("template", templates(), ids=lambda template: template.id)
def test_answers(home: Workspace, template: Template) -> None:
    assert problems_of(template.flow) == []
    message, word = ASKED[template.id]
    view = ask(home, template, message)
    assert view.state == "finished", view.problem
    assert word in view.text


@pytest.mark.parametrize("template", templates(), ids=lambda template: template.id)
def test_every_starter_gets_an_answer(home: Workspace, template: Template) -> None:
    for starter in template.flow.starters:
        view = ask(home, template, starter)
        assert view.state == "finished", view.problem
        assert view.text


def test_the_run_and_the_conversation_are_kept(home: Workspace) -> None:
    template = next(each for each in templates() if each.id == "knowledge-helper")
    view = ask(home, template, "How many days of holiday do I have?")
    flow_id = home.flows.entries()[0].id
    conversation = home.runs.latest_conversation(flow_id)
    assert conversation is not None
    assert [turn.role for turn in home.runs.turns(conversation)] == ["user", "assistant"]
    assert view.passages
    assert home.runs.latest_run(flow_id) == view.run_id
