"""Tables, webhooks and schedules give saved answers as the chat does: the same question, at once, no model."""

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from flowloom.flow.model import Flow, SavedAnswer
from flowloom.saved_answers import saved_answer_of
from flowloom.services.recurrence import Every
from flowloom.workspace import Workspace, open_workspace
from tests.test_batches import ECHO, until
from tests.test_hooks import standard

pytestmark = pytest.mark.usefixtures("kept_in")

QUESTION, ANSWER = "Are you open on Sunday?", "Yes, from 10 to 4."
Way = Callable[[Workspace, Flow, str], str]
"""Has a GPT asked; gives the id of the run."""


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Workspace]:
    found = open_workspace(tmp_path)
    yield found
    found.close()


def by_table(home: Workspace, flow: Flow, message: str) -> str:
    id = home.batches.store.create(flow, "asked.csv", ["said"], [{"said": message}], "{{said}}", 1)
    home.batches.resume(id)
    until(lambda: not home.batches.is_going(id))
    (row,) = home.batches.store.rows(id)
    assert row.answer == home.runner.view(row.run).text  # type: ignore[union-attr]
    return row.run


def by_webhook(home: Workspace, flow: Flow, message: str) -> str:
    id, key = home.hooks.add(flow.id, "{{body}}")
    body = message.encode()
    return home.hooks.receive(id, standard(key, body, at=int(time.time())), body)


def by_schedule(home: Workspace, flow: Flow, message: str) -> str:
    id = home.schedules.add(flow.id, message, Every(hour=8))
    home.schedules.run_now(id)
    until(lambda: bool((found := home.schedules.store.get(id)) and found.run))
    schedule = home.schedules.store.get(id)
    assert schedule
    return schedule.run


WAYS: list[Way] = [by_table, by_webhook, by_schedule]


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize(
    ("message", "on", "answer", "is_saved"),
    [
        ("Do you open on Sunday?", True, ANSWER, True),
        ("Are you open on Monday?", True, "Said: Are you open on Monday?", False),
        (QUESTION, False, f"Said: {QUESTION}", False),
    ],
)
def test_the_same_question_gets_it_and_no_other(
    home: Workspace, way: Way, message: str, on: bool, answer: str, is_saved: bool
) -> None:
    saved = SavedAnswer(question=QUESTION, answer=ANSWER, on=on)
    flow = home.flows.create(ECHO.model_copy(update={"saved_answers": (saved,)}))
    view = home.runner.finished(way(home, flow, message))
    assert (view.text, saved_answer_of(home.runs, view) is not None) == (answer, is_saved)
