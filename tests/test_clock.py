"""The clock of the computer jumps an hour either way: nothing takes less than no time, and nothing gets stuck."""

import time
from pathlib import Path

import pytest

from flowloom.flow.model import Flow
from flowloom.run.events import NodeFinished
from flowloom.store.ledger import RunEntry
from flowloom.workspace import Workspace
from tests.crash.scenarios import ECHO
from tests.test_inbox import APPROVED, asked, ended

JUMPS = pytest.mark.parametrize("jump", [-3600.0, 3600.0])


def jumped(monkeypatch: pytest.MonkeyPatch, seconds: float) -> None:
    real = time.time
    monkeypatch.setattr(time, "time", lambda: real() + seconds)


@JUMPS
def test_a_run_takes_as_long_as_it_took(home: Workspace, monkeypatch: pytest.MonkeyPatch, jump: float) -> None:
    flow = home.flows.create(Flow.model_validate(ECHO))

    def jump_now(event: object) -> None:
        if getattr(event, "type", "") == "run_started":
            jumped(monkeypatch, jump)

    conversation = home.runs.new_conversation(flow.id)
    run = home.runner.start(flow, "Hello", conversation, on_event=jump_now)  # type: ignore[arg-type]
    view = home.runner.finished(run)
    entry = home.ledger.entry(run)
    assert entry is not None
    assert entry.seconds is not None
    assert 0 <= entry.seconds < 60
    events = home.runs.events(run)
    assert [event.at for event in events] == sorted(event.at for event in events)
    assert all(event.seconds >= 0 for event in events if isinstance(event, NodeFinished))
    assert view.ended is not None
    assert view.ended >= view.started


@JUMPS
def test_over_a_pause_and_a_restart(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, jump: float) -> None:
    home = Workspace(tmp_path)
    run, _ = asked(home, hours=2)
    home.close()
    jumped(monkeypatch, jump)
    home = Workspace(tmp_path)
    (question,) = home.questions.open()  # an hour more or less is not yet the deadline
    home.inbox.answer(question.id, APPROVED)
    assert ended(home, run).text == "Hello"
    events = home.runs.events(run)
    assert [event.at for event in events] == sorted(event.at for event in events)
    home.close()


def test_what_an_earlier_version_wrote_is_shown_as_no_time() -> None:
    entry = RunEntry("r", "f", "", "finished", started=8000.0, ended=802.0, tokens=None, cost=None)
    assert entry.seconds == 0


@JUMPS
def test_a_conversation_goes_on(home: Workspace, monkeypatch: pytest.MonkeyPatch, jump: float) -> None:
    flow = home.flows.create(Flow.model_validate(ECHO))
    conversation = home.runs.new_conversation(flow.id)
    home.runner.finished(home.runner.start(flow, "first", conversation))
    jumped(monkeypatch, jump)
    home.runner.finished(home.runner.start(flow, "second", conversation))
    assert [turn.text for turn in home.runs.turns(conversation)] == ["first", "first!", "second", "second!"]
    home.versions.before_edit(flow)
    assert home.backups.make()
