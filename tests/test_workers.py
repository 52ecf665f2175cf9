"""What nobody waits for is left to workers, and goes on wherever the process ended that had it."""

import time
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path

import pytest

from flowloom.errors import StoreError
from flowloom.flow.model import Flow
from flowloom.kinds.people import Reply
from flowloom.run.events import NodeStarted, RunStarted
from flowloom.services.recurrence import Every
from flowloom.store import dbos_queue
from flowloom.store.leases import WAITING
from flowloom.store.runs import HOOK, PAGE, SCHEDULE
from flowloom.takeover import UNSURE
from flowloom.worker import NO_DATABASE, Worker
from flowloom.workspace import Workspace, open_workspace
from tests.test_batches import ASKING, ECHO, ROWS
from tests.waiting import Waiting

pytestmark = pytest.mark.usefixtures("kept_in")

SENDS = Flow.model_validate(
    {
        "name": "Sends",
        "nodes": [
            {"id": "m", "kind": "chat.message"},
            {"id": "s", "kind": "http.request", "config": {"method": "POST", "url": "https://a.example/"}},
            {"id": "z", "kind": "chat.answer"},
        ],
        "edges": [{"from": "m.message", "to": "z.text"}],
    }
)


@pytest.fixture
def queue() -> Waiting:
    return Waiting()


@pytest.fixture
def two(tmp_path: Path, queue: Waiting) -> Iterator[tuple[Workspace, Workspace]]:
    """The app, and what a worker has open; one queue for both."""
    app, worker = open_workspace(tmp_path), open_workspace(tmp_path)
    for home in (app, worker):
        home.handover.queue = queue
        home.crew._clock = count(0, 2).__next__  # each look is a new one
        home.crew._known = None
    yield app, worker
    app.close()
    worker.close()


def until(holds: Callable[[], object], seconds: float = 20) -> None:
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, "it did not come"
        time.sleep(0.01)


def began(home: Workspace, flow: Flow = ECHO, via: str = SCHEDULE) -> tuple[str, str]:
    """An unattended run and its conversation."""
    kept = home.flows.create(flow)
    conversation = home.runs.new_conversation(kept.id, via=via)
    return home.runner.start(kept, "Hello", conversation, unattended=True), conversation


def work(home: Workspace, run: str) -> None:
    """What a worker does with a run that it takes out of the queue."""
    Worker(home).work(run)


# -- where a run goes


def test_without_a_worker_the_app_runs_it_itself(two: tuple[Workspace, Workspace], queue: Waiting) -> None:
    run, _ = began(two[0])
    assert two[0].runner.finished(run).text == "Said: Hello"
    assert queue.runs == []


def test_with_a_worker_it_waits_and_the_worker_runs_it(two: tuple[Workspace, Workspace], queue: Waiting) -> None:
    app, worker = two
    worker.crew.join(4)
    run, conversation = began(app)
    assert queue.put_in == [(run, "any")]
    view = app.runner.view(run)
    assert view
    assert (view.state, view.count, app.runner.is_running(run)) == ("running", 0, True)
    assert app.runner.interrupted(conversation) is None
    assert app.crew.standing().waiting == 1
    work(worker, run)
    view = app.runner.view(run)
    assert view
    assert (view.state, view.text) == ("finished", "Said: Hello")
    assert [turn.role for turn in app.runs.turns(conversation)] == ["user", "assistant"]
    work(worker, run)  # as a queue may hand it out twice
    assert sum(event.type == "run_started" for event in app.runs.events(run)) == 1
    assert app.crew.standing().waiting == 0


def test_what_somebody_waits_for_stays_here(two: tuple[Workspace, Workspace], queue: Waiting) -> None:
    app, worker = two
    worker.crew.join(4)
    kept = app.flows.create(ECHO)
    run = app.runner.start(kept, "Hello", app.runs.new_conversation(kept.id))
    assert app.runner.finished(run).text == "Said: Hello"
    assert queue.runs == []


def test_one_that_waits_can_be_stopped(two: tuple[Workspace, Workspace], queue: Waiting) -> None:
    app, worker = two
    worker.crew.join(4)
    run, _ = began(app)
    app.runner.cancel(run)
    work(worker, run)
    view = worker.runner.view(run)
    assert view
    assert view.state == "cancelled"
    assert worker.crew.waiting() == []


