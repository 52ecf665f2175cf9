"""The history: a version named, changed, and brought back by a click."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import App
from tests.browser.starting import open_template

pytestmark = pytest.mark.browser


@pytest.fixture
def page(tab: Page) -> Page:
    return tab


def test_a_named_version_comes_back(app: App, page: Page) -> None:
    open_template(app, page, "Form filler")
    blocks = page.locator("[data-node]")
    expect(blocks).to_have_count(4)
    page.get_by_role("button", name="History").click()
    page.get_by_label("Save version as").fill("Before the fair")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("Before the fair", exact=True)).to_be_visible()
    page.keyboard.press("Escape")

    page.get_by_test_id("palette-item-text").click()
    expect(blocks).to_have_count(5)
    expect(page.get_by_test_id("saved")).to_have_attribute("data-pending", "0")
    page.get_by_role("button", name="History").click()
    page.get_by_role("button", name="Back to “Before the fair”").click()
    expect(blocks).to_have_count(4)
    page.keyboard.press("Escape")
    page.get_by_test_id("tool-undo").click()
    expect(blocks).to_have_count(5)
