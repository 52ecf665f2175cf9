"""Real workers on a real PostgreSQL: some are killed, the server restarts, and every run ends once."""

import pytest
from benchmarks.workers import trial

from tests.postgres import programs

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(programs() is None, reason="PostgreSQL is not installed"),
]


@pytest.fixture(autouse=True)
def _own_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FLOWLOOM_HOME", "set by the trial")
    monkeypatch.setenv("FLOWLOOM_DATABASE", "set by the trial")


def test_killed_workers_lose_nothing_and_do_nothing_twice() -> None:
    told = trial(40, 3, 0.5, 2, restart=False, together=True)
    assert (told.runs, told.finished, told.counted, told.twice) == (40, 40, 40, 0)
    assert told.kills >= 1, "a second one only where the rest was not done before it began to work"


def test_a_postgres_that_restarts_under_load_loses_nothing() -> None:
    told = trial(30, 2, 1.0, 0, restart=True, together=True)
    assert (told.runs, told.finished, told.counted, told.twice, told.restarted) == (30, 30, 30, 0, True)
