"""Experiments and prompts on real workers with PostgreSQL: one is killed, another goes on, none is paid twice."""

import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

from flowloom.services.models.settings import ModelSettings, Provider
from flowloom.store.experiments import Arm
from flowloom.store.opening import VARIABLE
from flowloom.store.prompts import Program, Step, TryPlan
from flowloom.workspace import Workspace, open_workspace
from tests.evaluation.trying import ASKING, started, table
from tests.openai_server import OpenAIServer

pytestmark = pytest.mark.slow
ROWS, AT_ONCE = 60, 2


def until(holds: Callable[[], object], seconds: float = 240) -> None:
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, "it did not come"
        time.sleep(0.05)


class Work(NamedTuple):
    """How far it is, and who does it."""

    done: Callable[[], int]
    is_going: Callable[[], bool]
    is_here: Callable[[], bool]


def an_experiment(home: Workspace) -> Work:
    found = home.experiments
    id = started(home, [Arm("one", home.flows.create(ASKING))], table(ROWS), at_once=AT_ONCE)
    return Work(lambda: found.store.done(id), lambda: found.is_going(id), lambda: found.is_here(id))


def a_prompt(home: Workspace) -> Work:
    found = home.studio
    steps = (Step(name="a", text="?", samples=ROWS - 20), Step(text="{{a}}", samples=20))
    prompt = found.store.create(home.flows.create(ASKING).id, "Mine", Program(steps=steps))
    id = found.ask(prompt, 1, TryPlan(at_once=AT_ONCE))
    return Work(lambda: len(found.store.samples(id)), lambda: found.is_going(id), lambda: found.is_here(id))


BEGUN: dict[str, Callable[[Workspace], Work]] = {"experiment": an_experiment, "prompt": a_prompt}


@pytest.mark.parametrize("what", BEGUN)
def test_another_worker_goes_on(
    postgres_address: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    pytest.importorskip("dbos")
    monkeypatch.setenv(VARIABLE, postgres_address)
    monkeypatch.setenv("FLOWLOOM_HOME", str(tmp_path))
    workers = dict[int, subprocess.Popen[bytes]]()
    with OpenAIServer(delay=0.2) as server:
        home = open_workspace()
        provider = Provider(id="scripted", kind="compatible", base_url=server.url, models=("m",), at_once=64)
        home.models_changed(ModelSettings().with_provider(provider).played_by("scripted/m"))
        try:
            for _ in range(2):
                process = subprocess.Popen([sys.executable, "-m", "flowloom.cli", "worker"])
                workers[process.pid] = process
            until(lambda: len(home.crew.standing().workers) == 2)
            work = BEGUN[what](home)
            assert not work.is_here()
            until(lambda: work.done() >= 10)
            (busy,) = [each.pid for each in home.crew.standing().workers if each.busy]
            workers[busy].kill()
            workers.pop(busy).wait()
            until(lambda: work.done() == ROWS)
            until(lambda: not work.is_going())
            assert not work.is_here()
            assert home.experiments.store.left() == home.studio.store.left() == []
        finally:
            for process in workers.values():
                process.kill()
                process.wait()
            home.close()
        assert len(server.requests) <= ROWS + AT_ONCE, "only what was under way is asked again"
