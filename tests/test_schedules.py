"""GPTs by the clock: each time once, made up once or skipped where it was missed, and failures listed first."""

import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from flowloom.flow.model import Flow
from flowloom.schedules import Schedules
from flowloom.services.recurrence import Every
from flowloom.store.publications import Terms
from flowloom.store.schedules import ScheduleStore
from flowloom.workspace import Workspace, open_workspace
from tests.test_batches import ECHO

pytestmark = pytest.mark.usefixtures("kept_in")

HOUR, DAY = 3600.0, 86_400.0
DAILY = Every(hour=8)
START = 1_795_996_800.0
"""Midnight in UTC."""


class Clock:
    now = START

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Workspace]:
    found = open_workspace(tmp_path)
    yield found
    found.close()


@pytest.fixture
def schedules(home: Workspace, clock: Clock) -> Schedules:
    return Schedules(home.schedules.store, home.runs, home.runner, home._as_served, clock)


@pytest.fixture
def flow(home: Workspace) -> Flow:
    return home.flows.create(ECHO)


def until(holds: Callable[[], bool], seconds: float = 20) -> None:
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end
        time.sleep(0.01)


def looked(home: Workspace, schedules: Schedules) -> list[str]:
    """Look at the clock and wait for what began; the questions of all runs, the latest first."""
    home.runner.in_loop(schedules.look)
    begun = [schedule.run for schedule in schedules.store.all() if schedule.run]
    until(lambda: not any(home.runner.is_running(run) for run in begun))
    return [entry.asked for entry in entries(home)]


def entries(home: Workspace) -> list[object]:
    return home.ledger.entries([entry.id for entry in home.flows.entries()])  # type: ignore[return-value]


def test_it_runs_at_its_time_and_not_before(
    home: Workspace, schedules: Schedules, clock: Clock, flow: Flow
) -> None:
    schedules.add(flow.id, "Good morning", DAILY)
    assert looked(home, schedules) == []
    clock.now = START + 8 * HOUR
    assert looked(home, schedules) == ["Good morning"]
    assert looked(home, schedules) == ["Good morning"]
    clock.now += DAY
    assert len(looked(home, schedules)) == 2
    (kept,) = schedules.store.all()
    assert (kept.last, kept.next, kept.problem) == (clock.now, clock.now + DAY, None)


def test_an_app_that_ends_leaves_it_to_the_next(
    home: Workspace, schedules: Schedules, clock: Clock, flow: Flow
) -> None:
    schedules.add(flow.id, "Good morning", DAILY)
    clock.now = START + 8 * HOUR
    home.hold()
    assert looked(home, schedules) == []
    (kept,) = schedules.store.all()
    assert (kept.last, kept.next) == (None, clock.now), "it is still due"


@pytest.mark.parametrize(("missed", "runs"), [("once", 1), ("skip", 0)])
def test_what_was_missed_is_made_up_once_or_skipped(
    home: Workspace, schedules: Schedules, clock: Clock, flow: Flow, missed: str, runs: int
) -> None:
    schedules.add(flow.id, "Good morning", DAILY, missed)  # type: ignore[arg-type]
    clock.now = START + 5 * DAY + 12 * HOUR
    assert len(looked(home, schedules)) == runs
    (kept,) = schedules.store.all()
    assert kept.next == START + 6 * DAY + 8 * HOUR


def test_a_little_late_is_not_missed(home: Workspace, schedules: Schedules, clock: Clock, flow: Flow) -> None:
    schedules.add(flow.id, "Good morning", DAILY, "skip")
    clock.now = START + 8 * HOUR + 60
    assert len(looked(home, schedules)) == 1


def test_of_several_processes_one_runs_it(home: Workspace, clock: Clock, flow: Flow, tmp_path: Path) -> None:
    stores = [home.schedules.store, ScheduleStore(home._db)]
    stores[0].add(flow.id, "Good morning", DAILY, "once", clock.now)
    (due,) = stores[0].due(START + 9 * HOUR)
    taken: list[bool] = []
    threads = [
        threading.Thread(target=lambda store=store: taken.append(store.take(due, START + 2 * DAY)))
        for store in stores * 4
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert taken.count(True) == 1


def test_what_cannot_run_says_why_and_comes_first(
    home: Workspace, schedules: Schedules, clock: Clock, flow: Flow
) -> None:
    schedules.add(flow.id, "Good morning", DAILY)
    empty = home.flows.create(Flow(name="Empty"))
    schedules.add(empty.id, "Hello", Every(hour=8, minute=1))
    clock.now = START + 9 * HOUR
    looked(home, schedules)
    first, second = schedules.store.all()
    assert (first.flow, second.flow) == (empty.id, flow.id)
    assert first.problem is not None
    assert second.problem is None


def test_a_gpt_that_is_gone_is_said(home: Workspace, schedules: Schedules, clock: Clock, flow: Flow) -> None:
    schedules.add(flow.id, "Good morning", DAILY)
    home.flows.delete(flow.id)
    clock.now = START + 8 * HOUR
    home.runner.in_loop(schedules.look)
    (kept,) = schedules.store.all()
    assert "no longer exists" in str(kept.problem)


def test_one_that_is_switched_off_does_nothing_and_makes_nothing_up(
    home: Workspace, schedules: Schedules, clock: Clock, flow: Flow
) -> None:
    id = schedules.add(flow.id, "Good morning", DAILY)
    schedules.switch(id, False)
    clock.now = START + 3 * DAY
    assert looked(home, schedules) == []
    schedules.switch(id, True)
    assert looked(home, schedules) == []
    schedules.run_now(id)
    until(lambda: len(entries(home)) == 1)


def test_what_is_published_runs_and_not_the_draft(
    home: Workspace, schedules: Schedules, clock: Clock, flow: Flow
) -> None:
    home.publications.publish(flow, "echo", Terms())
    home.flows.save(flow.model_copy(update={"nodes": ()}))
    schedules.add(flow.id, "Good morning", DAILY)
    clock.now = START + 8 * HOUR
    looked(home, schedules)
    (kept,) = schedules.store.all()
    assert kept.problem is None
    assert home.runner.view(kept.run).text == "Said: Good morning"  # type: ignore[union-attr]


def test_a_run_that_fails_later_is_told(home: Workspace, schedules: Schedules, clock: Clock) -> None:
    failing = Flow.model_validate(
        {
            "name": "Failing",
            "nodes": [
                {"id": "m", "kind": "chat.message"},
                {"id": "c", "kind": "code.run", "config": {"code": "1 / 0"}},
                {"id": "z", "kind": "chat.answer"},
            ],
            "edges": [{"from": "c.result", "to": "z.text"}],
        }
    )
    flow = home.flows.create(failing)
    schedules.add(flow.id, "Go", DAILY)
    clock.now = START + 8 * HOUR
    looked(home, schedules)
    until(lambda: schedules.store.all()[0].problem is not None)


def test_what_a_deleted_gpt_had_goes_with_it(home: Workspace, schedules: Schedules, flow: Flow) -> None:
    schedules.add(flow.id, "Good morning", DAILY)
    home.flows.delete(flow.id)
    home._empty_bin(older_than=-1)
    assert schedules.store.all() == []
