"""A person is asked: in the chat, in the inbox, and after a restart."""

import json

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import App
from tests.browser.test_journey import ask

pytestmark = pytest.mark.browser

FLOW = {
    "flowloom": 1,
    "id": "careful",
    "name": "Careful",
    "nodes": [
        {"id": "m", "kind": "chat.message"},
        {"id": "q", "kind": "people.approve", "name": "Check", "config": {"question": "May this be sent?"}},
        {"id": "no", "kind": "prompt", "config": {"template": "Not sent: {{comment}}"}},
        {"id": "z", "kind": "chat.answer"},
        {"id": "n", "kind": "chat.answer"},
    ],
    "edges": [
        {"from": "m.message", "to": "q.value"},
        {"from": "q.approved", "to": "z.text"},
        {"from": "q.comment", "to": "no.comment"},
        {"from": "no.prompt", "to": "n.text"},
    ],
    "layout": {
        "m": {"x": 0, "y": 0},
        "q": {"x": 320, "y": 0},
        "no": {"x": 640, "y": 160},
        "z": {"x": 960, "y": 0},
        "n": {"x": 960, "y": 200},
    },
}


def opened(page: Page, app: App) -> None:
    (app.home / "flows").mkdir(parents=True, exist_ok=True)
    (app.home / "flows" / "careful.json").write_text(json.dumps(FLOW))
    page.goto(f"{app.url}/build?gpt=careful")
    expect(page.get_by_test_id("canvas")).to_be_visible()


def test_a_person_answers_in_the_chat_and_in_the_inbox(own_app: App, own_page: Page) -> None:
    page, chat = own_page, own_page.get_by_test_id("stChatMessage")
    opened(page, own_app)
    ask(page, "First letter")
    expect(chat.last).to_contain_text("May this be sent?")
    expect(page.locator('[data-node="q"]')).to_contain_text("Waiting for approval")
    chat.last.get_by_role("button", name="Approve").click()
    expect(page.get_by_role("button", name="Try again")).to_be_visible()
    expect(chat.last).to_contain_text("First letter")

    ask(page, "Second letter")
    expect(chat.last).to_contain_text("May this be sent?")
    own_app.stop()
    own_app.start()
    page.goto(f"{own_app.url}/inbox")
    expect(page.get_by_role("link", name="Inbox (1)")).to_be_visible()
    card = page.locator("[class*=st-key-question]")
    expect(card).to_contain_text("Second letter")
    card.get_by_role("textbox", name="Comment").fill("too late")
    card.get_by_role("textbox", name="Comment").press("Tab")
    card.get_by_role("button", name="Decline").click()
    expect(page.get_by_text("Nothing is waiting for you")).to_be_visible()
    expect(page.get_by_test_id("stMain")).to_contain_text("too late")
    page.goto(f"{own_app.url}/build?gpt=careful")
    expect(page.get_by_text("Not sent: too late")).to_be_visible()
