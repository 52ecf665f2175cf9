"""A table through a GPT: every row once, whatever ends in between, and each with what came of it."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from flowloom.flow.model import Flow
from flowloom.kinds.people import Reply
from flowloom.workspace import Workspace, open_workspace

pytestmark = pytest.mark.usefixtures("kept_in")

ECHO = Flow.model_validate(
    {
        "name": "Echo",
        "nodes": [
            {"id": "m", "kind": "chat.message"},
            {"id": "t", "kind": "template", "config": {"template": "Said: {{ message }}"}},
            {"id": "z", "kind": "chat.answer"},
        ],
        "edges": [{"from": "m.message", "to": "t.message"}, {"from": "t.text", "to": "z.text"}],
    }
)
ASKING = Flow.model_validate(
    {
        "name": "Asking",
        "nodes": [
            {"id": "m", "kind": "chat.message"},
            {"id": "a", "kind": "people.approve"},
            {"id": "z", "kind": "chat.answer"},
        ],
        "edges": [{"from": "m.message", "to": "a.value"}, {"from": "a.approved", "to": "z.text"}],
    }
)
ROWS = [{"name": name, "topic": "bees"} for name in ("Ann", "Ben", "Cleo", "Dan", "Eve")]


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Workspace]:
    found = open_workspace(tmp_path)
    yield found
    found.close()


def until(holds: Callable[[], bool], seconds: float = 20) -> None:
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end
        time.sleep(0.01)


def begun(home: Workspace, flow: Flow = ECHO, message: str = "{{name}} on {{topic}}", at_once: int = 2) -> str:
    kept = home.flows.create(flow)
    return home.batches.store.create(kept, "class.csv", ["name", "topic"], ROWS, message, at_once)


def ended(home: Workspace, id: str) -> None:
    home.batches.resume(id)
    until(lambda: not home.batches.is_going(id))


def test_every_row_is_asked_and_answered_in_its_place(home: Workspace) -> None:
    id = begun(home)
    ended(home, id)
    rows = home.batches.store.rows(id)
    assert [row.answer for row in rows] == [f"Said: {row['name']} on bees" for row in ROWS]
    assert {row.state for row in rows} == {"done"}
    assert all(row.seconds is not None for row in rows)
    assert home.batches.store.counts(id) == {"done": 5}


def test_the_runs_are_in_the_list_and_no_conversation_is(home: Workspace) -> None:
    id = begun(home)
    ended(home, id)
    flow = home.batches.store.get(id).flow
    assert len(home.ledger.entries([flow])) == 5
    assert home.runs.conversations(flow) == []


def test_a_row_that_fails_says_why_and_stops_no_other(home: Workspace) -> None:
    id = begun(home, message="{{name}} on {{nothing}}")
    ended(home, id)
    rows = home.batches.store.rows(id)
    assert {row.state for row in rows} == {"failed"}
    assert "nothing" in str(rows[0].problem)
    home.batches.try_again(id)
    until(lambda: not home.batches.is_going(id))
    assert home.batches.store.counts(id) == {"failed": 5}


def test_what_was_stopped_goes_on_with_the_rest(home: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    id = begun(home, at_once=1)
    start, calls = home.runner.start, []

    def starting(*given: object, **more: object) -> str:
        calls.append(given)
        if len(calls) == 2:
            home.batches.stop(id)
        return start(*given, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(home.runner, "start", starting)
    ended(home, id)
    assert home.batches.store.counts(id) == {"done": 2, "waiting": 3}
    assert not home.batches.store.get(id).going
    home.batches.take_up()
    assert not home.batches.is_going(id), "who stopped it says when it goes on"
    ended(home, id)
    assert home.batches.store.counts(id) == {"done": 5}
    assert len(calls) == 5


def test_an_app_that_ends_begins_no_further_row(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home = open_workspace(tmp_path)
    id = begun(home, at_once=1)
    start = home.runner.start

    def starting(*given: object, **more: object) -> str:
        home.hold()
        return start(*given, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(home.runner, "start", starting)
    ended(home, id)
    assert home.batches.store.counts(id) == {"done": 1, "waiting": 4}
    assert home.batches.store.get(id).going, "the next process goes on"
    home.close()
    with closing(open_workspace(tmp_path)) as again:
        again.batches.take_up()
        until(lambda: not again.batches.is_going(id))
        assert again.batches.store.counts(id) == {"done": 5}


def test_a_change_of_the_gpt_changes_no_table_on_its_way(home: Workspace) -> None:
    id = begun(home)
    flow = home.flows.load(home.batches.store.get(id).flow)
    changed = flow.nodes[1].model_copy(update={"config": {"template": "Changed"}})
    home.flows.save(flow.model_copy(update={"nodes": (flow.nodes[0], changed, flow.nodes[2])}))
    ended(home, id)
    assert home.batches.store.rows(id)[0].answer == "Said: Ann on bees"


def test_a_row_that_asks_a_person_waits_and_the_others_go_on(home: Workspace) -> None:
    id = begun(home, ASKING)
    ended(home, id)
    assert home.batches.store.counts(id) == {"asking": 5}
    for asked in home.questions.open():
        home.inbox.answer(asked.id, Reply(choice="approved"))
    until(lambda: home.batches.store.counts(id) == {"done": 5})
    assert home.batches.store.rows(id)[2].answer == "Cleo on bees"


def test_two_who_begin_it_at_once_ask_no_row_twice(home: Workspace) -> None:
    id = begun(home)
    threads = [threading.Thread(target=home.batches.resume, args=(id,)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    until(lambda: home.batches.store.counts(id) == {"done": 5})
    assert len(home.ledger.entries([home.batches.store.get(id).flow])) == 5


def test_another_process_goes_on_where_one_ended(tmp_path: Path) -> None:
    first = open_workspace(tmp_path)
    id = begun(first, at_once=1)
    row = first.batches.store.rows(id)[0]
    with first.runs.whole():  # begun, and its process ended before anything happened
        conversation = first.runs.new_conversation(first.batches.store.get(id).flow, via="batch")
        turn = first.runs.next_turn(conversation, "Ann on bees", ())
        first.runner.kept.begin("r1", conversation, first.batches.store.flow_of(id), turn)
        first.batches.store.begin(id, row.number, "r1")
    first.close()
    second = open_workspace(tmp_path)
    try:
        assert second.batches.store.counts(id) == {"running": 1, "waiting": 4}
        ended(second, id)
        assert second.batches.store.counts(id) == {"done": 5}
        assert second.batches.store.rows(id)[0].run == "r1"
        assert len(second.ledger.entries([second.batches.store.get(id).flow])) == 5
    finally:
        second.close()


def test_what_was_doing_something_when_its_process_ended_is_left_to_the_person(
    home: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    id = begun(home, at_once=1)
    home.batches.store.begin(id, 1, "gone")
    monkeypatch.setattr(home.runner, "risky", lambda run: ["send"] if run == "gone" else [])
    ended(home, id)
    first, *others = home.batches.store.rows(id)
    assert (first.state, first.problem.code) == ("failed", "batch.unsure")  # type: ignore[union-attr]
    assert {row.state for row in others} == {"done"}


def test_a_table_that_is_deleted_leaves_its_runs_alone(home: Workspace) -> None:
    id = begun(home)
    ended(home, id)
    flow = home.batches.store.get(id).flow
    home.batches.delete(id)
    assert home.batches.store.all() == []
    assert len(home.ledger.entries([flow])) == 5
