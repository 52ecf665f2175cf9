"""On a phone: the chat first, the canvas behind a tab, a way to every page in words, and nothing cut off."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import App
from tests.browser.test_journey import ask, drawn, use_template

pytestmark = pytest.mark.browser

CROPPED = """() => {
    const inside = element => {
        const box = element.getBoundingClientRect();
        return box.width > 2 && box.height > 2 && getComputedStyle(element).visibility !== "hidden";
    };
    const off = element => {
        const box = element.getBoundingClientRect();
        return box.left < -1 || box.right > window.innerWidth + 1;
    };
    const cut = element => element.scrollWidth > element.clientWidth + 1
        && getComputedStyle(element).overflowX !== "visible";
    const words = [...document.querySelectorAll(".stApp :is(button, a, p, h1, h2, h3, h4, label)")]
        .filter(element => !element.closest("[data-testid=canvas], [data-testid=stSidebar], .rc-overflow, pre"))
        .filter(element => !element.closest("[class*=st-key-icon_]"));  /* words for screen readers */
    const over = [...document.querySelectorAll(".st-key-phone_bar p")].filter(word =>
        word.scrollWidth > word.closest("a").clientWidth + 1 || word.getBoundingClientRect().width < 12);
    const found = words.filter(inside).filter(element => off(element) || cut(element));
    return [...found, ...over].map(element => element.textContent);
}"""
"""The words of which one sees but a part."""


def test_the_chat_is_first_and_the_canvas_behind_a_tab(on_phone: Page) -> None:
    page = on_phone
    use_template(page, "Knowledge helper")
    canvas = page.get_by_test_id("canvas")
    expect(page.get_by_test_id("stChatInputTextArea")).to_be_in_viewport()
    expect(page.locator("[class*=st-key-starter-]").first).to_be_in_viewport()
    expect(canvas).not_to_be_visible()
    ask(page, "How many days of holiday do I have?")
    expect(page.get_by_test_id("stChatMessage").last.get_by_text("28 days").first).to_be_in_viewport()
    page.get_by_role("radio", name="Canvas").click()
    expect(canvas).to_be_in_viewport()
    expect(page.get_by_test_id("stChatInputTextArea")).not_to_be_visible()
    page.locator("[data-node=search]").click(position={"x": 40, "y": 14})
    page.wait_for_timeout(800)  # the page is told what is selected
    expect(canvas).to_be_in_viewport()
    page.get_by_role("radio", name="Block").click()
    expect(page.get_by_role("heading", name="Look it up")).to_be_in_viewport()
    page.get_by_role("radio", name="Chat", exact=True).click()
    page.get_by_role("button", name="Why this answer").click()
    page.get_by_role("button", name="Show on the canvas").click()
    expect(page.get_by_test_id("replay")).to_be_in_viewport()


def test_every_page_is_reached_by_its_name(on_phone: Page) -> None:
    bar = on_phone.locator(".st-key-phone_bar")
    for name, heading in (
        ("Knowledge", "Knowledge"),
        ("Inbox", "Inbox"),
        ("Runs", "Runs"),
        ("Settings", "Settings"),
    ):
        link = bar.get_by_role("link", name=name)
        expect(link).to_be_in_viewport()
        link.click()
        expect(on_phone.get_by_role("heading", level=1, name=heading)).to_be_in_viewport()
        expect(bar.locator("a[aria-current=page], a").filter(has_text=name)).to_be_in_viewport()


@pytest.mark.parametrize("language", ["en", "zh", "fr"])
def test_nothing_is_cut_off(app: App, on_phone: Page, language: str) -> None:
    page, found = on_phone, {}
    page.goto(f"{app.url}/?lang={language}")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    drawn(page)
    page.locator(".st-key-use-knowledge-helper button").click()
    expect(page.get_by_test_id("stChatInputTextArea")).to_be_visible()
    page.locator("[class*=st-key-starter-] button").first.click()
    expect(page.locator("[class*=st-key-answer_row]")).to_be_visible()
    drawn(page)
    found["build"] = page.evaluate(CROPPED)
    for path in ("", "knowledge", "inbox", "runs", "settings"):
        page.goto(f"{app.url}/{path}?lang={language}")
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        drawn(page)
        found[path or "home"] = page.evaluate(CROPPED)
    assert {place: words for place, words in found.items() if words} == {}
