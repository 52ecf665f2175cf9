"""Four processes on one data folder, killed at random: no run is lost and none happens twice, nor is any edit."""

import sys
from pathlib import Path

import pytest

from tests.crash.crowd import edit_crowd, run_crowd

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGKILL")


def test_of_runs_none_is_lost_and_none_doubled(tmp_path: Path) -> None:
    found = run_crowd(tmp_path, 40)
    assert (found.lost, found.doubled) == ([], [])
    assert found.kills


def test_of_edits_none_is_lost_and_none_doubled(tmp_path: Path) -> None:
    kills, wrong = edit_crowd(tmp_path, 20, every=0.2)
    assert wrong == []
    assert kills
