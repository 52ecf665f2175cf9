"""Prompts of the studio and fine-tunings are left to workers as experiments are, stopped, and taken over."""

from collections.abc import Iterator

import pytest

from flowloom.store.crew import PROMPT, TUNING
from flowloom.store.leases import WAITING
from flowloom.store.prompts import Program, Step, TryPlan
from flowloom.studio.tries import STOPPED
from flowloom.worker import Worker
from flowloom.workspace import Workspace
from tests.evaluation.trying import ECHO, Scripted
from tests.test_workers import until
from tests.test_workers_experiments import queue as queue
from tests.test_workers_experiments import two as two
from tests.tuning.test_tunings import PLAN, examples, set_up
from tests.tuning_server import TuningServer
from tests.waiting import Waiting

pytestmark = pytest.mark.usefixtures("kept_in")
Two = tuple[Workspace, Workspace]


def asked(home: Workspace) -> str:
    store = home.studio.store
    prompt = store.create(home.flows.create(ECHO).id, "Mine", Program(steps=(Step(text="?", samples=3),)))
    return home.studio.ask(prompt, 1, TryPlan())


@pytest.fixture
def models(two: Two, monkeypatch: pytest.MonkeyPatch) -> list[Scripted]:
    """Those of the app, and those of the worker."""
    found = [Scripted(lambda said: "4") for _ in two]
    for home, each in zip(two, found, strict=True):
        monkeypatch.setattr(home.models, "reply", each.reply)
    return found


def test_a_prompt_is_asked_by_a_worker(two: Two, queue: Waiting, models: list[Scripted]) -> None:
    app, worker = two
    worker.crew.join(4)
    id = asked(app)
    assert queue.put_in == [(PROMPT + id, "any")]
    assert app.studio.is_going(id), "it waits"
    assert app.crew.standing().waiting == 1
    Worker(worker).work(PROMPT + id)
    assert [len(each.asked) for each in models] == [0, 3]
    assert not app.studio.is_going(id)
    assert app.studio.store.tried(id).problem is None


def test_without_a_worker_the_app_asks_it(two: Two, queue: Waiting, models: list[Scripted]) -> None:
    id = asked(two[0])
    until(lambda: not two[0].studio.is_going(id))
    assert [len(each.asked) for each in models] == [3, 0]
    assert not queue.runs


def test_one_that_is_stopped_waits_no_more_and_goes_on_when_told(
    two: Two, queue: Waiting, models: list[Scripted]
) -> None:
    app, worker = two
    worker.crew.join(4)
    id = asked(app)
    app.studio.stop(id)
    until(lambda: not app.studio.is_going(id))
    Worker(worker).work(PROMPT + id)
    assert [len(each.asked) for each in models] == [0, 0]
    assert app.studio.store.tried(id).problem == STOPPED
    app.studio.resume(id)
    Worker(worker).work(PROMPT + id)
    assert [len(each.asked) for each in models] == [0, 3]


@pytest.mark.parametrize("prefix", [PROMPT, TUNING])
def test_what_a_worker_had_that_ended_is_taken_over(
    two: Two, queue: Waiting, models: list[Scripted], server: TuningServer, prefix: str
) -> None:
    app, worker = two
    set_up(app, server)
    worker.crew.join(4)
    id = asked(app) if prefix == PROMPT else tuned(app)
    queue.took(worker.leases.me, prefix + id)
    worker.leases.claim(prefix + id)
    worker._db.do("UPDATE processes SET pid = 999999999, born = '1'")  # it ended without a word
    app.runner.in_loop(app.takeover.look)
    until(lambda: not (app.studio.store.left() or app.tunings.store.left()))
    assert queue.taken_back


def test_what_fell_out_of_the_queue_is_put_there_again(two: Two, queue: Waiting, models: list[Scripted]) -> None:
    app, worker = two
    worker.crew.join(4)
    id = asked(app)
    queue.put_in.clear()
    found = Worker(worker)
    found.tidy()
    found.tidy()
    assert worker.leases.named(PROMPT).get(PROMPT + id) != WAITING
    app.runner.in_loop(app.takeover.look)
    until(lambda: queue.runs == [PROMPT + id])


@pytest.fixture
def server() -> Iterator[TuningServer]:
    with TuningServer() as found:
        yield found


def tuned(home: Workspace) -> str:
    return home.tunings.start(home.flows.create(ECHO).id, "Mine", PLAN, examples(), "Ada")


def test_a_tuning_is_followed_by_a_worker_and_the_app_knows_its_model(
    two: Two, queue: Waiting, server: TuningServer
) -> None:
    app, worker = two
    set_up(app, server)
    worker.read_settings_again()
    worker.tunings.look = 0.01
    worker.crew.join(4)
    id = tuned(app)
    assert queue.put_in == [(TUNING + id, "any")]
    app.tunings.take_up()
    Worker(worker).work(TUNING + id)
    until(lambda: not app.tunings.is_followed(id))
    assert app.tunings.store.get(id).state == "succeeded"
    app.tunings.take_up()
    assert "p/ft:small:org::0" in app.models.settings.choices()


def test_a_tuning_that_was_deleted_meanwhile_is_not_begun(two: Two, queue: Waiting, server: TuningServer) -> None:
    app, worker = two
    set_up(app, server)
    worker.crew.join(4)
    id = tuned(app)
    app.tunings.delete(id)
    assert not app.tunings.is_followed(id)
    Worker(worker).work(TUNING + id)
    until(lambda: not worker.tunings.is_here(id))
    assert not server.jobs
