"""A workspace of its own for each test that asks for one."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from flowloom.workspace import Workspace, open_workspace


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Workspace]:
    """A fresh installation in a folder of its own."""
    monkeypatch.setenv("FLOWLOOM_HOME", str(tmp_path / "home"))
    found = open_workspace()
    yield found
    found.close()
