"""One sees the chat first: what opens, how quiet an answer is, and the chat alone."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.conftest import App
from tests.browser.test_journey import ask, open_block, use_template

pytestmark = pytest.mark.browser


def from_template(page: Page) -> None:
    use_template(page, "Translator")


def from_sentence(page: Page) -> None:
    page.get_by_label("Describe the GPT you want").fill("a helper that translates letters")
    page.keyboard.press("Enter")
    page.locator("[class*=st-key-begin-] button").first.click()


def empty(page: Page) -> None:
    page.get_by_role("button", name="New GPT").click()


def imported(page: Page) -> None:
    page.get_by_role("button", name="Import").click()
    file = {"name": "a.json", "mimeType": "application/json", "buffer": b'{"flowloom": 1, "name": "Mine"}'}
    page.locator(".zone input[type=file]").set_input_files(file)  # type: ignore[arg-type]
    page.get_by_role("button", name="Import this file").click()


@pytest.mark.parametrize("begin", [from_template, from_sentence, empty, imported])
def test_a_new_gpt_opens_on_its_chat(page: Page, begin: Callable[[Page], None]) -> None:
    use_template(page, "Knowledge helper")
    open_block(page, "search")
    expect(page.get_by_role("radio", name="Block")).to_be_checked()
    page.get_by_role("link", name="My GPTs").click()
    begin(page)
    expect(page.get_by_test_id("stChatInputTextArea")).to_be_visible()
    expect(page.get_by_role("radio", name="Chat", exact=True)).to_be_checked()
    expect(page.locator(".react-flow__node.selected")).to_have_count(0)
    if begin in (from_template, from_sentence):
        expect(page.locator("[class*=st-key-starter-]").first).to_be_visible()


@pytest.fixture
def answer(page: Page) -> Locator:
    use_template(page, "Knowledge helper")
    ask(page, "How many days of holiday do I have?")
    found = page.get_by_test_id("stChatMessage").last
    expect(found).to_contain_text("28 days")
    expect(page.get_by_role("button", name="Try again")).to_be_visible()
    return found


def shown(button: Locator) -> float:
    """How much of it one sees, from 0 to 1, through all that is around it."""
    see = """element => {
        let seen = 1;
        for (let at = element; at; at = at.parentElement) seen *= Number(getComputedStyle(at).opacity);
        return seen;
    }"""
    return float(button.evaluate(see))


def test_an_answer_has_one_quiet_row(page: Page, answer: Locator) -> None:
    row = answer.locator("[class*=st-key-answer_row]")
    again = row.get_by_role("button", name="Try again")
    page.mouse.move(5, 5)
    assert shown(again) == 0, "it shows to whoever only reads"
    assert shown(row.get_by_role("button", name="1 source")) == 1
    answer.hover()
    assert shown(again) > 0.5
    page.mouse.move(5, 5)
    again.focus()
    assert shown(again) > 0.5
    assert row.evaluate("row => row.getBoundingClientRect().height") < 45, "more than one row"


def test_one_exchange_leaves_room_for_the_next(page: Page, answer: Locator) -> None:
    measure = """box => {
        const said = [...box.querySelectorAll("[data-testid=stChatMessage]")].map(e => e.getBoundingClientRect());
        return (said.at(-1).bottom - said[0].top) / box.getBoundingClientRect().height;
    }"""
    expect(answer.locator("[class*=st-key-answer_row]")).to_be_visible()
    page.wait_for_timeout(500)  # what streamed in goes
    assert page.locator(".st-key-chat_box").first.evaluate(measure) < 0.75


def test_what_is_opened_below_an_answer_is_read_from_its_beginning(page: Page, answer: Locator) -> None:
    answer.get_by_role("button", name="Why this answer").click()
    expect(page.get_by_role("button", name="Show on the canvas")).to_be_attached()
    page.wait_for_timeout(600)  # in which it would run away to its end
    expect(answer.locator("[class*=st-key-answer_row]")).to_be_in_viewport()
    expect(page.get_by_role("button", name="Show on the canvas")).not_to_be_in_viewport()


def test_sources_are_those_that_were_cited_and_read_as_text(page: Page, answer: Locator) -> None:
    answer.get_by_role("button", name="1 source").click()
    part = answer.locator("[class*=st-key-opened_part]")
    expect(part).to_contain_text("[1] staff-handbook.md")
    expect(part).to_contain_text("Everyone has 28 days")
    expect(part).to_contain_text("Also read (")
    assert "##" not in part.inner_text()
    part.get_by_role("button", name="Open the document").first.click()
    expect(page.get_by_role("dialog")).to_contain_text("Report a lost device")
    assert "##" not in page.get_by_role("dialog").inner_text()


def test_the_chat_alone_is_one_click_away(page: Page, answer: Locator) -> None:
    page.get_by_role("button", name="Preview").click()
    expect(page.get_by_test_id("canvas")).to_have_count(0)
    box = page.locator(".st-key-chat_box").first
    expect(box).to_contain_text("28 days")
    assert box.evaluate("box => box.getBoundingClientRect().width") > 700
    assert box.evaluate("box => box.getBoundingClientRect().height") > 560
    ask(page, "May I work from home?")
    expect(page.get_by_test_id("stChatMessage").last).to_contain_text("three days")
    expect(page.get_by_role("button", name="Why this answer")).to_have_count(2)
    page.get_by_role("button", name="Why this answer").last.click()
    page.get_by_role("button", name="Show on the canvas").click()
    expect(page.get_by_test_id("replay")).to_be_visible()
    page.get_by_role("button", name="Preview").click()
    page.get_by_role("button", name="Back to the canvas").click()
    expect(page.get_by_test_id("canvas")).to_be_visible()
    expect(page.locator(".st-key-chat_box")).to_contain_text("three days")


def test_on_touch_the_row_is_always_there(app: App, chromium: Browser) -> None:
    context = chromium.new_context(viewport={"width": 820, "height": 1180}, has_touch=True, is_mobile=True)
    context.set_default_timeout(20_000)
    app.let_in(context)
    page = context.new_page()
    page.goto(app.url)
    use_template(page, "Knowledge helper")
    ask(page, "How many days of holiday do I have?")
    again = page.get_by_role("button", name="Try again")
    expect(again).to_be_visible()
    assert shown(again) > 0.5
    context.close()