def test_a_crash_between_the_two_leaves_neither(two: tuple[Workspace, Workspace], queue: Waiting) -> None:
    app, worker = two
    worker.crew.join(4)
    queue.put = lambda run_id, lane: (_ for _ in ()).throw(StoreError("Full.", "Wait."))  # type: ignore[method-assign,assignment]
    with pytest.raises(StoreError, match="Full"):
        began(app)
    assert app.flows.db.one("SELECT count(*) FROM unfinished") == (0,)
    assert app.flows.db.one("SELECT count(*) FROM leases WHERE name LIKE 'run:%'") == (0,)


def test_schedules_webhooks_and_tables_are_left_to_workers(
    two: tuple[Workspace, Workspace], queue: Waiting
) -> None:
    app, worker = two
    worker.crew.join(4)
    kept = app.flows.create(ECHO)
    schedule = app.schedules.add(kept.id, "Good morning", Every(hour=8))
    app.schedules.run_now(schedule)
    batch = app.batches.store.create(kept, "class.csv", ["name", "topic"], ROWS, "{{name}}", 2)
    app.batches.resume(batch)
    done: set[str] = set()

    def all_done() -> bool:
        for run in queue.runs:
            # Unlike the one of DBOS, this queue shows a run before the transaction that began it is over.
            if run not in done and worker.runs.flow_of(run) is not None:
                done.add(run)
                work(worker, run)
        return app.batches.store.counts(batch) == {"done": 5}

    until(all_done)
    assert len(queue.runs) == 6
    assert [row.answer for row in app.batches.store.rows(batch)] == [f"Said: {row['name']}" for row in ROWS]
    (found,) = app.schedules.store.all()
    view = app.runner.view(found.run)
    assert view
    assert (view.state, found.problem) == ("finished", None)


def test_an_answer_lets_a_worker_go_on(two: tuple[Workspace, Workspace], queue: Waiting) -> None:
    app, worker = two
    worker.crew.join(4)
    run, _ = began(app, ASKING)
    work(worker, run)
    (asked,) = app.questions.open()
    app.inbox.answer(asked.id, Reply(choice="approved"))
    assert queue.runs == [run, run]
    assert app.runner.is_running(run)
    work(worker, run)
    view = app.runner.view(run)
    assert view
    assert (view.state, view.text) == ("finished", "Hello")


# -- where a process ended


def cut_off(home: Workspace, run: str, node: str = "") -> None:
    """As a process leaves a run that was killed, maybe within a block."""
    home.flows.db.do("UPDATE leases SET owner = 'gone' WHERE name = ?", f"run:{run}")
    conversation, _ = home.runs.turn_of(run)
    flow = home.runs.flow_of(run)
    assert flow
    events = [RunStarted(run_id=run, seq=0, at=1.0, flow_id=flow.id, message="Hello")]
    started = [NodeStarted(run_id=run, seq=1, at=1.0, node=node)] if node else []
    home.runs.append_all([*events, *started], conversation)


def look(home: Workspace) -> None:
    home.runner.in_loop(home.takeover.look)


@pytest.mark.parametrize("has_worker", [True, False])
def test_a_run_is_taken_over_where_its_process_ended(
    two: tuple[Workspace, Workspace], queue: Waiting, has_worker: bool
) -> None:
    app, worker = two
    worker.crew.join(4)
    run, _ = began(app)
    cut_off(app, run)
    if not has_worker:
        worker.leases.close()
    look(app)
    if has_worker:
        assert queue.runs == [run, run]
        work(worker, run)
    until(lambda: app.runner.view(run).state == "finished")  # type: ignore[union-attr]


def test_what_must_not_happen_twice_waits_for_a_person(two: tuple[Workspace, Workspace], queue: Waiting) -> None:
    app, worker = two
    worker.crew.join(4)
    kept = app.flows.create(SENDS)
    schedule = app.schedules.add(kept.id, "Hello", Every(hour=8))
    app.schedules.run_now(schedule)
    (run,) = queue.runs
    cut_off(app, run, "s")
    for _ in range(2):
        look(app)
    work(worker, run)
    assert queue.runs == [run]
    (found,) = app.schedules.store.all()
    assert found.problem
    assert found.problem.code == UNSURE.code
    assert app.runner.interrupted(app.runs.turn_of(run)[0]) == run


