"""What only the owner may approve: no visitor and no program can, and the owner finds it in the inbox."""

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from flowloom.flow.model import Flow
from flowloom.kinds.people import Reply
from flowloom.kinds.values import Reader
from flowloom.serve.api.results import open_questions
from flowloom.store.publications import Terms
from flowloom.store.runs import API, PAGE
from flowloom.visits.visits import Visit, VisitError
from flowloom.workspace import Workspace, open_workspace


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Workspace]:
    found = open_workspace(tmp_path)
    yield found
    found.close()


def refunds(asks: str) -> Flow:
    return Flow.model_validate(
        {
            "name": "Refunds",
            "nodes": [
                {"id": "m", "kind": "chat.message"},
                {"id": "a", "kind": "people.approve", "config": {"asks": asks}},
                {"id": "z", "kind": "chat.answer"},
            ],
            "edges": [{"from": "m.message", "to": "a.value"}, {"from": "a.approved", "to": "z.text"}],
        }
    )


def until(holds: Callable[[], bool]) -> None:
    end = time.monotonic() + 20
    while not holds():
        assert time.monotonic() < end
        time.sleep(0.01)


def asked(home: Workspace, asks: str, via: str) -> tuple[Flow, str, str]:
    flow = home.flows.create(refunds(asks))
    home.publications.publish(flow, "refunds", Terms())
    conversation = home.runs.new_conversation(flow.id, Reader(), visitor="ann", via=via)
    run = home.runner.start(flow, "Refund 500", conversation)
    until(lambda: home.runner.view(run).state == "paused")  # type: ignore[union-attr]
    return flow, conversation, run


@pytest.mark.parametrize(("asks", "guest", "inbox"), [("chat", 1, 0), ("owner", 0, 1)])
def test_who_is_asked_on_the_published_page(home: Workspace, asks: str, guest: int, inbox: int) -> None:
    _, conversation, _ = asked(home, asks, PAGE)
    visit = Visit(home.visits, home.publications.find("refunds"), "ann")
    assert len(visit.standing(conversation).waiting) == guest
    assert len(home.questions.open()) == inbox


def test_a_visitor_cannot_answer_what_is_for_the_owner(home: Workspace) -> None:
    _, conversation, run = asked(home, "owner", PAGE)
    (question,) = home.questions.open()
    visit = Visit(home.visits, home.publications.find("refunds"), "ann")
    with pytest.raises(VisitError):
        visit.answer(conversation, question.id, Reply(choice="approved"))
    assert home.questions.reply(question.id) is None
    home.inbox.answer(question.id, Reply(choice="approved"))
    until(lambda: home.runner.view(run).state == "finished")  # type: ignore[union-attr]
    assert home.runner.view(run).text == "Refund 500"  # type: ignore[union-attr]


@pytest.mark.parametrize(("asks", "count"), [("chat", 1), ("owner", 0)])
def test_a_program_cannot_either(home: Workspace, asks: str, count: int) -> None:
    _, conversation, run = asked(home, asks, API)
    assert len(open_questions(home, run, conversation)) == count
    assert len(home.questions.open()) == 1


def test_in_the_owners_own_chat_it_is_asked_there(home: Workspace) -> None:
    flow = home.flows.create(refunds("owner"))
    conversation = home.runs.new_conversation(flow.id)
    run = home.runner.start(flow, "Refund 500", conversation)
    until(lambda: home.runner.view(run).state == "paused")  # type: ignore[union-attr]
    assert len(home.questions.open_of(conversation)) == 1
    assert len(home.questions.open()) == 1
