"""A workspace of its own for every test of the pages."""

from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from streamlit.components.v2 import manifest_scanner

from flowloom import workspace as module
from flowloom.workspace import Workspace


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Workspace]:
    monkeypatch.setenv("FLOWLOOM_HOME", str(tmp_path))
    module.workspace.cache_clear()
    opened = module.workspace()
    yield opened
    opened.close()
    module.workspace.cache_clear()


@pytest.fixture(autouse=True, scope="session")
def scanned_once() -> Iterator[None]:
    """Each `AppTest` reads about every package that is installed, some 0.2 s; what is installed stays as it is."""
    scan = cache(manifest_scanner.scan_component_manifests)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(manifest_scanner, "scan_component_manifests", scan)
        yield
