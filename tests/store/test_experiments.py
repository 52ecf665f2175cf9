"""Datasets, experiments and kept chats in either database: what is kept is read back as it was."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from flowloom.errors import Problem
from flowloom.run.events import RunStarted
from flowloom.store.cassettes import Cassette, TapedTurn
from flowloom.store.datasets import DataRow, Rows
from flowloom.store.experiments import Arm, Chosen, ExperimentPlan, Result, Score, Tried
from flowloom.workspace import Workspace, open_workspace
from tests.evaluation.trying import ECHO

pytestmark = pytest.mark.usefixtures("kept_in")
ROWS = Rows(titles=("q",), message="{{q}}", rows=(DataRow(id="a", given={"q": "A\u2028?"}, good=True),))
EMPTY = Result(0, 1, "", Problem.of("x", "It failed."), None, None, {"cost": Score()})
FULL = Result(0, 2, "Yes\u2028", None, 0.5, 0.25, {"exact": Score(value=1.0)})


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Workspace]:
    found = open_workspace(tmp_path)
    yield found
    found.close()


def test_an_experiment_is_read_back(home: Workspace) -> None:
    store = home.experiments.store
    plan = ExperimentPlan(evaluators=(Chosen(id="exact"),), budget=2.5)
    id = store.create("gpt", "Try", plan, Tried(ROWS, (Arm("one", ECHO, "v/m"),)))
    assert store.tried(id) == Tried(ROWS, (Arm("one", ECHO, "v/m"),))
    event = RunStarted(run_id="r", seq=0, at=1.0, flow_id="gpt", message="A\u2028?")
    for result in (EMPTY, FULL):
        store.keep(id, result, [event])
    store.keep(id, FULL, [event])
    store.keep("gone", FULL, [event])
    assert store.results(id) == [EMPTY, FULL]
    assert (store.done(id), store.failed(id), store.numbers(id)) == (2, 1, {(0, 1), (0, 2)})
    assert store.trace(id, 0, 2) == [event]
    store.again(id)
    assert store.results(id) == [FULL]
    store.go(id, False, Problem.of("y", "Stopped."))
    assert not store.is_wanted(id)
    assert [each.id for each in store.of("gpt")] == [each.id for each in store.all()] == [id]
    store.keep_call("gpt", "d", id, 0.5, "{}")
    store.keep_call("gpt", "d", id, 0.5, "again")
    assert (store.call("gpt", "d"), store.paid(id)) == ("{}", 0.5)
    store.forget_old_calls(0)
    assert store.call("gpt", "d"), "as long as its experiment is there"
    store.delete(id)
    store.forget_old_calls(-1)
    assert store.call("gpt", "d") is None


def test_datasets_and_kept_chats_are_read_back(home: Workspace) -> None:
    id = home.datasets.create("gpt", "Mine", ROWS)
    assert home.datasets.rows(id) == home.datasets.rows(id, 1) == ROWS
    assert home.datasets.get(id).name == "Mine"
    cassette = Cassette(name="Chat", turns=(TapedTurn(message="A\u2028?", answer="B", route=("m",)),))
    kept = home.cassettes.keep("gpt", cassette)
    assert home.cassettes.load(kept) == cassette
    home.cassettes.delete_of("gpt")
    home.datasets.delete_of("gpt")
    assert not home.cassettes.all("gpt")
    assert not home.datasets.all("gpt")
