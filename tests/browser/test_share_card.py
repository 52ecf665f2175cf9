"""A share card that the browser made, and a capsule, are dropped anywhere on the page, and their GPT is there."""

import base64
import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from flowloom.exchange.share_card import flow_in_png
from flowloom.flow.file import read_flow
from tests.browser.conftest import App
from tests.browser.starting import open_template
from tests.browser.test_journey import drawn

pytestmark = pytest.mark.browser


def exported(app: App, page: Page, button: str) -> bytes:
    """What a button of the export window saves."""
    open_template(app, page, "Translator")
    page.get_by_role("button", name="Export").first.click()
    with page.expect_download() as waiting:
        page.get_by_role("button", name=re.compile(button)).click()
    return Path(waiting.value.path()).read_bytes()


def drop_on_page(page: Page, name: str, data: bytes) -> None:
    page.evaluate(
        """([name, data]) => {
          const dataTransfer = new DataTransfer();
          const bytes = Uint8Array.from(atob(data), (letter) => letter.charCodeAt(0));
          dataTransfer.items.add(new File([bytes], name));
          const at = document.querySelector("h1");
          for (const type of ["dragover", "drop"]) {
            const event = new DragEvent(type, { dataTransfer, bubbles: true, cancelable: true, composed: true });
            // A browser leaves the page for a file that nobody takes.
            if (at.dispatchEvent(event)) throw new Error(`nobody took the ${type}`);
          }
        }""",
        [name, base64.b64encode(data).decode()],
    )


@pytest.mark.parametrize(("button", "name"), [("Share card", "card.png"), ("capsule", "mine.capsule")])
def test_what_is_dropped_on_the_page_comes_in(own_app: App, own_page: Page, button: str, name: str) -> None:
    app, page = own_app, own_page
    data = exported(app, page, button)
    if name.endswith("png"):
        held = flow_in_png(data)
        assert held
        assert read_flow(held).name == "Translator"
    page.goto(app.url)
    expect(page.get_by_role("heading", name="My GPTs")).to_be_visible()
    drawn(page)
    expect(page.locator(".page")).to_be_attached()
    drop_on_page(page, "movie.mp4", b"x")
    expect(page.get_by_role("alert")).to_contain_text("“movie.mp4” is a type of file that can’t be imported.")
    expect(page.get_by_role("dialog")).to_have_count(0)
    drop_on_page(page, name, data)
    window = page.get_by_role("dialog")
    expect(window.get_by_text(re.compile(r"(^|\s)Translator$")).first).to_be_visible()
    window.get_by_role("button", name="Import this file").click()
    expect(page.get_by_test_id("canvas")).to_be_attached()
    expect(page).to_have_url(re.compile(r"/build\?gpt="))
