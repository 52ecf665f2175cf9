"""Shared by the tests of services: no test may meet this machine's keyring."""

import sys
from pathlib import Path

import pytest

ROOT = str(Path(__file__).parents[2])
if ROOT not in sys.path:  # `from tests.openai_server import …` from anywhere
    sys.path.insert(0, ROOT)


@pytest.fixture(autouse=True)
def _no_keyring(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.null.Keyring")
    monkeypatch.delenv("FLOWLOOM_SECRET_KEY", raising=False)
