"""A newcomer is shown around: the flow, a question, a change."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import App
from tests.browser.test_journey import drawn, open_block
from tests.browser.test_no_edit_is_lost import ready

pytestmark = pytest.mark.browser


def test_a_newcomer_is_shown_around(own_app: App, own_page: Page) -> None:
    page = own_page
    page.get_by_role("button", name="Show me around").click()
    ready(page)
    bar, chat = page.locator(".st-key-tour"), page.get_by_test_id("stChatMessage")
    expect(bar).to_contain_text("1/3")
    bar.get_by_role("button", name="Next").click()
    expect(bar).to_contain_text("2/3")
    bar.get_by_role("button", name="How many days of holiday do I have?").click()
    expect(chat.last).to_contain_text("28 days")
    expect(bar).to_contain_text("3/3")

    bar.get_by_role("button", name="Show “Ask with care”").click()
    prompt = page.locator("textarea").filter(has_text="Answer this question").first
    prompt.fill("In one sentence: {{message}}")
    page.keyboard.press("Tab")
    expect(bar).to_contain_text("You’re ready.")
    bar.get_by_role("button", name="How many days of holiday do I have?").click()
    expect(chat).to_have_count(4)
    expect(page.get_by_role("button", name="Try again")).to_be_visible()

    open_block(page, "search")  # the canvas is the same one still
    expect(page.get_by_text("Add documents")).to_be_visible()
    bar.get_by_role("button", name="Settings").click()
    expect(page.get_by_role("heading", level=1, name="Settings")).to_be_visible()
    page.get_by_role("link", name="My GPTs").click()
    expect(page.get_by_role("heading", level=1, name="My GPTs")).to_be_visible()
    expect(page.get_by_role("button", name="Open", exact=True)).to_be_visible()
    drawn(page)
    expect(page.get_by_role("button", name="Show me around")).to_have_count(0)
    page.get_by_role("link", name="Settings").click()
    page.get_by_role("radio", name="General").click()
    page.get_by_role("button", name="Show me around").click()
    expect(bar).to_contain_text("1/3")
    bar.get_by_role("button", name="Skip").click()
    expect(bar).to_have_count(0)
    expect(page.get_by_test_id("canvas")).to_be_visible()


def test_on_a_phone_the_answer_comes_into_sight(app: App, on_phone: Page) -> None:
    page = on_phone
    page.goto(f"{app.url}/settings?part=general")
    page.get_by_role("button", name="Show me around").click()
    bar = page.locator(".st-key-tour")
    expect(page.get_by_test_id("canvas")).to_be_in_viewport()
    bar.get_by_role("button", name="Next").click()
    bar.get_by_role("button", name="How many days of holiday do I have?").click()
    expect(page.get_by_test_id("stChatMessage").last.get_by_text("28 days").first).to_be_in_viewport()
    bar.get_by_role("button", name="Show “Ask with care”").click()
    expect(page.get_by_label("Prompt", exact=True)).to_be_in_viewport()
