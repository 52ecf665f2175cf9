"""Documents: added in one step, and missed where a GPT came without them."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.test_journey import BEES, ask, open_block, use_template

pytestmark = pytest.mark.browser

OWN = [
    {"name": "bees.md", "mimeType": "text/markdown", "buffer": BEES},
    {"name": "fair.md", "mimeType": "text/markdown", "buffer": b"# Fair\n\nThe school fair begins at three.\n"},
]


def drop(page: Page) -> None:
    page.get_by_test_id("stFileUploader").locator("input[type=file]").set_input_files(OWN)  # type: ignore[arg-type]


def test_who_exports_and_who_imports_learns_of_the_documents(page: Page) -> None:
    use_template(page, "Knowledge helper")
    expect(page.get_by_text("Ready to chat")).to_be_visible()
    page.get_by_role("button", name="Export").click()
    said = page.get_by_test_id("stPopoverBody")
    expect(said).to_contain_text("Not in the file: 2 documents (first-week.md, staff-handbook.md)")
    with page.expect_download() as waiting:
        said.get_by_role("button", name="Flow file").click()
    file = {"name": "a.json", "mimeType": "application/json", "buffer": Path(waiting.value.path()).read_bytes()}
    page.keyboard.press("Escape")

    page.get_by_role("link", name="My GPTs").click()
    page.get_by_role("button", name="Import").click()
    page.get_by_test_id("stFileUploader").locator("input[type=file]").set_input_files(file)  # type: ignore[arg-type]
    page.get_by_role("button", name="Import this file").click()
    expect(page.get_by_text("The documents of this GPT are not in its file.")).to_be_visible()
    expect(page.get_by_role("button", name="1 problem")).to_be_visible()
    expect(page.get_by_text("Ready to chat")).to_have_count(0)
    lacks = page.locator("[data-node=search]").get_by_label("“Look it up” has no documents to search.")
    expect(lacks).to_be_visible()

    drop(page)
    expect(page.get_by_text("2 documents added, 2 passages")).to_be_visible()
    expect(page.get_by_text("Ready to chat")).to_be_visible()
    expect(lacks).to_have_count(0)
    expect(page.get_by_text("are not in its file")).to_have_count(0)
    ask(page, "When is the honey harvest?")
    expect(page.get_by_test_id("stChatMessage").last).to_contain_text("second Sunday of July")
    expect(page.get_by_role("button", name="1 source")).to_be_visible()


def test_the_panel_of_a_search_begins_with_its_documents(page: Page) -> None:
    use_template(page, "Knowledge helper")
    open_block(page, "search")
    expect(page.get_by_label("Block name")).to_be_visible()
    zone = page.get_by_test_id("stFileUploader")
    expect(zone).to_be_in_viewport()
    for expert in ("Tags", "Only these documents"):
        expect(page.get_by_label(expert, exact=True).first).not_to_be_visible()
    drop(page)
    expect(page.get_by_text("2 documents added, 2 passages")).to_be_in_viewport()
    page.get_by_text("Search options").click()
    expect(page.get_by_label("Tags", exact=True).first).to_be_visible()
