"""An experiment on real workers with PostgreSQL: one is killed, another goes on, and nothing is paid twice."""

import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from flowloom.evaluation.experiments import Experiments
from flowloom.services.models.settings import ModelSettings, Provider
from flowloom.store.experiments import Arm
from flowloom.store.opening import VARIABLE
from flowloom.workspace import open_workspace
from tests.evaluation.trying import ASKING, started, table
from tests.openai_server import OpenAIServer

pytestmark = pytest.mark.slow
ROWS, AT_ONCE = 60, 2


def until(holds: Callable[[], object], seconds: float = 240) -> None:
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, "it did not come"
        time.sleep(0.05)


def test_another_worker_goes_on(postgres_address: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
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
            id = started(home, [Arm("one", home.flows.create(ASKING))], table(ROWS), at_once=AT_ONCE)
            assert not home.experiments.is_here(id)
            until(lambda: home.experiments.store.done(id) >= 10)
            (busy,) = [each.pid for each in home.crew.standing().workers if each.busy]
            workers[busy].kill()
            workers.pop(busy).wait()
            _is_finished(home.experiments, id)
        finally:
            for process in workers.values():
                process.kill()
                process.wait()
            home.close()
        assert len(server.requests) <= ROWS + AT_ONCE, "only what was under way is asked again"


def _is_finished(experiments: Experiments, id: str) -> None:
    until(lambda: experiments.store.done(id) == ROWS)
    until(lambda: not experiments.is_going(id))
    assert experiments.store.left() == []
    assert not experiments.is_here(id)
