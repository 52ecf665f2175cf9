"""How the lines of an answer run: a list line by line, Arabic and Hebrew from the right, code from the left."""

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.test_journey import ask
from tests.openai_server import OpenAIServer, Say

pytestmark = pytest.mark.browser


@pytest.fixture
def page(tab: Page) -> Page:
    return tab


TEXT = """مرحبا بكم في المكتبة

English text

Ada
Bo
Cy

`flow run --مرحبا`"""


def test_each_paragraph_runs_as_its_first_letter_does(server: OpenAIServer, page: Page, chat: Locator) -> None:
    server.script.append(Say(TEXT))
    ask(page, "Hello")
    expect(chat.last).to_contain_text("Cy")
    expect(page.get_by_role("button", name="Try again")).to_be_visible()
    paragraphs = chat.last.locator(".stMarkdown p")
    where = """(p) => { const range = document.createRange(); range.selectNodeContents(p);
        const text = range.getBoundingClientRect(), box = p.getBoundingClientRect();
        return [Math.round(text.left - box.left), Math.round(box.right - text.right)]; }"""
    arabic = paragraphs.filter(has_text="مرحبا بكم").first.evaluate(where)
    english = paragraphs.filter(has_text="English text").first.evaluate(where)
    assert arabic[0] > 100 > arabic[1]
    assert english[1] > 100 > english[0]
    assert chat.last.locator("code").first.evaluate("(code) => getComputedStyle(code).direction") == "ltr"
    names = paragraphs.filter(has_text="Ada").first
    assert names.locator("br").count() == 2
