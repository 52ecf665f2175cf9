"""A flow made by choosing instead of dragging, with the outline alone and the keyboard."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.test_journey import ask, drawn, open_block, use_template

pytestmark = pytest.mark.browser


def choose(page: Page, label: str, option: str) -> None:
    """Type into a select box and take what it finds, as one does with the keyboard."""
    box = page.get_by_role("combobox", name=label)
    expect(box).to_be_visible()
    drawn(page)
    box.fill(option)
    expect(page.get_by_role("option").first).to_contain_text(option)
    page.keyboard.press("Enter")


def press(page: Page, name: str) -> None:
    button = page.get_by_role("button", name=name, exact=True)
    expect(button).to_be_enabled()
    drawn(page)
    button.focus()
    page.keyboard.press("Enter")


def show(page: Page, panel: str) -> None:
    page.get_by_role("radio", name=panel, exact=True).click()


def test_three_blocks_and_a_chat(page: Page) -> None:
    page.get_by_role("button", name="New GPT").first.click()
    expect(page.get_by_test_id("canvas")).to_be_visible()
    show(page, "Outline")
    items = page.locator(".outline li")
    for number, kind in enumerate(("Chat message", "Model", "Answer"), 1):
        choose(page, "Block type", kind)
        press(page, "Add")
        expect(items).to_have_count(number)
    expect(items.nth(1)).to_contain_text("Gets Prompt from Chat message (1). Sends Answer to Answer (3).")
    expect(page.locator("[data-node]")).to_have_count(3)
    show(page, "Chat")
    ask(page, "The bridge over the river is closed today.")
    expect(page.get_by_test_id("stChatMessage").last).to_contain_text("bridge")


def test_the_outline_follows_the_canvas(page: Page) -> None:
    use_template(page, "Knowledge helper")
    show(page, "Outline")
    open_block(page, "prompt")
    expect(page.locator(".outline li[aria-current] > p").first).to_contain_text("Gets")
    expect(page.get_by_label("Block name")).to_be_visible()
    expect(page.locator(".outline li")).to_have_count(5)
    page.get_by_test_id("palette-item-text").click()
    expect(page.locator(".outline li")).to_have_count(6)
    # The block that is new is selected a moment later, which draws the panel once more.
    name = page.get_by_label("Block name")
    expect(name.and_(page.get_by_placeholder("Text", exact=True))).to_be_visible()
    expect(name).to_have_count(1)
    press(page, "Block settings")
    expect(page.get_by_text("Timeout and errors")).to_be_visible()
