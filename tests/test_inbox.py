"""Questions to people in a whole workspace: over restarts, answered once, by their deadline at the latest."""

import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from flowloom.errors import StoreError
from flowloom.flow.model import Flow
from flowloom.kinds.people import Reply
from flowloom.run.reading.view import RunView
from flowloom.workspace import Workspace, open_workspace

pytestmark = pytest.mark.usefixtures("kept_in")

APPROVED, DECLINED = Reply(choice="approved"), Reply(choice="declined", comment="too long")


def flow(**config: object) -> Flow:
    """A message that a person approves before it is answered."""
    nodes = [
        {"id": "m", "kind": "chat.message"},
        {"id": "q", "kind": "people.approve", "config": config},
        {"id": "no", "kind": "prompt", "config": {"template": "No: {{comment}}"}},
        {"id": "y", "kind": "chat.answer"},
        {"id": "z", "kind": "chat.answer"},
    ]
    lines = "m.message>q.value q.approved>y.text q.comment>no.comment no.prompt>z.text"
    if config.get("hours") and not config.get("if_late"):
        lines += " q.late>y.text"
    edges = [dict(zip(("from", "to"), line.split(">"), strict=True)) for line in lines.split()]
    return Flow.model_validate({"nodes": nodes, "edges": edges})


def asked(home: Workspace, **config: object) -> tuple[str, str]:
    """A run that waits, and its conversation."""
    made = home.flows.create(flow(**config))
    conversation = home.runs.new_conversation(made.id)
    run = home.runner.start(made, "Hello", conversation)
    view = home.runner.finished(run)
    assert view.state == "paused", view.problem
    return run, conversation


def ended(home: Workspace, run: str) -> RunView:
    for _ in range(500):
        view = home.runner.view(run)
        if view and view.state not in ("paused", "running"):
            return view
        time.sleep(0.01)
    raise AssertionError("the run did not end")


def test_an_answer_brings_the_run_on(home: Workspace) -> None:
    run, conversation = asked(home)
    assert home.runner.paused(conversation) == run
    assert home.runner.interrupted(conversation) is None
    (question,) = home.questions.open_of(conversation)
    assert question.question.text == "Hello"
    home.inbox.answer(question.id, APPROVED)
    assert ended(home, run).text == "Hello"
    assert [turn.text for turn in home.runs.turns(conversation)] == ["Hello", "Hello"]
    assert home.questions.open() == []
    assert home.questions.answered()[0].reply is not None


def test_a_refusal_goes_its_own_way_with_its_comment(home: Workspace) -> None:
    run, conversation = asked(home)
    home.inbox.answer(home.questions.open_of(conversation)[0].id, DECLINED)
    assert ended(home, run).text == "No: too long"


def test_of_two_answers_the_first_counts(home: Workspace) -> None:
    run, conversation = asked(home)
    id = home.questions.open()[0].id

    def press(reply: Reply) -> str:
        try:
            home.inbox.answer(id, reply)
        except StoreError as error:
            return error.problem.code
        return reply.choice

    with ThreadPoolExecutor(8) as pool:
        pressed = list(pool.map(press, [APPROVED, DECLINED] * 4))
    assert sorted(pressed)[1:].count("question.answered") + (pressed.count("question.answered") == 7) >= 6
    (counted,) = [each for each in pressed if each != "question.answered"]
    assert ended(home, run).text == ("Hello" if counted == "approved" else "No: too long")
    assert len(home.runs.turns(conversation)) == 2


def test_it_survives_a_restart(tmp_path: Path) -> None:
    home = open_workspace(tmp_path)
    run, _ = asked(home)
    home.close()
    home = open_workspace(tmp_path)
    home.inbox.answer(home.questions.open()[0].id, APPROVED)
    assert ended(home, run).text == "Hello"
    home.close()


def test_a_restart_between_the_answer_and_the_run(tmp_path: Path) -> None:
    home = open_workspace(tmp_path)
    run, _ = asked(home)
    home.questions.answer(home.questions.open()[0].id, APPROVED)
    home.close()
    home = open_workspace(tmp_path)
    assert ended(home, run).text == "Hello"
    home.close()


@pytest.mark.parametrize(
    ("if_late", "answer"), [("approved", "Hello"), ("declined", ""), (None, "Hello")], ids=["yes", "no", "late"]
)
def test_the_deadline_answers(home: Workspace, if_late: str | None, answer: str) -> None:
    config = {"hours": 0.1 / 3600} | ({"if_late": if_late} if if_late else {})
    made = home.flows.create(flow(**config))
    run = home.runner.start(made, "Hello", home.runs.new_conversation(made.id))
    assert ended(home, run).text == answer
    reply = home.questions.answered()[0].reply
    assert reply is not None
    assert not reply.in_time


def test_a_deadline_that_passed_while_flowloom_was_closed(tmp_path: Path) -> None:
    home = open_workspace(tmp_path)
    run, _ = asked(home, hours=0.5 / 3600, if_late="approved")
    home.close()
    time.sleep(0.5)
    home = open_workspace(tmp_path)
    assert ended(home, run).text == "Hello"
    home.close()


def test_a_run_that_is_stopped_asks_no_more(home: Workspace) -> None:
    run, conversation = asked(home)
    id = home.questions.open()[0].id
    home.runner.cancel(run)
    assert ended(home, run).state == "cancelled"
    assert home.questions.open() == []
    with pytest.raises(StoreError, match="no longer open"):
        home.inbox.answer(id, APPROVED)
    assert home.runner.paused(conversation) is None


def test_a_flow_changed_meanwhile_ends_as_it_began(home: Workspace) -> None:
    run, _ = asked(home)
    entry = home.ledger.entry(run)
    assert entry is not None
    kept = home.flows.load(entry.flow)
    home.flows.save(kept.model_copy(update={"nodes": (), "edges": ()}))
    home.inbox.answer(home.questions.open()[0].id, APPROVED)
    assert ended(home, run).text == "Hello"


def test_a_flow_deleted_meanwhile_takes_its_questions_along(home: Workspace) -> None:
    run, _ = asked(home)
    entry = home.ledger.entry(run)
    assert entry is not None
    home.questions.delete_of(entry.flow)
    assert home.questions.open() == []


def test_a_form_gives_what_was_filled_in(home: Workspace) -> None:
    fields = [{"name": "Age", "type": "number"}, {"name": "Why", "required": False}]
    nodes = [
        {"id": "m", "kind": "chat.message"},
        {"id": "q", "kind": "people.form", "config": {"fields": fields}},
        {"id": "z", "kind": "chat.answer"},
    ]
    edges = [{"from": "m.message", "to": "q.value"}, {"from": "q.age", "to": "z.text"}]
    made = home.flows.create(Flow.model_validate({"nodes": nodes, "edges": edges}))
    run = home.runner.start(made, "Hello", home.runs.new_conversation(made.id))
    home.runner.finished(run)
    home.inbox.answer(home.questions.open()[0].id, Reply(values={"Age": 7}))
    assert ended(home, run).text == "7"
