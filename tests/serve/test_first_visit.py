"""The browser that is opened for the person: let in once, and nobody after it."""

import socket
import threading
import time

import pytest

from flowloom.serve import first_visit
from flowloom.serve.first_visit import FirstVisit, has_screen, open_browser


def test_a_pass_opens_once() -> None:
    visit = FirstVisit()
    value = visit.value
    assert not any(visit.opens(given) for given in ("", "x", value + "x"))
    assert visit.opens(value)
    assert not any(visit.opens(given) for given in (value, ""))


def test_a_pass_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    visit = FirstVisit()
    now = time.monotonic()
    monkeypatch.setattr(first_visit.time, "monotonic", lambda: now + first_visit.LIFETIME + 1)
    assert not visit.opens(visit.value)


def test_a_pass_is_not_shown() -> None:
    visit = FirstVisit()
    assert visit.value not in repr(visit)


def test_the_browser_is_opened_once_the_app_answers() -> None:
    opened: list[str] = []
    with socket.socket() as server:
        server.bind(("localhost", 0))
        port = server.getsockname()[1]
        thread = open_browser("http://localhost/?key=x", port, opened.append)
        thread.join(0.3)
        assert (opened, thread.is_alive()) == ([], True)
        server.listen()
        thread.join(10)
    assert opened == ["http://localhost/?key=x"]


def test_an_app_that_never_answers_opens_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(first_visit, "PATIENCE", 0.2)
    opened: list[str] = []
    with socket.socket() as closed:
        closed.bind(("localhost", 0))
        open_browser("http://localhost/?key=x", closed.getsockname()[1], opened.append).join(10)
    assert opened == []
    assert not [each for each in threading.enumerate() if each.name == "first visit"]


@pytest.mark.parametrize(
    ("platform", "variables", "shown"),
    [
        ("win32", {}, True),
        ("darwin", {}, True),
        ("linux", {}, False),
        ("linux", {"DISPLAY": ":0"}, True),
        ("linux", {"WAYLAND_DISPLAY": "wayland-0"}, True),
    ],
)
def test_no_browser_of_the_terminal_is_opened(
    platform: str, variables: dict[str, str], shown: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(first_visit.sys, "platform", platform)
    assert has_screen() is shown
