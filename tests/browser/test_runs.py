"""Runs: from an answer to what each block took and gave, and away as a file."""

import json
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import App
from tests.browser.test_journey import ask, use_template

pytestmark = pytest.mark.browser


def test_a_run_is_found_looked_into_and_saved(own_app: App, own_page: Page, chromium: Browser) -> None:
    page = own_page
    page.get_by_role("link", name="Runs").click()
    expect(page.get_by_role("heading", name="No runs yet")).to_be_visible()
    page.get_by_role("button", name="Create a GPT").click()
    use_template(page, "Assistant with tools")
    ask(page, "What is 17 * 23?")
    expect(page.get_by_test_id("stChatMessage").last).to_contain_text("391")
    expect(page.get_by_role("button", name="Try again")).to_be_visible()

    page.get_by_role("link", name="Runs").click()
    line = page.get_by_role("row").filter(has_text="17 * 23")
    expect(line).to_contain_text("Assistant with tools")
    expect(line).to_contain_text("Done")
    line.click()
    tool = page.get_by_role("row").filter(has_text="Calculator")
    expect(tool).to_contain_text("Used as a tool")
    expect(tool).to_contain_text("from second")
    tool.get_by_role("button").press("Enter")
    expect(tool.get_by_role("button", pressed=True)).to_be_focused()
    expect(page.get_by_test_id("stCode").last).to_contain_text("391")
    with page.expect_download() as waiting:
        page.get_by_role("button", name="Download as JSON").click()
    told = json.loads(Path(waiting.value.path()).read_text("utf-8"))
    assert told["run"]["asked"] == "What is 17 * 23?"
    assert any(event.get("call") for event in told["events"])
    address = page.url

    page.get_by_role("button", name="All runs").click()
    page.get_by_role("textbox", name="Search runs").fill("nobody said this")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Nothing found.")).to_be_visible()

    small = chromium.new_page(color_scheme="dark", viewport={"width": 390, "height": 844})
    own_app.let_in(small.context)
    small.goto(f"{address}&lang=fr")
    expect(small.get_by_role("row").filter(has_text="Utilisé comme outil")).to_be_visible()
    assert small.evaluate("() => document.documentElement.scrollWidth <= window.innerWidth")
    small.get_by_role("button", name="Ouvrir dans Construire").click()
    expect(small.get_by_test_id("stChatInputTextArea")).to_be_visible()
    small.close()
