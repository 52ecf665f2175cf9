"""What is installed beside the app does not make its start longer."""

import importlib.metadata

import pytest
from streamlit.components.v2 import manifest_scanner
from streamlit.components.v2.component_manager import BidiComponentManager

from flowloom.ui import server


def test_no_package_is_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        manifest_scanner, "scan_component_manifests", lambda: pytest.fail("packages are looked through")
    )
    monkeypatch.setattr(importlib.metadata, "distributions", lambda: pytest.fail("packages are looked through"))
    server.app_parts()
    BidiComponentManager().discover_and_register_components(start_file_watching=False)
