"""The first page waits for what is being imported for it, and for nothing else."""

from threading import Event, Thread

import pytest
from streamlit.testing.v1 import AppTest

from flowloom import garbage
from flowloom.errors import StoreError
from flowloom.ui import early_imports
from flowloom.ui.server import MAIN
from flowloom.workspace import Workspace


def test_a_page_waits_until_it_is_there(monkeypatch: pytest.MonkeyPatch) -> None:
    go_on, seen = Event(), list[str]()
    monkeypatch.setattr(early_imports, "_open", lambda: (go_on.wait(30), seen.append("opened")))
    thread = early_imports.begin()
    page = Thread(target=lambda: (early_imports.wait(), seen.append("drawn")))
    page.start()
    page.join(0.05)
    assert page.is_alive()
    go_on.set()
    thread.join(30)
    page.join(30)
    assert seen == ["opened", "drawn"]


def test_without_a_server_nothing_is_waited_for() -> None:
    early_imports.wait()


@pytest.mark.parametrize("failure", [StoreError("No."), OSError("gone")])
def test_what_cannot_be_opened_keeps_nobody_waiting(monkeypatch: pytest.MonkeyPatch, failure: Exception) -> None:
    def fail() -> None:
        raise failure

    # What is imported first while this is so would keep it for good.
    monkeypatch.setattr(early_imports, "_import_pages", lambda: None)
    monkeypatch.setattr("flowloom.workspace.workspace", fail)
    early_imports.begin().join(30)
    early_imports.wait()


def test_after_every_page_what_was_imported_for_it_is_set_apart(
    home: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked: list[str] = []
    monkeypatch.setattr(garbage, "look_up", lambda: looked.append("looked"))
    page = AppTest.from_file(str(MAIN), default_timeout=60).run()
    assert not page.exception
    assert looked == ["looked"]
