"""A model is tuned by a provider: sent, followed, cancelled, found again after a crash, used and compared."""

import time
from collections.abc import Iterator
from typing import Any

import pytest

from flowloom.errors import BudgetError, FlowloomError, ModelError, StoreError
from flowloom.flow.model import Flow
from flowloom.services.models.settings import Provider
from flowloom.services.models.tuning_jobs import Event
from flowloom.store.datasets import DataRow, Rows
from flowloom.store.tunings import Examples, Progress, Tuning, TuningPlan
from flowloom.tuning.examples import of_rows
from flowloom.tuning.tunings import MOST_POINTS, MOST_SAID, with_events
from flowloom.workspace import Workspace
from tests.evaluation.trying import ASKING, ended
from tests.openai_server import Say
from tests.tuning_server import KEY, TuningServer, as_lines
from tests.ui.conftest import home as home


@pytest.fixture
def server() -> Iterator[TuningServer]:
    with TuningServer() as found:
        yield found


@pytest.fixture
def ready(home: Workspace, server: TuningServer) -> Workspace:
    set_up(home, server)
    return home


def set_up(home: Workspace, server: TuningServer) -> None:
    home.tunings.look = 0.01
    home.secrets.set("p", KEY)
    provider = Provider(id="p", kind="compatible", name="Tuner", base_url=server.url, secret="p", models=("small",))
    home.models_changed(home.models.settings.with_provider(provider))


@pytest.fixture
def flow(ready: Workspace) -> Flow:
    return ready.flows.create(ASKING)


def examples(count: int = 40) -> Examples:
    made = (
        DataRow(id=str(at), given={"q": f"Number {at}?"}, expected=f"It is {at}.", held_out=at % 4 == 0)
        for at in range(count)
    )
    return of_rows(Rows(titles=("q",), message="{{q}}", rows=tuple(made))).examples


PLAN = TuningPlan(provider="p", base="small", epochs=2, tokens=1000, price=5.0)


def started(home: Workspace, flow: Flow, plan: TuningPlan = PLAN, **more: Any) -> str:
    return home.tunings.start(flow.id, "Mine", plan, examples(**more), "Ada")


def settled(home: Workspace, id: str) -> Tuning:
    """It, once nobody follows it any more."""
    return until(home, id, lambda tuning: not home.tunings.is_followed(id))


def until(home: Workspace, id: str, is_so: Any) -> Tuning:
    end = time.monotonic() + 20
    while not is_so(found := home.tunings.store.get(id)):
        assert time.monotonic() < end, found
        time.sleep(0.003)
    return home.tunings.store.get(id)


def test_it_is_sent_followed_and_used(ready: Workspace, flow: Flow, server: TuningServer) -> None:
    id = started(ready, flow)
    tuning = settled(ready, id)
    assert (tuning.state, tuning.model, tuning.problem) == ("succeeded", "ft:small:org::0", None)
    assert (tuning.plan.training, tuning.plan.held_out, tuning.who) == (30, 10, "Ada")
    points = tuning.progress.points
    assert [each.step for each in points] == [1, 2, 3, 4, 5, 6]  # over three pages of events
    assert [each.loss for each in points] == pytest.approx([2 / step for step in range(1, 7)])
    assert [each.step for each in points if each.held_out is not None] == [2, 4, 6]
    assert tuning.progress.said[-1] == "The job has successfully completed"
    (job,) = server.jobs.values()
    assert job.body["hyperparameters"] == {"n_epochs": 2}
    training, held = as_lines(server.files["file-0"]), as_lines(server.files["file-1"])
    assert (len(training), len(held)) == (30, 10)
    assert training[0]["messages"][-1] == {"role": "assistant", "content": "It is 1."}
    assert not {str(each) for each in training} & {str(each) for each in held}
    # It is among the models, plays a role, and what was paid is counted.
    assert "p/ft:small:org::0" in ready.models.settings.choices()
    ready.tunings.play(tuning, "careful")
    assert ready.models.settings.roles["careful"] == "p/ft:small:org::0"
    assert ready.spending.by_flow(ready.spending.month())[flow.id] == pytest.approx(1234 * 5 / 1e6)


