"""The main pages look as they did: small pictures of them, compared loosely, as fonts differ by machine.

Where a page is meant to look different: `python -m tests.browser.test_looks` takes the pictures anew.
"""

import sys
import tempfile
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Literal

import pytest
from PIL import Image, ImageChops
from playwright.sync_api import BrowserContext, Page, expect, sync_playwright

from tests.browser.conftest import ARGUMENTS, App, find_chromium, remembering_nothing
from tests.browser.test_canvas_by_hand import show_all
from tests.browser.test_journey import drawn, use_template
from tests.browser.test_no_edit_is_lost import ready

pytestmark = pytest.mark.browser

LOOKS = Path(__file__).parent / "looks"
SIZES = {"wide": (1440, 900), "phone": (390, 844)}
SMALLER = 8
FAR, SHARE = 40, 0.04
"""How many of its places may be off by how much, of 255."""

Scheme = Literal["light", "dark"]


def pages(page: Page, app: App, scheme: Scheme, size: str) -> Iterator[tuple[str, Page]]:
    """The main pages one after another, each with the name of its picture."""
    width, height = SIZES[size]
    page.set_viewport_size({"width": width, "height": height})
    page.emulate_media(color_scheme=scheme)
    page.goto(app.url)
    expect(page.get_by_role("heading", name="Templates")).to_be_visible()
    yield "home", page
    use_template(page, "Support desk")
    if size == "phone":
        expect(page.get_by_test_id("stChatInputTextArea")).to_be_visible()
        expect(page.get_by_text("I want my money back for order 1042")).to_be_visible()
        yield "chat", page
        page.get_by_role("radio", name="Canvas").click()
    ready(page)
    expect(page.get_by_test_id("stChatInputTextArea")).to_be_attached()
    show_all(page)
    yield "build", page
    page.goto(f"{app.url}/settings")
    expect(page.get_by_role("heading", level=1, name="Settings")).to_be_visible()
    yield "settings", page


def picture(page: Page) -> Image.Image:
    drawn(page)
    # A GPT that was chosen far below opens scrolled as far as there is room.
    page.get_by_test_id("stMain").evaluate("(main) => main.scrollTo(0, 0)")
    page.wait_for_timeout(300)  # what fades in
    whole = Image.open(BytesIO(page.screenshot(animations="disabled"))).convert("L")
    return whole.reduce(SMALLER)


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_looks(visitor: BrowserContext, own_app: App, scheme: Scheme, size: str, tmp_path: Path) -> None:
    wrong = []
    shown = remembering_nothing(visitor, own_app)
    for name, page in pages(shown, own_app, scheme, size):
        before = Image.open(LOOKS / f"{name}-{scheme}-{size}.png")
        now = picture(page)
        # A busy machine draws late.
        for _ in range(20):
            if difference(now, before) <= SHARE:
                break
            now = picture(page)
        if (share := difference(now, before)) > SHARE:
            page.screenshot(path=tmp_path / f"{name}.png")
            wrong.append(f"{name}: {share:.1%} looks different, see {tmp_path / name}.png")
    shown.close()
    assert not wrong


def difference(now: Image.Image, before: Image.Image) -> float:
    """The share of places that are far from what they were."""
    assert now.size == before.size
    counts = ImageChops.difference(now, before).histogram()
    return sum(counts[FAR:]) / sum(counts)


def take_anew() -> None:
    LOOKS.mkdir(exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=ARGUMENTS)
        for scheme in ("light", "dark"):
            for size in SIZES:
                app = App(Path(tempfile.mkdtemp()) / "home")
                shown = browser.new_page()
                shown.set_default_timeout(20_000)
                app.let_in(shown.context)
                for name, page in pages(shown, app, scheme, size):  # type: ignore[arg-type]
                    picture(page).save(LOOKS / f"{name}-{scheme}-{size}.png", optimize=True)
                shown.close()
                app.stop()
        browser.close()


if __name__ == "__main__":
    sys.exit(take_anew())
