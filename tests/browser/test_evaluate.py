"""A person tries a GPT on a table, and sees what came of it, down to one row; a kept chat is replayed."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import App
from tests.browser.starting import open_template
from tests.browser.test_journey import ask

pytestmark = pytest.mark.browser

TABLE = (
    "question,expected answer\n"
    "How many days of holiday do I have?,30\n"
    "Who approves travel?,manager\n"
    "Write to ada@example.org please,mail\n"
    "how many days of  holiday do I have?,30\n"
)


def test_a_gpt_is_tried(own_app: App, own_page: Page, tmp_path: Path) -> None:
    page = own_page
    open_template(own_app, page, "Knowledge helper")
    ask(page, "How many days of holiday do I have?")
    page.get_by_role("button", name="Conversations").click()
    page.get_by_role("button", name="Keep this chat as a test").click()
    expect(page.get_by_text("Kept. You find it under Evaluate.")).to_be_visible()
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Evaluate").click()
    page.get_by_role("button", name="Run tests").click()
    expect(page.get_by_text("As before")).to_be_visible()
    _new_dataset(page, tmp_path)
    page.get_by_role("button", name="All experiments").click()
    page.get_by_role("button", name="New experiment").click()
    page.get_by_role("button", name="Start", exact=True).click()
    expect(page.get_by_text("3 of 3 answers")).to_be_visible()
    _look_into_the_first_row(page)


def _new_dataset(page: Page, folder: Path) -> None:
    page.get_by_role("button", name="New dataset").click()
    file = folder / "questions.csv"
    file.write_text(TABLE)
    page.get_by_test_id("stFileUploader").locator("input[type=file]").set_input_files(file)
    expect(page.get_by_text("repeated rows left out: 1 · personal data masked: 1")).to_be_visible()
    page.get_by_role("button", name="Save dataset").click()
    expect(page.get_by_role("heading", name="questions")).to_be_visible()


def _look_into_the_first_row(page: Page) -> None:
    rows = page.get_by_test_id("stDataFrame").first
    rows.scroll_into_view_if_needed()
    box = rows.bounding_box()
    assert box
    page.mouse.click(box["x"] + 16, box["y"] + 52)
    expect(page.get_by_text("Not in the answer: 30")).to_be_visible()
    expect(page.get_by_text("Write the answer").first).to_be_visible()
    expect(page.get_by_text("Why this answer")).to_be_visible()
