"""The program dies and comes back: what was edited or said meanwhile is not lost."""

import json

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import App
from tests.browser.test_journey import ask, use_template

pytestmark = pytest.mark.browser


def kinds_saved(app: App) -> list[str]:
    (path,) = (app.home / "flows").glob("*.json")
    return [node["kind"] for node in json.loads(path.read_text("utf-8"))["nodes"]]


def test_edits_made_while_it_is_away_arrive(own_app: App, own_page: Page) -> None:
    use_template(own_page, "Form filler")
    saved = own_page.get_by_test_id("saved")
    expect(saved).to_have_attribute("data-state", "saved")
    own_app.kill()
    for kind in ("merge", "branch"):
        own_page.get_by_test_id(f"palette-item-{kind}").click()
    expect(own_page.locator("[data-node]")).to_have_count(6)
    expect(saved).to_have_attribute("data-state", "offline")
    own_app.start()
    expect(saved).to_have_attribute("data-state", "saved", timeout=40_000)
    expect(saved).to_have_attribute("data-pending", "0")
    assert sorted(kinds_saved(own_app)) == sorted(
        ["chat.message", "model", "template", "chat.answer", "merge", "branch"]
    )


def test_edits_survive_when_the_page_dies_as_well(own_app: App, own_page: Page) -> None:
    use_template(own_page, "Form filler")
    expect(own_page.get_by_test_id("saved")).to_have_attribute("data-state", "saved")
    address = own_page.url
    own_app.kill()
    own_page.get_by_test_id("palette-item-merge").click()
    expect(own_page.locator("[data-node]")).to_have_count(5)
    own_page.goto("about:blank")
    own_app.start()
    own_page.goto(address)
    expect(own_page.locator("[data-node]")).to_have_count(5)
    expect(own_page.get_by_test_id("saved")).to_have_attribute("data-pending", "0")
    assert "merge" in kinds_saved(own_app)


def test_what_was_said_is_still_there(own_app: App, own_page: Page) -> None:
    use_template(own_page, "Knowledge helper")
    ask(own_page, "How many days of holiday do I have?")
    chat = own_page.get_by_test_id("stChatMessage")
    expect(chat.last).to_contain_text("28 days")
    own_app.kill()
    own_app.start()
    own_page.reload()
    expect(chat.first).to_contain_text("How many days of holiday")
    expect(chat.last).to_contain_text("28 days")
    ask(own_page, "May I work from home?")
    expect(chat.last).to_contain_text("three days")
