"""Shared by the tests of services: no test may meet this machine's keyring."""

import pytest


@pytest.fixture(autouse=True)
def _no_keyring(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.null.Keyring")
    monkeypatch.delenv("FLOWLOOM_SECRET_KEY", raising=False)
