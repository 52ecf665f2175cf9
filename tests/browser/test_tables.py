"""A file goes through a GPT row by row, and comes back with the answers."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.guide_pictures import QUESTIONS
from tests.browser.test_journey import drawn, use_template
from tests.browser.test_no_edit_is_lost import ready

pytestmark = pytest.mark.browser


def test_a_table_goes_through_and_comes_back(own_page: Page, tmp_path: Path) -> None:
    page = own_page
    use_template(page, "Knowledge helper")
    ready(page)
    page.get_by_role("link", name="Runs").click()
    drawn(page)
    page.get_by_role("button", name="Run a table").click()
    window = page.get_by_role("dialog")
    window.locator("input[type=file]").set_input_files(
        {"name": "questions.csv", "mimeType": "text/csv", "buffer": QUESTIONS}
    )

    expect(window.get_by_role("textbox", name="What each row asks")).to_have_value("{{question}}")
    expect(window).to_contain_text("May I work from home?")
    window.get_by_role("button", name="Start").click()
    expect(page.get_by_text("4 done")).to_be_visible()
    with page.expect_download() as coming:
        page.get_by_role("button", name="Results as CSV").click()
    coming.value.save_as(tmp_path / "results.csv")
    results = (tmp_path / "results.csv").read_text("utf-8-sig")
    assert "28 days of holiday" in results
    assert results.count("done") == 4
    page.get_by_role("button", name="All runs").click()
    expect(page.get_by_text("Tables (1)")).to_be_visible()
