"""A workspace of its own for every test of the pages."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from flowloom import workspace as module
from flowloom.ui.component_scan import skip_component_scan
from flowloom.workspace import Workspace


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Workspace]:
    monkeypatch.setenv("FLOWLOOM_HOME", str(tmp_path))
    module.workspace.cache_clear()
    opened = module.workspace()
    yield opened
    opened.close()
    module.workspace.cache_clear()


# As the app itself: otherwise each `AppTest` would look through every package that is installed.
skip_component_scan()
