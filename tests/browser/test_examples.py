"""An answer of the chat becomes an example, is switched on, and the next answer says that a model read it."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import App
from tests.browser.starting import open_template
from tests.browser.test_journey import ask

pytestmark = pytest.mark.browser
WAIT = 60_000
"""Milliseconds until an answer is there: the encoder is loaded for the first."""
QUESTION = "How many days of holiday do I have?"


def test_a_correction_is_read_by_the_model(app: App, page: Page) -> None:
    open_template(app, page, "Knowledge helper")
    ask(page, QUESTION)
    expect(page.get_by_role("button", name="Why this answer")).to_be_attached(timeout=WAIT)
    page.locator('[class*="save_answer"] button').first.click()
    page.get_by_text("Example for the model").click()
    expect(page.get_by_text("Kept under Configure, not in use yet.")).to_be_visible()
    page.get_by_role("button", name="Save answer").last.click()
    page.keyboard.press("Escape")
    page.get_by_text("Configure", exact=True).click()
    page.get_by_text("Examples (1)").click()
    page.get_by_text("In use", exact=True).click()
    page.get_by_text("Chat", exact=True).click()
    ask(page, "How many days of holiday do I get?")
    expect(page.get_by_role("button", name="Why this answer")).to_have_count(2, timeout=WAIT)
    page.get_by_role("button", name="Why this answer").last.click()
    expect(page.get_by_text(f"Examples the model read: {QUESTION}")).to_be_visible()
