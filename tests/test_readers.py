"""In a conversation a GPT finds only what whoever talks there may read."""

from pathlib import Path

import pytest

from flowloom.flow.model import Flow
from flowloom.intake import MAIN
from flowloom.kinds.values import OWNER, Reader
from flowloom.workspace import Workspace, open_workspace
from tests.test_consents import made

TEACHER, PUPIL = Reader(groups=("teachers",)), Reader(groups=("pupils",))
ANYBODY = Reader()
MARKS, RULES = b"The marks of Ada: a one in geometry.", b"The rules: marks are given in geometry in June."


@pytest.fixture
def school(home: Workspace) -> Flow:
    lines = "m.message>s.question s.text>z.text"
    flow = made(home, {"s": ("knowledge.search", {})}, lines)
    base = f"{flow.id}/{MAIN}"
    home.knowledge.add(base, "marks.md", MARKS)
    home.knowledge.add(base, "rules.md", RULES)
    home.knowledge.set_readers(base, "marks.md", groups=["teachers"])
    return flow


def told(home: Workspace, flow: Flow, conversation: str) -> str:
    view = home.runner.finished(home.runner.start(flow, "Which marks in geometry?", conversation))
    assert view.state == "finished", view.problem
    return view.text


@pytest.mark.parametrize(
    ("reader", "finds"), [(OWNER, True), (TEACHER, True), (PUPIL, False), (ANYBODY, False)], ids=str
)
def test_each_reader_is_told_what_they_may_read(home: Workspace, school: Flow, reader: Reader, finds: bool) -> None:
    text = told(home, school, home.runs.new_conversation(school.id, reader))
    assert ("marks of Ada" in text) is finds
    assert "The rules" in text


def test_a_branch_is_read_by_whoever_began_it(home: Workspace, school: Flow) -> None:
    conversation = home.runs.new_conversation(school.id, PUPIL)
    told(home, school, conversation)
    branch = home.runs.branch(conversation, home.runs.turns(conversation)[-1].number)
    assert home.runs.reader_of(branch) == PUPIL
    assert "marks of Ada" not in told(home, school, branch)


def test_nor_do_trials_tell_more(home: Workspace, school: Flow) -> None:
    conversation = home.runs.new_conversation(school.id, PUPIL)
    trial = home.trials.finished(home.trials.run_up_to(school, "z", "Which marks in geometry?", conversation, "en"))
    assert trial.view.state == "finished", trial.view.problem
    assert "marks of Ada" not in str(trial.events)
    assert "The rules" in str(trial.events)


def test_who_talks_is_known_after_a_restart(tmp_path: Path) -> None:
    first = open_workspace(tmp_path)
    conversation, own = first.runs.new_conversation("a", TEACHER), first.runs.new_conversation("a")
    first.close()
    second = open_workspace(tmp_path)
    assert second.runs.reader_of(conversation) == TEACHER
    assert second.runs.reader_of(own) == OWNER
    second.close()
