"""Two tabs on one GPT: each sees the other's edits, and both are kept."""

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.conftest import App
from tests.browser.starting import open_template
from tests.browser.test_no_edit_is_lost import ready, saved, settled

pytestmark = pytest.mark.browser


@pytest.fixture
def page(tab: Page) -> Page:
    return tab


def test_both_see_and_keep_both_edits(app: App, page: Page, context: BrowserContext) -> None:
    open_template(app, page, "Form filler")
    ready(page)
    app.let_in(context)
    other = context.new_page()
    other.goto(page.url)
    ready(other)
    page.get_by_test_id("palette-item-merge").click()
    expect(other.locator("[data-node=merge]")).to_be_visible()
    other.get_by_test_id("palette-item-branch").click()
    expect(page.locator("[data-node=branch]")).to_be_visible()
    for tab in (page, other):
        settled(tab)
    flow = saved(app, page.url.split("gpt=")[1].split("&")[0])
    assert {"merge", "branch"} <= {node["id"] for node in flow["nodes"]}
