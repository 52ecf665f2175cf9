"""A run whose process ended goes on where its log ends: nothing that has ended runs again, nothing is lost."""

import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from flowloom.flow.model import Flow
from flowloom.run.events import NodeEvent, NodeFinished, NodeSkipped, NodeStarted, RunEvent, RunFinished
from flowloom.run.reading.view import RunView
from flowloom.store.templates import templates
from flowloom.workspace import Workspace

TEMPLATES = {template.id: template.flow for template in templates("en")}
LOOP = Flow.model_validate(
    {
        "nodes": [
            {"id": "m", "kind": "chat.message"},
            {
                "id": "p",
                "kind": "prompt",
                "config": {"template": "{{message}} {{more}}x"},
                "settings": {"rounds": 3},
            },
            {"id": "z", "kind": "chat.answer"},
        ],
        "edges": [
            {"from": "m.message", "to": "p.message"},
            {"from": "p.prompt", "to": "p.more"},
            {"from": "p.prompt", "to": "z.text"},
        ],
    }
)
CASES = {
    "form": (TEMPLATES["form-filler"], "Ada Lovelace, ada@example.org, 4 people"),
    "desk": (TEMPLATES["support-desk"], "I want my money back"),
    "loop": (LOOP, "hi"),
}


def whole(home: Workspace, flow: Flow, message: str) -> tuple[list[RunEvent], RunView, str]:
    conversation = home.runs.new_conversation(flow.id)
    run_id = home.runner.start(flow, message, conversation)
    view = home.runner.finished(run_id)
    return home.runs.events(run_id), view, conversation


def after_a_crash(home: Workspace, flow: Flow, message: str, past: list[RunEvent], run_id: str) -> str:
    """The database as a crash would have left it after these events, under a run id of its own."""
    conversation = home.runs.new_conversation(flow.id)
    home.runs.begin(run_id, conversation, flow)
    home.runs.add_turn(conversation, "user", message, run_id=run_id)
    for event in past:
        facts = {name: getattr(event, name) for name in event.__dataclass_fields__ if name != "type"}
        home.runs.append(type(event)(**facts | {"run_id": run_id}), conversation)
    return conversation


def ended(events: list[RunEvent]) -> list[tuple[str, str, int]]:
    """What ended in a run: with the tool calls, each by its round."""
    return sorted(
        (event.node, event.call, event.round) for event in events if isinstance(event, NodeFinished | NodeSkipped)
    )


@pytest.mark.parametrize("name", CASES)
def test_at_every_event(home: Workspace, name: str) -> None:
    flow = home.flows.create(CASES[name][0])
    message = CASES[name][1]
    events, view, _ = whole(home, flow, message)
    assert view.state == "finished"
    for cut in range(1, len(events)):
        run_id = f"{name}-{cut}"
        conversation = after_a_crash(home, flow, message, events[:cut], run_id)
        assert home.runner.interrupted(conversation) == run_id
        home.runner.resume(run_id)
        again = home.runner.finished(run_id)
        assert (again.state, again.text) == (view.state, view.text), cut
        log = home.runs.events(run_id)
        assert ended(log) == ended(events), cut
        assert [event.seq for event in log] == sorted({event.seq for event in log})
        before = {(event.node, event.round) for event in events[:cut] if isinstance(event, NodeFinished)}
        later = [event for event in log[cut:] if isinstance(event, NodeStarted)]
        assert not [event for event in later if (event.node, event.round) in before and not event.call]
        assert home.runner.interrupted(conversation) is None
        assert home.runs.turns(conversation)[-1].text == view.text


def test_it_goes_on_with_the_flow_it_began_with(home: Workspace) -> None:
    flow = home.flows.create(CASES["form"][0])
    events, view, _ = whole(home, flow, "Ada, ada@example.org")
    after_a_crash(home, flow, "Ada, ada@example.org", events[:3], "r")
    home.flows.save(flow.model_copy(update={"nodes": (), "edges": ()}))
    home.runner.resume("r")
    assert home.runner.finished("r").text == view.text


def test_a_run_counts_once_however_often_it_is_taken_up(home: Workspace) -> None:
    flow = home.flows.create(CASES["form"][0])
    events, _, _ = whole(home, flow, "Ada")
    conversation = after_a_crash(home, flow, "Ada", events[:3], "r")
    for _ in range(3):
        home.runner.resume("r")
    home.runner.finished("r")
    home.runner.resume("r")
    log = home.runs.events("r")
    assert sum(isinstance(event, RunFinished) for event in log) == 1
    assert [turn.role for turn in home.runs.turns(conversation)] == ["user", "assistant"]


