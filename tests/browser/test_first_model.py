"""From the practice model to a real one: a key under Settings, and the next answer is the model's."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import App
from tests.browser.test_journey import ask, use_template
from tests.openai_server import OpenAIServer, Say

pytestmark = pytest.mark.browser


def test_a_first_model_answers(own_app: App, own_page: Page, server: OpenAIServer) -> None:
    page = own_page
    use_template(page, "Knowledge helper")
    page.get_by_role("button", name="Choose a model").click()
    page.get_by_role("button", name="Add OpenAI").click()
    expect(page.get_by_label("Key", exact=True)).to_be_visible()
    page.get_by_role("button", name="Cancel").click()
    page.get_by_label("Add a provider").click()
    page.get_by_role("option", name="Another OpenAI-compatible server").click()
    page.get_by_label("Server address").fill(server.url)
    page.get_by_label("Key (leave empty if the server doesn’t need one)").fill("sk-first")
    page.get_by_role("button", name="Test and add").click()
    page.get_by_role("button", name="Use it everywhere").click()
    expect(page.get_by_text("m answers in all GPTs now.")).to_be_visible()

    page.get_by_role("link", name="Build").click()
    server.script.append(Say("Twenty-eight days, says the model."))
    ask(page, "How many days of holiday do I have?")
    expect(page.get_by_test_id("stChatMessage").last).to_contain_text("says the model")
    assert server.requests[-1].headers["authorization"] == "Bearer sk-first"
