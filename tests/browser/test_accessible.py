"""Every page as axe-core sees it, light and dark: nothing serious stands in the way of a screen reader."""

from typing import Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.conftest import App, remembering_nothing
from tests.browser.test_journey import ask, drawn, open_block
from tests.browser.test_no_edit_is_lost import ready
from tests.browser.test_pages import tab

pytestmark = pytest.mark.browser

GRAVE = {"serious", "critical"}
RULES = {"light": {}, "dark": {"runOnly": ["color-contrast", "link-in-text-block"]}}
"""What is there in the light is there in the dark; only the colours are others."""


class Visit:
    """A walk through the pages that notes what axe-core says of each."""

    def __init__(self, page: Page, rules: dict[str, list[str]]) -> None:
        self.page, self.rules = page, rules
        self.found: list[str] = []

    def look(self, place: str) -> None:
        drawn(self.page)
        # A colour that is fading in is one nobody chose.
        self.page.wait_for_function("document.getAnimations().every((each) => each.playState !== 'running')")
        for rule in Axe().run(self.page, options=self.rules).response["violations"]:
            for node in rule["nodes"]:
                if node["impact"] in GRAVE:
                    said = f"{node['html']} {node['failureSummary']}"
                    self.found.append(f"{place}: {rule['id']} at {node['target']}: {said}")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_serious_is_found(own_app: App, visitor: BrowserContext, scheme: Literal["light", "dark"]) -> None:
    page = remembering_nothing(visitor, own_app)
    page.emulate_media(color_scheme=scheme)
    page.goto(own_app.url)
    visit = Visit(page, RULES[scheme])
    expect(page.get_by_text("Create your first GPT")).to_be_visible()
    visit.look("My GPTs, empty")

    page.get_by_role("button", name="Show me around").click()
    ready(page)
    visit.look("Tour, first step")
    page.locator(".st-key-tour").get_by_role("button", name="Next").click()
    expect(page.locator(".st-key-tour")).to_contain_text("2/3")
    visit.look("Tour, second step, and an empty chat")
    ask(page, "How many days of holiday do I have?")
    expect(page.get_by_test_id("stChatMessage").last).to_contain_text("28 days")
    expect(page.get_by_role("button", name="Try again")).to_be_visible()
    visit.look("Chat, answered")
    page.get_by_role("button", name="Why this answer").click()
    expect(page.get_by_text("Look inside").first).to_be_visible()
    page.get_by_test_id("stChatMessage").last.get_by_role("radiogroup").locator("label").first.click()
    expect(page.get_by_text("wrote this wording")).to_be_visible()
    visit.look("Chat, why")
    page.get_by_role("button", name="1 source").click()
    expect(page.get_by_role("button", name="Open the document").first).to_be_visible()
    visit.look("Chat, sources")
    tab(page, "Outline")
    expect(page.get_by_test_id("stMain")).to_contain_text("in the order they run")
    visit.look("Outline")
    tab(page, "Configure")
    expect(page.get_by_role("textbox", name="Description")).to_be_visible()
    visit.look("Configure")
    open_block(page, "prompt")
    expect(page.get_by_role("textbox", name="Block name")).to_be_visible()
    visit.look("Block")
    page.get_by_test_id("tool-shortcuts").click()
    visit.look("Shortcuts")
    page.keyboard.press("Escape")
    page.get_by_test_id("tool-find").click()
    page.keyboard.type("search")
    visit.look("Search on the canvas")
    page.keyboard.press("Escape")
    page.get_by_test_id("tool-replay").click()
    page.locator("[data-node=search]").click(button="right", position={"x": 60, "y": 16})
    expect(page.get_by_test_id("menu")).to_be_visible()
    expect(page.get_by_test_id("replay")).to_be_visible()
    visit.look("Replay and menu")
    page.keyboard.press("Escape")
    page.get_by_test_id("replay").get_by_role("button", name="Close").click()
    open_block(page, "search")
    expect(page.get_by_text("staff-handbook.md")).to_be_visible()
    visit.look("Block with documents")
    page.get_by_role("button", name="History").click()
    page.get_by_label("Save version as").fill("Before the fair")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_role("button", name="Restore")).to_be_visible()
    visit.look("History")
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Export").click()
    expect(page.get_by_role("button", name="Flow file")).to_be_visible()
    visit.look("Export")
    page.keyboard.press("Escape")
    page.set_viewport_size({"width": 390, "height": 844})
    visit.look("Build on a telephone")
    page.set_viewport_size({"width": 1440, "height": 900})

    page.get_by_role("link", name="My GPTs").click()
    expect(page.get_by_role("button", name="Open", exact=True)).to_be_visible()
    expect(page.get_by_test_id("canvas")).to_have_count(0)  # what was there before goes last
    visit.look("My GPTs")
    page.get_by_role("link", name="Knowledge").click()
    expect(page.get_by_role("heading", level=1, name="Knowledge")).to_be_visible()
    expect(page.get_by_role("button", name="New GPT")).to_have_count(0)
    visit.look("Knowledge, empty")
    page.get_by_role("link", name="Runs").click()
    expect(page.get_by_role("row").filter(has_text="How many days")).to_be_visible()
    expect(page.get_by_role("button", name="New GPT")).to_have_count(0)
    visit.look("Runs")
    page.get_by_role("row").filter(has_text="How many days").click()
    expect(page.get_by_role("table", name="Timeline")).to_be_visible()
    visit.look("A run")
    page.get_by_role("link", name="Settings").click()
    expect(page.get_by_role("heading", level=1, name="Settings")).to_be_visible()
    expect(page.get_by_role("table", name="Timeline")).to_have_count(0)
    for part in ("Models", "Tools", "Privacy", "Store", "General"):
        page.get_by_role("radio", name=part).click()
        expect(page.get_by_role("radio", name=part)).to_be_checked()
        visit.look(f"Settings, {part}")
    page.close()
    assert not visit.found, "\n".join(visit.found)
