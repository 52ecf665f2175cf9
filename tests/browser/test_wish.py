"""From a sentence to a GPT that answers."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.test_journey import ask

pytestmark = pytest.mark.browser


def test_a_sentence_becomes_a_gpt(page: Page) -> None:
    wish = "A tutor that helps my pupils with maths homework"
    field = page.get_by_label("Describe the GPT you want")
    field.fill(wish)
    field.press("Enter")
    near = page.locator(".st-key-near-homework-tutor")
    expect(near).to_contain_text("pupils")
    near.get_by_role("button", name="Start with this").click()
    expect(page.get_by_test_id("canvas")).to_be_visible()
    expect(page.get_by_text(wish)).to_be_visible()
    ask(page, "I am 8 years old. What is 7 × 6?")
    expect(page.get_by_test_id("stChatMessage").last).to_contain_text("42")