def test_before_and_after_are_compared_on_what_was_held_out(
    ready: Workspace, flow: Flow, server: TuningServer
) -> None:
    tuning = settled(ready, started(ready, flow))
    server.behave = lambda body: Say(
        "It is " + body["messages"][-1]["content"].split()[-1].rstrip("?") + "."
        if "ft:" in body["model"]
        else "What?"
    )
    id = ready.tunings.compare(tuning, flow, ready.experiments, ("before", "after"))
    ended(ready, id)
    experiment, results = ready.experiments.store.get(id), ready.experiments.store.results(id)
    assert experiment.plan.labels == ("before", "after")
    assert len(results) == 20
    contains = [[each.scores["contains"].value for each in results if each.arm == arm] for arm in (0, 1)]
    assert contains == [[0.0] * 10, [1.0] * 10]


def test_nothing_held_out_is_nothing_to_compare(ready: Workspace, flow: Flow) -> None:
    tuning = settled(ready, ready.tunings.start(flow.id, "Mine", PLAN, Examples(training=examples().training)))
    with pytest.raises(StoreError, match="held out"):
        ready.tunings.compare(tuning, flow, ready.experiments, ("before", "after"))


BUSY = (429, {"message": "Rate limit reached", "code": "rate_limit_exceeded"})
ENDS = {
    "a model that cannot be tuned": ({"base": "gpt-9"}, [], "tuning.refused", "gpt-9 is not available"),
    "no tuning there": ({}, [(404, {"message": "no"})] * 2, "tuning.none", "has no fine-tuning"),
    "no credit": ({}, [(429, {"message": "You exceeded your current quota"})] * 3, "model.quota", "credit"),
    "a wrong key": ({}, [(401, {"message": f"Incorrect API key provided: {KEY}"})], "model.key", "accept the key"),
}


@pytest.mark.parametrize(("plan", "trouble", "code", "words"), ENDS.values(), ids=ENDS)
def test_what_keeps_it_from_beginning_is_said(
    ready: Workspace, flow: Flow, server: TuningServer, plan: Any, trouble: Any, code: str, words: str
) -> None:
    server.trouble = [*trouble]
    tuning = settled(ready, started(ready, flow, PLAN.model_copy(update=plan)))
    assert tuning.state == "failed"
    assert tuning.problem
    assert tuning.problem.code == code
    assert words in str(tuning.problem)
    assert KEY not in tuning.problem.model_dump_json()


def test_a_file_the_provider_finds_wanting_is_said(ready: Workspace, flow: Flow, server: TuningServer) -> None:
    server._wrong = lambda job: "Training file has 3 example(s)."  # type: ignore[method-assign]
    tuning = settled(ready, started(ready, flow))
    assert tuning.state == "failed"
    assert "Training file has 3 example(s)." in str(tuning.problem)
    assert tuning.model == ""


def test_too_few_are_not_sent(ready: Workspace, flow: Flow, server: TuningServer) -> None:
    with pytest.raises(FlowloomError, match="at least 10"):
        started(ready, flow, count=12)
    assert not server.requests


def test_a_provider_that_is_busy_is_asked_again(ready: Workspace, flow: Flow, server: TuningServer) -> None:
    server.trouble = [BUSY] * 2
    assert settled(ready, started(ready, flow)).state == "succeeded"


def test_a_provider_that_is_away_meanwhile_is_looked_for_again(
    ready: Workspace, flow: Flow, server: TuningServer
) -> None:
    server.held = True
    id = started(ready, flow)
    until(ready, id, lambda tuning: tuning.job)
    server.trouble = [(503, {"message": "away"})] * 3
    tuning = until(ready, id, lambda tuning: tuning.problem)
    assert tuning.going
    server.held = False
    assert settled(ready, id).problem is None
    assert ready.tunings.store.get(id).state == "succeeded"


