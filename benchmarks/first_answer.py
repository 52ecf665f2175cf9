"""From a fresh start to the first cited answer from a file of one's own: clicks and seconds, as a newcomer goes.

`python -m benchmarks.first_answer [FOLDER ...]` measures this checkout, and others whose folders are named.
"""

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

from playwright.sync_api import Browser, Page, expect, sync_playwright
from tests.browser.conftest import ARGUMENTS, find_chromium
from tests.browser.test_journey import BEES
from tests.visiting import cookie_of

HERE = Path(__file__).resolve().parent.parent
FILE = {"name": "bees.md", "mimeType": "text/markdown", "buffer": BEES}
QUESTION, ANSWER = "When is the honey harvest?", "second Sunday of July"
PORT = 8730


class Taken(NamedTuple):
    """Clicks, and seconds: until the page was there, and from then to the answer."""

    clicks: int
    start: float
    way: float


class Newcomer:
    """Goes the shortest way that the page shows, and counts."""

    def __init__(self, page: Page) -> None:
        self.page, self.clicks = page, 0

    def click(self, locator: object) -> None:
        locator.click()  # type: ignore[attr-defined]
        self.clicks += 1

    def go(self) -> None:
        page = self.page
        card = page.locator("[class*=st-key-template-]").filter(has_text="Knowledge helper")
        self.click(card.get_by_role("button", name="Use this template"))
        expect(page.get_by_test_id("stChatInputTextArea")).to_be_visible()
        zone = page.get_by_test_id("stFileUploader")
        page.wait_for_timeout(1_000)  # to look around
        beside_the_chat = zone.count() > 0
        if not beside_the_chat:
            block = page.locator('[data-node="search"]')
            block.click(position={"x": 60, "y": 16})
            self.clicks += 1
        expect(zone).to_be_attached()
        zone.locator("input[type=file]").set_input_files(FILE)  # type: ignore[arg-type]
        self.clicks += 1  # on its button
        expect(page.get_by_text("1 passage").first).to_be_visible()
        if not beside_the_chat:
            self.click(page.get_by_role("radio", name="Chat", exact=True))
        box = page.get_by_test_id("stChatInputTextArea")
        box.fill(QUESTION)
        box.press("Enter")
        answer = page.get_by_test_id("stChatMessage").last
        expect(answer).to_contain_text(ANSWER)
        expect(answer).to_contain_text("[1]")


def measure(browser: Browser, folder: Path, port: int) -> Taken:
    """One newcomer with an empty data folder."""
    with tempfile.TemporaryDirectory() as home:
        begun = time.perf_counter()
        app = subprocess.Popen(
            [sys.executable, "-m", "flowloom.cli", "open", "--port", str(port)],
            env={**os.environ, "FLOWLOOM_HOME": home, "PYTHONPATH": str(folder / "src")},
            cwd=folder,
            stdout=subprocess.PIPE,
            text=True,
        )
        try:
            assert app.stdout
            next(line for line in app.stdout if "localhost" in line)
            context = browser.new_context(viewport={"width": 1440, "height": 900})
            context.set_default_timeout(30_000)
            url = f"http://localhost:{port}"
            context.add_cookies([cookie_of(url, Path(home))])  # type: ignore[list-item]
            page = context.new_page()
            page.goto(url)
            expect(page.get_by_role("heading", name="Templates")).to_be_visible(timeout=30_000)
            there = time.perf_counter()
            newcomer = Newcomer(page)
            newcomer.go()
            taken = Taken(newcomer.clicks, there - begun, time.perf_counter() - there)
            context.close()
            return taken
        finally:
            app.terminate()
            app.wait(timeout=15)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folders", nargs="*", type=Path, help="other checkouts to measure before this one")
    parser.add_argument("--times", type=int, default=3)
    call = parser.parse_args()
    expect.set_options(timeout=30_000)
    print("| checkout | clicks | start, s | from the page to the answer, s |")
    print("| --- | --- | --- | --- |")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=ARGUMENTS)
        folders = [*map(Path.resolve, call.folders), HERE]
        taken: dict[Path, list[Taken]] = {folder: [] for folder in folders}
        # By turns, so that what else this machine does falls on all alike.
        for _ in range(call.times):
            for number, folder in enumerate(folders):
                taken[folder].append(measure(browser, folder, PORT + number))
        for folder, found in taken.items():
            start, way = (statistics.median(getattr(each, name) for each in found) for name in ("start", "way"))
            print(f"| {folder.name} | {found[0].clicks} | {start:.1f} | {way:.1f} |")
        browser.close()


if __name__ == "__main__":
    main()
