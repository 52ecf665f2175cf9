"""The whole app as a process of its own, and a real Chromium that visits it."""

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.request import urlopen

import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    Locator,
    Page,
    Playwright,
    ViewportSize,
    expect,
    sync_playwright,
)

from flowloom.services.models.settings import save_settings
from tests.browser.starting import open_template
from tests.browser.warm import Forked
from tests.loopback import settings_of
from tests.openai_server import OpenAIServer
from tests.visiting import cookie_of

expect.set_options(timeout=20_000)

ARGUMENTS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def find_chromium() -> str | None:
    """The system's browser; None leads Playwright to its own."""
    return next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)


DESK: ViewportSize = {"width": 1440, "height": 900}
PHONE = {
    "viewport": {"width": 390, "height": 844},
    "has_touch": True,
    "is_mobile": True,
    "user_agent": "Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 Chrome/140.0 Mobile Safari/537.36",
}

LONG = ("test_no_edit_is_lost.py", "test_accessible.py", "test_pages.py", "test_answers.py")
"""What takes longest begins first: of two that work side by side, none is left to wait for the other."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = [item for item in items if item.path.parent == Path(__file__).parent]
    here.sort(key=lambda item: LONG.index(item.path.name) if item.path.name in LONG else len(LONG))
    items[:] = [item for item in items if item not in set(here)] + here


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
    return port


class App:
    """A running Flowloom with its data in `home`, started as a person does; tests take a `WarmApp`."""

    more: tuple[str, ...] = ()
    """What else `flowloom open` is told."""

    def __init__(self, home: Path, port: int | None = None) -> None:
        self._port = port or free_port()
        self.home, self.url, self.log = home, f"http://localhost:{self._port}", home.parent / "app.log"
        self.start()

    def start(self) -> None:
        """Start, or start again where it was."""
        self._process = self._launch()
        self._wait()

    def _launch(self) -> "subprocess.Popen[bytes] | Forked":
        with self.log.open("a") as log:
            return subprocess.Popen(
                [sys.executable, "-m", "flowloom.cli", "open", "--port", str(self._port), *self.more],
                env={**os.environ, "FLOWLOOM_HOME": str(self.home)},
                stdout=log,
                stderr=log,
            )

    def _wait(self) -> None:
        for _ in range(300):
            try:
                with urlopen(self.url):
                    return
            except HTTPError:  # it answers, though not to us
                return
            except (URLError, ConnectionError):
                time.sleep(0.1)
        raise AssertionError("the app didn’t answer within 30 seconds")

    def let_in(self, context: BrowserContext) -> None:
        """As if its visitor had opened the address that the app printed."""
        context.add_cookies([cookie_of(self.url, self.home)])  # type: ignore[list-item]

    @property
    def pid(self) -> int:
        return self._process.pid

    def stop(self) -> None:
        self._process.terminate()
        self._process.wait(timeout=15)

    def kill(self) -> None:
        """End it as a power cut would."""
        self._process.kill()
        self._process.wait(timeout=15)


class WarmApp(App):
    """One that need not import anything, where the system can copy a process."""

    def _launch(self) -> "subprocess.Popen[bytes] | Forked":
        if not hasattr(os, "fork"):
            return super()._launch()
        return Forked(port=self._port, home=str(self.home), log=str(self.log), more=list(self.more))


# A browser keeps what it has compiled of the scripts by their address, so apps that follow each other share one.
@pytest.fixture(scope="session")
def own_port() -> int:
    return free_port()


@pytest.fixture(scope="session")
def set_up_port() -> int:
    return free_port()


@pytest.fixture
def own_app(tmp_path: Path, own_port: int) -> Iterator[App]:
    """An app for one test, which may set it up and kill it as it likes."""
    found = WarmApp(tmp_path / "home", own_port)
    yield found
    found.stop()


@pytest.fixture(scope="session")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    found = WarmApp(tmp_path_factory.mktemp("app") / "home")
    yield found
    found.stop()


# Not for the session: while Playwright is open, no other test could run an event loop.
@pytest.fixture(scope="package")
def playing() -> Iterator[Playwright]:
    with sync_playwright() as found:
        yield found


@pytest.fixture(scope="package")
def chromium(playing: Playwright) -> Iterator[Browser]:
    found = playing.chromium.launch(executable_path=find_chromium(), args=ARGUMENTS)
    yield found
    found.close()


@pytest.fixture
def context(chromium: Browser) -> Iterator[BrowserContext]:
    found = new_context(chromium)
    yield found
    found.close()


def new_context(chromium: Browser) -> BrowserContext:
    found = chromium.new_context(viewport=DESK, accept_downloads=True)
    found.set_default_timeout(20_000)
    return found


# One visitor for all who share the app: their browser has Streamlit's files and need not fetch them again. It keeps
# them on disk as a person's does, with what it compiled of the scripts, which takes a second of each page.
@pytest.fixture(scope="package")
def visitor(playing: Playwright, tmp_path_factory: pytest.TempPathFactory) -> Iterator[BrowserContext]:
    with _kept_on_disk(playing, tmp_path_factory, viewport=DESK) as found:
        yield found


@pytest.fixture(scope="package")
def visitor_on_phone(playing: Playwright, tmp_path_factory: pytest.TempPathFactory) -> Iterator[BrowserContext]:
    with _kept_on_disk(playing, tmp_path_factory, **PHONE) as found:
        yield found


@contextmanager
def _kept_on_disk(playing: Playwright, folders: pytest.TempPathFactory, **screen: Any) -> Iterator[BrowserContext]:
    folder = folders.mktemp("profile")
    found = playing.chromium.launch_persistent_context(
        folder, executable_path=find_chromium(), args=ARGUMENTS, accept_downloads=True, **screen
    )
    found.set_default_timeout(20_000)
    yield found
    found.close()


LEFT = "local_storage,indexeddb,cache_storage,service_workers"
"""What a page leaves in a browser; the files of the app that it keeps are no memory of a person."""


def remembering_nothing(visitor: BrowserContext, app: App) -> Page:
    """A new page of a visitor who is let in, whose browser has forgotten what the app left there."""
    app.let_in(visitor)
    found = visitor.new_page()
    visitor.new_cdp_session(found).send("Storage.clearDataForOrigin", {"origin": app.url, "storageTypes": LEFT})
    return found


@pytest.fixture
def tab(app: App, visitor: BrowserContext) -> Iterator[Page]:
    """A page that shows nothing yet, of a browser that remembers nothing."""
    # What others made would only make the first page long.
    for flow in (app.home / "flows").glob("*.json"):
        flow.unlink()
    found = remembering_nothing(visitor, app)
    yield found
    found.close()


@pytest.fixture
def page(app: App, tab: Page) -> Page:
    """The first page of the app. Where all tests of a file begin on a GPT, the file lets this be a mere tab."""
    tab.goto(app.url)
    return tab


@pytest.fixture
def on_phone(app: App, visitor_on_phone: BrowserContext) -> Iterator[Page]:
    """A page as a phone shows it."""
    found = remembering_nothing(visitor_on_phone, app)
    found.goto(app.url)
    yield found
    found.close()


@pytest.fixture
def own_page(own_app: App, visitor: BrowserContext) -> Iterator[Page]:
    found = remembering_nothing(visitor, own_app)
    found.goto(own_app.url)
    yield found
    found.close()


@pytest.fixture(scope="module")
def server() -> Iterator[OpenAIServer]:
    with OpenAIServer() as found:
        yield found


@pytest.fixture(scope="module")
def set_up(
    tmp_path_factory: pytest.TempPathFactory, chromium: Browser, server: OpenAIServer, set_up_port: int
) -> Iterator[App]:
    """An app of the module whose models are those of the server."""
    home = tmp_path_factory.mktemp("set_up") / "home"
    home.mkdir(parents=True)
    save_settings(home, settings_of(server))
    found = WarmApp(home, set_up_port)
    yield found
    found.stop()


@pytest.fixture
def chat(set_up: App, server: OpenAIServer, page: Page) -> Locator:
    """The messages of a new chat; the module's `set_up` is an app whose models are those of the server."""
    server.script.clear()
    set_up.let_in(page.context)
    open_template(set_up, page, "Knowledge helper")
    return page.get_by_test_id("stChatMessage")


def expect_choosers(page: Page) -> None:
    """Have the browser told, long before one opens, that choosers of files are answered by the test."""
    page.on("filechooser", lambda chooser: None)
