"""Where only a model could write the answer, the chat says so and leads to where one is added."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.test_journey import ask, use_template

pytestmark = pytest.mark.browser


def test_an_answer_that_needs_a_model_leads_to_the_models(page: Page) -> None:
    use_template(page, "Translator")
    ask(page, "Into Spanish: see you tomorrow")
    chat = page.get_by_test_id("stChatMessage")
    expect(chat.last).to_contain_text("Here a model would translate this into Spanish")
    expect(chat.last).not_to_contain_text("careful translator")
    page.get_by_role("button", name="Add a model").click()
    expect(page.get_by_role("heading", name="Models", exact=True)).to_be_visible()


def test_the_first_answer_by_rules_leads_to_the_models_as_well(page: Page) -> None:
    """The line below it says nothing that a visitor of the GPT could not do."""
    use_template(page, "Support desk")
    ask(page, "Hello")
    chat = page.get_by_test_id("stChatMessage")
    expect(chat.last).to_contain_text("it follows rules and is not a real AI")
    expect(chat.last).not_to_contain_text("Settings")
    expect(page.get_by_role("button", name="Add a model")).to_have_count(1)


def test_a_holiday_form_holds_the_days_of_the_message(page: Page) -> None:
    use_template(page, "Holiday request")
    ask(page, "May I be away from 2027-05-10 until 2027-05-21, please?")
    expect(page.get_by_role("textbox", name="First day")).to_have_value("2027-05-10")
    expect(page.get_by_role("textbox", name="Last day")).to_have_value("2027-05-21")
