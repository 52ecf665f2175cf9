"""A real process is killed with -9 right before every single thing it writes: what is found is one of the states
that are allowed, and going on leads to the same end as if nothing had happened."""

import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.crash.lives import Lives
from tests.crash.scenarios import SCENARIOS

pytestmark = pytest.mark.slow

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows has neither fork nor SIGKILL")

EVERY = int(os.environ.get("FLOWLOOM_KILL_EVERY", "1"))
"""Of how many writes one is the last; the suite takes each."""


@pytest.fixture(scope="module")
def lives() -> Iterator[Lives]:
    found = Lives()
    yield found
    found.close()


@pytest.mark.parametrize("name", SCENARIOS)
def test_killed_before_every_write(tmp_path: Path, lives: Lives, name: str) -> None:
    def live(do: str, home: Path, **order: Any) -> dict[str, Any]:
        return lives.live(do, home, scenario=name, facts=facts, **order)

    facts: Any = None
    facts = live("prepare", tmp_path / "before")["said"]
    before = live("see", tmp_path / "before")["said"]
    lives.live("copy", tmp_path / "whole", of=str(tmp_path / "before"))
    writes = live("act", tmp_path / "whole")["said"]
    after = live("see", tmp_path / "whole")["said"]
    assert writes > 1
    assert after != before
    steps, killed = [before], 0
    for fatal in range(0, writes, EVERY):
        home = tmp_path / "now"
        lives.live("copy", home, of=str(tmp_path / "before"))
        killed += "killed" in live("act", home, fatal=fatal)
        found = live("go on", home)
        assert "said" in found, (fatal, found)
        seen, ended = found["said"]
        # What had not been kept at all may have to be done by the person once more.
        assert ended == after or (not SCENARIOS[name].again and ended == before), (fatal, ended, after)
        # An approval that was given goes on by itself at the next start, from wherever it was; what is remembered
        # is written beside the run, sooner in one life and later in another.
        if seen != steps[-1] and (name not in ("approval", "remembering") or seen not in steps):
            steps.append(seen)
    # What is prepared in the background may not have its turn before the last of them.
    assert killed >= writes // EVERY * 3 // 4
    # From one whole state to the next, and never back: nothing half, nothing twice.
    assert all(step not in steps[:place] for place, step in enumerate(steps)), steps
    assert len(steps) <= SCENARIOS[name].states, steps
