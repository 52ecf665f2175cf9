"""Experiments are left to workers, and go on wherever the worker ended that had them."""

from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest

from flowloom.store.crew import EXPERIMENT
from flowloom.store.experiments import Arm
from flowloom.store.leases import WAITING
from flowloom.worker import Worker
from flowloom.workspace import Workspace, open_workspace
from tests.evaluation.trying import ECHO, ended, started, table
from tests.test_workers import until
from tests.waiting import Waiting

pytestmark = pytest.mark.usefixtures("kept_in")


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


def begun(home: Workspace) -> str:
    return started(home, [Arm("one", home.flows.create(ECHO))], table(4))


def test_without_a_worker_the_app_does_it(two: tuple[Workspace, Workspace], queue: Waiting) -> None:
    id = begun(two[0])
    ended(two[0], id)
    assert two[0].experiments.store.done(id) == 4
    assert not queue.runs


def test_with_a_worker_it_waits_and_the_worker_does_it(two: tuple[Workspace, Workspace], queue: Waiting) -> None:
    app, worker = two
    worker.crew.join(4)
    id = begun(app)
    assert queue.put_in == [(EXPERIMENT + id, "any")]
    assert app.experiments.is_going(id), "it waits"
    assert app.crew.standing().waiting == 1
    assert app.experiments.store.done(id) == 0
    app.experiments.resume(id)
    assert len(queue.runs) == 1, "it waits already"
    Worker(worker).work(EXPERIMENT + id)
    assert worker.experiments.store.done(id) == 4
    assert not app.experiments.is_going(id)
    assert app.experiments.store.left() == []


def test_another_one_takes_over_where_a_worker_ended(two: tuple[Workspace, Workspace], queue: Waiting) -> None:
    app, worker = two
    worker.crew.join(4)
    id = begun(app)
    queue.took(worker.leases.me, EXPERIMENT + id)
    worker.leases.claim(EXPERIMENT + id)
    worker._db.do("UPDATE processes SET pid = 999999999, born = '1'")  # it ended without a word
    app.runner.in_loop(app.takeover.look)
    ended(app, id)
    assert app.experiments.store.done(id) == 4
    assert queue.taken_back


def test_what_fell_out_of_the_queue_is_put_there_again(two: tuple[Workspace, Workspace], queue: Waiting) -> None:
    app, worker = two
    worker.crew.join(4)
    id = begun(app)
    queue.put_in.clear()
    found = Worker(worker)
    found.tidy()
    found.tidy()
    assert worker.leases.named(EXPERIMENT).get(EXPERIMENT + id) != WAITING
    app.runner.in_loop(app.takeover.look)
    until(lambda: queue.runs == [EXPERIMENT + id])


def test_one_that_is_stopped_is_not_taken_up(two: tuple[Workspace, Workspace], queue: Waiting) -> None:
    app, worker = two
    worker.crew.join(4)
    id = begun(app)
    app.experiments.stop(id)
    Worker(worker).work(EXPERIMENT + id)
    assert app.experiments.store.done(id) == 0
    assert not app.experiments.is_going(id)