def test_nobody_takes_over_what_a_visitor_began(two: tuple[Workspace, Workspace], queue: Waiting) -> None:
    app, worker = two
    worker.crew.join(4)
    for via in ("", PAGE):
        kept = app.flows.create(ECHO)
        conversation = app.runs.new_conversation(kept.id, via=via)
        turn = app.runs.next_turn(conversation, "Hello", ())
        app.runner.kept.begin(f"run of {via}", conversation, kept, turn)
        cut_off(app, f"run of {via}")
    look(app)
    assert queue.runs == []


def test_without_workers_the_app_takes_what_waited_for_them(
    two: tuple[Workspace, Workspace], queue: Waiting
) -> None:
    app, worker = two
    worker.crew.join(4)
    run, _ = began(app, via=HOOK)
    look(app)
    assert app.crew.waiting() == [run]
    worker.leases.close()
    look(app)
    until(lambda: app.runner.view(run).state == "finished")  # type: ignore[union-attr]


def test_what_a_worker_had_only_taken_out_waits_anew(two: tuple[Workspace, Workspace], queue: Waiting) -> None:
    app, worker = two
    worker.crew.join(4)
    run, _ = began(app)
    app.flows.db.do("INSERT INTO leases (name, owner) VALUES ('worker:1:4:7:far', 'gone')")
    queue.took("gone", run)
    look(app)
    assert len(queue.taken_back) == 1
    assert queue.runs == [run, run]
    assert app.flows.db.one("SELECT owner FROM leases WHERE name = ?", f"run:{run}") == (WAITING,)
    assert [each.pid for each in app.crew.standing().workers] != [7]
    assert app.crew.ended() == []


def test_a_run_that_the_queue_lost_is_put_there_again(two: tuple[Workspace, Workspace], queue: Waiting) -> None:
    app, worker = two
    worker.crew.join(4)
    run, _ = began(app)
    queue.put_in.clear()
    found = Worker(worker)
    found.tidy()
    assert app.crew.waiting() == [run]  # once may be while it is just being put there
    found.tidy()
    look(app)
    assert queue.runs == [run]


def test_a_worker_that_ends_gives_back_what_it_had(two: tuple[Workspace, Workspace], queue: Waiting) -> None:
    app, worker = two
    found = Worker(worker)
    found.begin()
    run, _ = began(app)
    queue.took(worker.leases.me, run)
    found.end(0.0)
    assert not app.crew.is_there()
    look(app)
    until(lambda: app.runner.view(run).state == "finished")  # type: ignore[union-attr]


def test_a_worker_goes_by_settings_that_were_changed_elsewhere(two: tuple[Workspace, Workspace]) -> None:
    from flowloom.services.models.settings import ModelSettings, Provider

    app, worker = two
    provider = Provider(id="far", kind="compatible", base_url="http://127.0.0.1:9/v1", models=("m",), at_once=3)
    app.models_changed(ModelSettings().with_provider(provider).played_by("far/m"))
    Worker(worker).tidy()
    assert worker.models.settings == app.models.settings
    assert worker.lanes()["far"] == 3


def test_runs_wait_in_the_lane_of_the_provider_that_takes_the_fewest(
    two: tuple[Workspace, Workspace], queue: Waiting
) -> None:
    from flowloom.services.models.settings import ModelSettings, Provider

    app, worker = two
    worker.crew.join(4)
    given = ModelSettings()
    for id, most in (("wide", 9), ("narrow", 2)):
        where = "http://127.0.0.1:9/v1"
        given = given.with_provider(Provider(id=id, kind="compatible", base_url=where, models=("m",), at_once=most))
    app.models_changed(given)
    asks = {
        "name": "Two",
        "nodes": [
            {"id": "m", "kind": "chat.message"},
            {"id": "a", "kind": "model", "config": {"model": "wide/m"}},
            {"id": "b", "kind": "model", "config": {"model": "narrow/m"}},
            {"id": "z", "kind": "chat.answer"},
        ],
        "edges": [
            {"from": "m.message", "to": "a.prompt"},
            {"from": "a.answer", "to": "b.prompt"},
            {"from": "b.answer", "to": "z.text"},
        ],
    }
    run, _ = began(app, Flow.model_validate(asks))
    assert queue.put_in == [(run, "narrow")]


def test_what_a_worker_needs_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kept_in: str) -> None:
    monkeypatch.setattr(dbos_queue, "find_spec", lambda name: None)
    home = open_workspace(tmp_path / "alone")
    with pytest.raises(StoreError) as refused:
        Worker(home)
    home.close()
    needed = dbos_queue.PACKAGE if kept_in == "postgres" else NO_DATABASE
    assert refused.value.problem.code == needed.code