def test_it_is_cancelled(ready: Workspace, flow: Flow, server: TuningServer) -> None:
    server.held = True
    id = started(ready, flow)
    until(ready, id, lambda tuning: tuning.job)
    ready.tunings.cancel(id)
    assert settled(ready, id).state == "cancelled"
    with pytest.raises(ModelError, match="already completed"):
        ready.tunings.cancel(id)


def test_a_key_that_was_withdrawn_meanwhile_does_not_end_it(
    ready: Workspace, flow: Flow, server: TuningServer
) -> None:
    server.held = True
    id = started(ready, flow)
    until(ready, id, lambda tuning: tuning.job)
    ready.secrets.set("p", "sk-another-key-0123456789abcdef01234567")
    server.trouble = [(401, {"message": "withdrawn"})]
    tuning = settled(ready, id)
    assert tuning.going
    assert tuning.problem
    assert tuning.problem.code == "model.key"
    ready.secrets.set("p", KEY)
    server.held = False
    ready.tunings.follow(id)
    assert settled(ready, id).state == "succeeded"


def test_it_is_followed_after_a_restart(ready: Workspace, flow: Flow, server: TuningServer) -> None:
    server.held = True
    id = started(ready, flow)
    until(ready, id, lambda tuning: tuning.job)
    ready.close()
    server.held = False
    again = Workspace(ready.home)
    try:
        again.tunings.look = 0.01
        again.tunings.take_up()
        tuning = settled(again, id)
        assert (tuning.state, len(server.jobs)) == ("succeeded", 1)
    finally:
        again.close()


def test_a_job_begun_just_before_a_crash_is_not_begun_twice(
    ready: Workspace, flow: Flow, server: TuningServer
) -> None:
    id = started(ready, flow)
    settled(ready, id)
    ready._db.do("UPDATE tunings SET job = '', state = 'preparing', model = '' WHERE id = ?", id)
    ready.tunings.take_up()
    assert settled(ready, id).state == "succeeded"
    assert len(server.jobs) == 1


def test_a_limit_of_the_month_holds_for_it(ready: Workspace, flow: Flow, server: TuningServer) -> None:
    ready.models_changed(ready.models.settings.model_copy(update={"monthly": {flow.id: 0.0}}))
    with pytest.raises(BudgetError):
        started(ready, flow)
    assert not server.requests


def test_no_key_lies_in_what_is_kept(ready: Workspace, flow: Flow, server: TuningServer) -> None:
    server.trouble = [(400, {"message": f"bad request with {KEY}"})]
    settled(ready, started(ready, flow))
    ready.close()
    for path in ready.home.rglob("*"):
        if path.is_file():
            assert KEY.encode() not in path.read_bytes(), path


def test_it_goes_with_its_gpt(ready: Workspace, flow: Flow) -> None:
    id = started(ready, flow)
    settled(ready, id)
    ready.tunings.store.delete_of(flow.id)
    with pytest.raises(StoreError, match="no longer exists"):
        ready.tunings.store.get(id)


def test_what_a_provider_tells_without_end_is_bounded() -> None:
    told = [Event(str(number), f"m{number}", step=number % 3_000 or None, loss=1.0) for number in range(9_000)]
    found = with_events(Progress(), [*told, *(Event(f"s{number}", "x") for number in range(99))], None)
    assert len(found.points) == MOST_POINTS
    assert len(found.said) == MOST_SAID
    assert found.last == "s98"


@pytest.mark.parametrize(("code", "is_followed"), [("", True), ("model.busy", True), ("model.key", False)])
def test_only_what_heals_by_itself_is_followed_again_by_itself(
    ready: Workspace, flow: Flow, server: TuningServer, code: str, is_followed: bool
) -> None:
    id = ready.tunings.store.create(flow.id, "Mine", PLAN, examples())
    ready.tunings.store.begun(id, "no-such-job")
    if code:
        ready.tunings.store.move(id, "running", "", ModelError("No.", code=code).problem)
    server.trouble = [(503, {"message": "Later"})] * 1_000
    ready.tunings.look = 60
    ready.tunings.take_up()
    assert ready.tunings.is_followed(id) == is_followed
    ready.tunings.delete(id)
    ready.tunings.follow_all()
