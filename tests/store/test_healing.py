"""A crash of an earlier version between the last event of a run and what was kept beside it is made good, once."""

from collections.abc import Callable

import pytest

from flowloom.flow.model import Flow
from flowloom.store.db import Database
from flowloom.store.healing import Healing
from flowloom.workspace import Workspace
from tests.run.test_resume import CASES, after_a_crash, whole

pytestmark = pytest.mark.usefixtures("kept_in")

Break = Callable[[Database], object]


def statement(text: str) -> Break:
    return lambda db: db.do(text)


# What an earlier version had done, in its order, when it was killed.
GAPS: dict[str, list[Break]] = {
    "the event alone": [
        statement("UPDATE runs SET state = 'running', ended = NULL, told = FALSE, answered = '' WHERE id = 'r'"),
    ],
    "without the flow it began with": [
        statement("DELETE FROM unfinished WHERE run = 'r'"),
        statement("UPDATE runs SET state = 'running', ended = NULL, told = FALSE, answered = '' WHERE id = 'r'"),
    ],
    "all but the turn": [statement("DELETE FROM unfinished WHERE run = 'r'")],
}


@pytest.mark.parametrize("gap", GAPS)
def test_a_run_that_ended_in_the_log_gets_its_answer_once(home: Workspace, gap: str) -> None:
    flow = home.flows.create(CASES["form"][0])
    events, view, _ = whole(home, flow, CASES["form"][1])
    conversation = after_a_crash(home, flow, CASES["form"][1], events, "r")
    db = home.flows.db
    if gap == "the event alone":
        home.runs.begin("r", conversation, flow)
    for each in GAPS[gap]:
        each(db)
    assert [turn.role for turn in home.runs.turns(conversation)] == ["user"]
    for healing in (home.healing, Healing(db, home.runs, home.questions), home.healing):
        healing.heal(conversation)
    turns = home.runs.turns(conversation)
    assert [(turn.role, turn.text) for turn in turns] == [("user", CASES["form"][1]), ("assistant", view.text)]
    assert home.runner.interrupted(conversation) is None
    entry = home.ledger.entry("r")
    assert entry is not None
    assert entry.state == "finished"


def test_the_answer_stands_after_its_question(home: Workspace) -> None:
    flow = home.flows.create(Flow.model_validate(CASES["loop"][0].model_dump(by_alias=True)))
    events, view, _ = whole(home, flow, "first")
    conversation = after_a_crash(home, flow, "first", events, "r")
    other = home.runs.new_conversation(flow.id)
    home.runs.add_turn(other, "user", "between")
    home.runs.add_turn(conversation, "user", "second")
    home.runs.add_turn(conversation, "assistant", "to the second")
    home.healing.heal(conversation)
    said = [turn.text for turn in home.runs.turns(conversation)]
    assert said == ["first", view.text, "second", "to the second"]
    assert [turn.text for turn in home.runs.turns(other)] == ["between"]


def test_what_is_whole_or_under_way_stays_as_it_is(home: Workspace) -> None:
    flow = home.flows.create(CASES["form"][0])
    events, _, conversation = whole(home, flow, CASES["form"][1])
    before = home.runs.turns(conversation)
    cut = after_a_crash(home, flow, "x", events[:-1], "cut")
    for each in (conversation, cut):
        home.healing.heal(each)
    assert home.runs.turns(conversation) == before
    assert [turn.role for turn in home.runs.turns(cut)] == ["user"]
    assert home.runner.interrupted(cut) == "cut"
