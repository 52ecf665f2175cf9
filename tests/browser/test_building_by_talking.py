"""A GPT is changed by talking: what came is told in words, selected on the canvas, and undone by one click."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.test_journey import drawn, use_template

pytestmark = pytest.mark.browser


def test_a_change_is_told_shown_on_the_canvas_and_undone(page: Page) -> None:
    use_template(page, "Support desk")
    blocks = page.locator("[data-node]")
    expect(blocks).to_have_count(8)
    drawn(page)
    page.get_by_role("radio", name="Configure").click()
    page.get_by_role("radio", name="By talking").click()
    drawn(page)
    box = page.get_by_placeholder("Describe a change")
    box.fill("It should search the web. Add a refund branch.")
    box.press("Enter")
    panel = page.get_by_test_id("stChatMessage").last
    expect(panel).to_contain_text("Added the block “Search the web”")
    expect(panel).to_contain_text("I couldn’t do this: “Add a refund branch”")
    # What came stands out on the canvas, while the talk stays where it is.
    expect(blocks).to_have_count(10)
    selected = page.locator(".react-flow__node.selected")
    expect(selected).to_have_count(3)  # the agent, and the two tools it has now
    expect(selected.filter(has_text="Search the web")).to_be_in_viewport()
    expect(box).to_be_visible()
    panel.get_by_role("button", name="Undo").click()
    expect(blocks.filter(has_text="Search the web")).to_have_count(0)
