"""Two blocks become one by the menu and two again, and the GPT answers all the while."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import App
from tests.browser.starting import open_template
from tests.browser.test_canvas_by_hand import flow_of, select, show_all
from tests.browser.test_journey import ask
from tests.browser.test_no_edit_is_lost import ready

pytestmark = pytest.mark.browser


@pytest.fixture
def page(tab: Page) -> Page:
    return tab


def choose(page: Page, node: str, wanted: str) -> None:
    page.locator(f"[data-node={node}]").click(button="right", position={"x": 60, "y": 16})
    page.get_by_role("menuitem", name=wanted).click()


def helper(app: App, page: Page) -> None:
    open_template(app, page, "Knowledge helper")
    ready(page)
    show_all(page)


def answers(page: Page) -> None:
    # With nothing selected the chat stands beside the canvas.
    page.get_by_test_id("canvas").press("Escape")
    ask(page, "How many days of holiday do I have?")
    expect(page.get_by_role("button", name="Try again")).to_be_visible()
    expect(page.get_by_test_id("stChatMessage").last).to_contain_text("28 days")


def test_two_blocks_become_one_and_two_again(app: App, page: Page) -> None:
    helper(app, page)
    before = flow_of(app, page)
    select(page, "search", "prompt")
    choose(page, "prompt", "Make this one block")
    block = page.locator("[data-node=block]")
    expect(block).to_have_class("fl-block fl-selected")
    expect(page.locator("[data-node=search]")).to_have_count(0)
    answers(page)
    expect(block).to_have_attribute("data-status", "done")

    page.get_by_test_id("tool-undo").click()
    expect(page.locator("[data-node=search]")).to_be_visible()
    assert flow_of(app, page) == before
    page.get_by_test_id("tool-redo").click()
    choose(page, "block", "Unpack")
    expect(block).to_have_count(0)
    expect(page.locator("[data-node].fl-selected")).to_have_count(2)
    after = flow_of(app, page)
    assert {node["id"]: node for node in after["nodes"]} == {node["id"]: node for node in before["nodes"]}
    answers(page)


def test_what_cannot_become_one_says_why_and_stays(app: App, page: Page) -> None:
    helper(app, page)
    before = flow_of(app, page)
    select(page, "message")
    page.keyboard.press("Control+Shift+g")
    expect(page.get_by_test_id("toast")).to_contain_text("These blocks can’t be turned into one block")
    expect(page.locator("[data-node=message]")).to_be_visible()
    assert flow_of(app, page) == before
    page.locator("[data-node=message]").click(button="right", position={"x": 60, "y": 16})
    expect(page.get_by_role("menuitem", name="Unpack")).to_have_count(0)
