"""A person tries a GPT on a table, and sees what came of it, down to one row."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import App
from tests.browser.starting import open_template
from tests.browser.test_journey import drawn

pytestmark = pytest.mark.browser

TABLE = (
    "question,expected answer\n"
    "How many days of holiday do I have?,30\n"
    "Who approves travel?,manager\n"
    "Write to ada@example.org please,mail\n"
    "how many days of  holiday do I have?,30\n"
)


def test_a_table_is_tried_and_looked_into(own_app: App, own_page: Page, tmp_path: Path) -> None:
    page = own_page
    open_template(own_app, page, "Knowledge helper")
    page.get_by_role("button", name="Evaluate").click()
    expect(page.get_by_role("heading", name="Evaluate")).to_be_visible()
    page.get_by_role("button", name="New dataset").click()
    file = tmp_path / "questions.csv"
    file.write_text(TABLE)
    page.locator("input[type=file]").set_input_files(file)
    expect(page.get_by_text("1 were there twice")).to_be_visible()
    expect(page.get_by_text("1 pieces of personal data masked")).to_be_visible()
    page.get_by_role("button", name="Save dataset").click()
    expect(page.get_by_role("heading", name="questions")).to_be_visible()
    page.get_by_role("button", name="All experiments").click()
    page.get_by_role("button", name="New experiment").click()
    page.get_by_role("button", name="Start", exact=True).click()
    expect(page.get_by_text("answers").first).to_be_visible()
    expect(page.get_by_text("Contains what is expected").first).to_be_visible()
    drawn(page)
