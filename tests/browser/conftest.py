"""The whole app as a process of its own, and a real Chromium that visits it."""

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

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


class App:
    """A running Flowloom with its data in `home`."""

    def __init__(self, home: Path) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        self.home, self.url = home, f"http://localhost:{port}"
        self._log = (home.parent / "app.log").open("w")
        self._process = subprocess.Popen(
            [sys.executable, "-m", "flowloom.cli", "open", "--port", str(port)],
            env={**os.environ, "FLOWLOOM_HOME": str(home)},
            stdout=self._log,
            stderr=self._log,
        )
        self._wait()

    def _wait(self) -> None:
        for _ in range(300):
            try:
                with urlopen(self.url):
                    return
            except (URLError, ConnectionError):
                time.sleep(0.1)
        raise AssertionError("the app did not answer within 30 seconds")

    def stop(self) -> None:
        self._process.terminate()
        self._process.wait(timeout=15)
        self._log.close()


@pytest.fixture(scope="session")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    found = App(tmp_path_factory.mktemp("app") / "home")
    yield found
    found.stop()


# Not for the session: while Playwright is open, no other test could run an event loop.
@pytest.fixture(scope="package")
def chromium() -> Iterator[Browser]:
    names = ("chromium", "chromium-browser", "google-chrome")
    path = next(filter(None, map(shutil.which, names)), None)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def page(app: App, chromium: Browser) -> Iterator[Page]:
    context = chromium.new_context(viewport={"width": 1440, "height": 900}, accept_downloads=True)
    context.set_default_timeout(20_000)
    found = context.new_page()
    found.goto(app.url)
    yield found
    context.close()
