"""The prompt editor by hand: names are offered, and nothing typed is ever lost to the page being drawn anew."""

import json
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from flowloom.ui.prompts.editor import HTML
from tests.browser.conftest import App
from tests.browser.starting import open_template
from tests.browser.test_journey import ask, open_block, use_template
from tests.browser.test_when_the_model_fails import add_server, wait_until
from tests.openai_server import OpenAIServer, Say

pytestmark = pytest.mark.browser


@pytest.fixture
def page(tab: Page) -> Page:
    return tab


FIRST = "Answer this question in a few plain sentences and cite the passages:\n\n{{message}}"


@pytest.fixture
def prompt(app: App, page: Page) -> Locator:
    open_template(app, page, "Knowledge helper")
    open_block(page, "prompt")
    return page.get_by_label("Prompt", exact=True)


def flow_of(app: App) -> dict[str, Any]:
    """The flow that was changed last, as it lies on the disk."""
    newest = max((app.home / "flows").rglob("*.json"), key=lambda path: path.stat().st_mtime)
    found: dict[str, Any] = json.loads(newest.read_text("utf-8"))
    return found


def kept(app: App) -> str:
    return str(next(node["config"]["template"] for node in flow_of(app)["nodes"] if node["kind"] == "prompt"))


def test_a_name_is_chosen_by_keyboard(app: App, page: Page, prompt: Locator) -> None:
    prompt.fill("Answer ")
    prompt.press_sequentially("{{mes")
    names = page.locator(".fl-prompt-names [role=option]")
    expect(names.first).to_contain_text("message")
    page.keyboard.press("Enter")
    expect(prompt).to_have_value("Answer {{message}}")
    expect(names.first).to_be_hidden()
    expect(page.locator(".fl-prompt-chip")).to_have_text("{{message}}")
    wait_until(lambda: kept(app) == "Answer {{message}}")


def test_a_name_is_chosen_by_click_and_escape_closes(page: Page, prompt: Locator) -> None:
    prompt.fill("")
    prompt.press_sequentially("{{")
    names = page.locator(".fl-prompt-names")
    expect(names).to_be_visible()
    page.keyboard.press("Escape")
    expect(names).to_be_hidden()
    expect(prompt).to_have_value("{{")
    prompt.press_sequentially("h")
    names.get_by_text("history").click()
    expect(prompt).to_have_value("{{history}}")
    expect(prompt).to_be_focused()


def test_typing_on_while_the_page_is_drawn_loses_nothing(app: App, page: Page, prompt: Locator) -> None:
    prompt.fill("One {{message}}")
    for word in (" two", " three", " four and then some more, faster than the page is drawn", " five"):
        prompt.press_sequentially(word, delay=40)
        page.wait_for_timeout(680)
    text = "One {{message}} two three four and then some more, faster than the page is drawn five"
    expect(prompt).to_have_value(text)
    expect(prompt).to_be_focused()
    wait_until(lambda: kept(app) == text)
    page.wait_for_timeout(1_500)
    expect(prompt).to_have_value(text)
    page.keyboard.type("!")
    page.keyboard.press("Control+Enter")
    wait_until(lambda: kept(app) == text + "!")


def test_who_types_goes_on_typing_where_the_page_moves_the_field(app: App, page: Page, prompt: Locator) -> None:
    prompt.fill("One {{message}} three")
    for _ in " three":
        page.keyboard.press("ArrowLeft")
    moved = "(area) => { const it = area.closest('.fl-prompt'); it.parentNode.insertBefore(it, it.nextSibling); }"
    prompt.evaluate(moved)
    expect(prompt).not_to_be_focused()
    wait_until(lambda: kept(app) == "One {{message}} three")
    expect(prompt).to_be_focused()
    page.keyboard.type(" two")
    wait_until(lambda: kept(app) == "One {{message}} two three")


def test_who_types_goes_on_where_the_page_makes_the_field_anew(app: App, page: Page, prompt: Locator) -> None:
    prompt.fill("One {{message}} three")
    for _ in " three":
        page.keyboard.press("ArrowLeft")
    anew = """(area, html) => {
        area.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", ctrlKey: true }));
        document.execCommand("insertText", false, " two");
        const made = document.createElement("div");
        made.innerHTML = html;
        area.closest(".fl-prompt").replaceWith(made.firstElementChild);
    }"""
    prompt.evaluate(anew, HTML)
    expect(prompt).to_have_value("One {{message}} two three")
    expect(prompt).to_be_focused()
    page.keyboard.type(" and a half")
    wait_until(lambda: kept(app) == "One {{message}} two and a half three")


def test_keys_of_the_editor_are_not_those_of_the_canvas(page: Page, prompt: Locator) -> None:
    prompt.focus()
    page.keyboard.press("Control+A")
    page.keyboard.press("Delete")
    page.keyboard.type("rc")
    expect(prompt).to_have_value("rc")
    expect(page.locator('[data-node="prompt"]')).to_be_visible()


def test_a_renamed_name_takes_its_line_along(app: App, page: Page, prompt: Locator) -> None:
    prompt.fill("Answer {{question}}")
    prompt.press("Control+Enter")
    expect(page.get_by_text("Renamed “message” to “question” and updated 1 connection.")).to_be_visible()
    wait_until(lambda: any(edge["to"] == "prompt.question" for edge in flow_of(app)["edges"]))
    page.get_by_role("button", name="Undo").click()
    expect(prompt).to_have_value(FIRST)


def test_a_text_too_long_is_said_and_not_taken_away(app: App, page: Page, prompt: Locator) -> None:
    prompt.fill("x" * 100_001)
    prompt.press("Control+Enter")
    expect(page.get_by_text("Use 100,000 characters or fewer.")).to_be_visible()
    assert len(prompt.input_value()) == 100_001
    assert kept(app) == FIRST


def test_preview_shows_the_last_question(page: Page, prompt: Locator) -> None:
    page.get_by_text("Preview with last run").click()
    expect(page.get_by_text("This GPT hasn’t run yet.")).to_be_visible()
    page.get_by_role("radio", name="Chat", exact=True).click()
    ask(page, "How many days of holiday do I have?")
    expect(page.get_by_test_id("stChatMessage").last).to_contain_text("28 days")
    page.get_by_role("radio", name="Block", exact=True).click()
    expect(prompt).to_be_visible()
    page.get_by_text("Preview with last run").click()
    expect(page.locator(".fl-filled mark")).to_have_text("How many days of holiday do I have?")


def test_a_model_improves_the_prompt(own_app: App, own_page: Page) -> None:
    with OpenAIServer() as server:
        add_server(own_app, own_page.context.new_page(), server)
        own_page.reload()
        use_template(own_page, "Knowledge helper")
        open_block(own_page, "prompt")
        better = "Answer {{message}} in two sentences."
        server.script.append(Say(better))
        own_page.get_by_role("button", name="Improve this prompt").click()
        window = own_page.get_by_role("dialog")
        window.get_by_role("button", name="Improve", exact=True).click()
        expect(window).to_contain_text(better)
        window.get_by_role("button", name="Use this").click()
        expect(window).to_be_hidden()
        expect(own_page.get_by_label("Prompt", exact=True)).to_have_value(better)
        wait_until(lambda: kept(own_app) == better)
