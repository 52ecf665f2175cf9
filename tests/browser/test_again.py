"""Again from here: a prompt is changed, and only what comes after it runs once more."""

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.test_journey import ask, drawn, open_block
from tests.openai_server import OpenAIServer, Say

pytestmark = pytest.mark.browser


@pytest.fixture
def page(tab: Page) -> Page:
    return tab


def test_a_changed_prompt_answers_again(server: OpenAIServer, page: Page, chat: Locator) -> None:
    server.script.extend([Say("Twenty-eight days."), Say("Four weeks, in short.")])
    ask(page, "How many days of holiday do I have?")
    expect(chat.last).to_contain_text("Twenty-eight days.")
    asked = len(server.requests)

    open_block(page, "prompt")
    prompt = page.locator("textarea").filter(has_text="Answer this question").first
    prompt.fill("In four words: {{message}}")
    page.keyboard.press("Tab")
    page.get_by_text("Last run", exact=True).click()
    expect(page.get_by_role("button", name="Rerun from here")).to_be_visible()
    drawn(page)
    page.get_by_role("button", name="Rerun from here").click()
    expect(chat.last).to_contain_text("Four weeks, in short.")
    expect(chat).to_have_count(2)
    assert len(server.requests) == asked + 1
    assert "In four words: How many days" in str(server.requests[-1].body["messages"])

    page.get_by_role("link", name="Runs").click()
    page.get_by_role("row").filter(has_text="How many days").nth(0).click()
    kept = page.get_by_role("row").filter(has_text="Reused from an earlier run")
    expect(kept).to_have_count(2)
    expect(kept.filter(has_text="Look it up")).to_be_visible()
    page.get_by_role("button", name="Compare both").click()
    expect(page.get_by_text("Twenty-eight days.").first).to_be_visible()
    expect(page.get_by_text("Four weeks, in short.").first).to_be_visible()
    expect(page.get_by_text("Same in all")).to_contain_text("Look it up")

    server.script.append(Say("Once more from there."))
    page.get_by_role("button", name="Open", exact=True).first.click()
    page.get_by_role("button", name="Rerun from here").click()
    expect(page.get_by_test_id("canvas")).to_be_visible()
    expect(chat.last).to_contain_text("Once more from there.")
    assert len(server.requests) == asked + 2


def test_a_block_is_pinned_and_tried(server: OpenAIServer, page: Page, chat: Locator) -> None:
    server.script.append(Say("Twenty-eight days."))
    ask(page, "How many days of holiday do I have?")
    expect(chat.last).to_contain_text("Twenty-eight days.")
    asked = len(server.requests)

    open_block(page, "model")
    page.get_by_text("Last run", exact=True).click()
    page.get_by_role("button", name="Pin this output").click()
    expect(page.get_by_text("Pinned", exact=True)).to_be_visible()
    page.get_by_role("radio", name="Chat", exact=True).click()
    ask(page, "And next year?")
    expect(chat).to_have_count(4)
    expect(chat.last).to_contain_text("Twenty-eight days.")
    assert len(server.requests) == asked

    open_block(page, "prompt")
    page.get_by_text("Try this block", exact=True).click()
    message = page.get_by_label("message", exact=True)
    message.fill("Who waters the plants?")
    message.press("Control+Enter")
    drawn(page)
    page.get_by_role("button", name="Try this block").click()
    expect(page.get_by_test_id("stCode").last).to_contain_text("Who waters the plants?")