def test_an_interrupted_run_can_be_left(home: Workspace) -> None:
    flow = home.flows.create(CASES["form"][0])
    events, _, _ = whole(home, flow, "Ada")
    conversation = after_a_crash(home, flow, "Ada", events[:3], "r")
    home.runner.give_up("r")
    assert home.runner.interrupted(conversation) is None
    view = home.runner.view("r")
    assert view is not None
    assert view.state == "cancelled"


def test_what_may_not_be_done_twice_is_named(home: Workspace) -> None:
    nodes = [{"id": "h", "kind": "http.request", "name": "Order", "config": {"url": "https://example.com"}}]
    flow = home.flows.create(Flow.model_validate({"nodes": nodes}))
    begun = [event for event in whole(home, CASES["form"][0], "Ada")[0] if not isinstance(event, NodeEvent)][:1]
    started = NodeStarted(run_id="r", seq=1, at=0.0, node="h")
    after_a_crash(home, flow, "Go", [*begun, started], "r")
    assert [node.name for node in home.runner.risky("r")] == ["Order"]


@pytest.mark.parametrize("at", [1, 4, 6])
def test_a_log_damaged_in_the_middle_of_a_line(home: Workspace, at: int) -> None:
    """What stands before the damage is kept, the rest is done again; the run is neither lost nor doubled."""
    flow = home.flows.create(CASES["form"][0])
    message = "Ada, ada@example.org"
    events, view, _ = whole(home, flow, message)
    conversation = after_a_crash(home, flow, message, events[:-1], "r")
    home.runs._db.do("UPDATE events SET event = substr(event, 1, 30) WHERE run = 'r' AND seq = ?", events[at].seq)
    assert home.runs.events("r") == home.runs.events("r")[:at]
    assert home.runner.view("r") is not None
    home.runner.resume("r")
    again = home.runner.finished("r")
    assert (again.state, again.text) == (view.state, view.text)
    assert ended(home.runs.events("r")) == ended(events)
    assert len(home.runs.turns(conversation)) == 2


def test_a_full_disk_stops_a_run_in_a_sentence_and_it_can_go_on(
    home: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    flow = home.flows.create(CASES["form"][0])
    message = "Ada, ada@example.org"
    _, whole_view, _ = whole(home, flow, message)
    keep, written = home.runs.append_all, list[RunEvent]()

    def append_all(events: Sequence[RunEvent], conversation: str | None) -> None:
        if len(written) >= 5:
            raise sqlite3.OperationalError("database or disk is full")
        keep(events, conversation)
        written.extend(events)

    monkeypatch.setattr(home.runs, "append_all", append_all)
    conversation = home.runs.new_conversation(flow.id)
    run_id = home.runner.start(flow, message, conversation)
    view = home.runner.finished(run_id)
    assert view.state == "failed"
    assert "Check that there is free disk space" in str(view.problem)
    monkeypatch.undo()
    assert home.runner.interrupted(conversation) == run_id
    home.runner.resume(run_id)
    assert home.runner.finished(run_id).text == whole_view.text
    assert ended(home.runs.events(run_id)) == sorted(set(ended(home.runs.events(run_id))))


CHILD = """
import os, signal, sys
from flowloom.workspace import open_workspace
home = open_workspace()
flow = home.flows.load(sys.argv[1])
def die(event):
    if event.seq == int(sys.argv[2]):
        os.kill(os.getpid(), signal.SIGKILL)
run = home.runner.start(flow, "Ada, ada@example.org", home.runs.new_conversation(flow.id), on_event=die)
home.runner.finished(run)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGKILL")
@pytest.mark.parametrize("at", [0, 3, 6])
def test_after_kill(home: Workspace, at: int) -> None:
    flow = home.flows.create(CASES["form"][0])
    _, view, _ = whole(home, flow, "Ada, ada@example.org")
    environment = {**os.environ, "FLOWLOOM_HOME": str(home.home)}
    child = subprocess.run(
        [sys.executable, "-c", CHILD, flow.id, str(at)], env=environment, timeout=60, check=False
    )
    assert child.returncode == -signal.SIGKILL
    conversation = home.runs.latest_conversation(flow.id)
    assert conversation is not None
    run_id = home.runner.interrupted(conversation)
    assert run_id is not None
    home.runner.resume(run_id)
    assert home.runner.finished(run_id).text == view.text


def test_closing_the_app_ends_no_run(tmp_path: Path) -> None:
    home = Workspace(tmp_path)
    flow = home.flows.create(CASES["form"][0])
    conversation = home.runs.new_conversation(flow.id)
    run_id = home.runner.start(flow, "Ada, ada@example.org", conversation)
    home.close()
    home = Workspace(tmp_path)
    if home.runner.interrupted(conversation):
        home.runner.resume(run_id)
        home.runner.finished(run_id)
    view = home.runner.view(run_id)
    assert view is not None
    assert view.state == "finished"
    home.close()
