"""A description is pasted, an operation picked in its tree, signed in to, tried, and asked from the chat."""

import json

import pytest
from playwright.sync_api import Page, expect

from flowloom.flow.file import write_flow
from flowloom.flow.model import Flow
from tests.browser.conftest import App
from tests.browser.test_journey import ask, drawn, open_block
from tests.browser.test_no_edit_is_lost import ready
from tests.oauth_server import OAuthServer

pytestmark = pytest.mark.browser

KEY = "k3y/of+mine=" + "x7Q" * 6


def description(url: str) -> str:
    city = {"name": "city", "in": "path", "required": True, "schema": {"type": "string"}}

    def get(group: str, does: str) -> dict[str, object]:
        return {"get": {"summary": does, "tags": [group], "parameters": [city]}}

    kinds = ["rain", "wind", "sun", "snow", "fog", "hail"]
    paths = {f"/now/{kind}/{{city}}": get("Now", f"The {kind} right now") for kind in kinds}
    paths |= {f"/soon/{kind}/{{city}}": get("Forecasts", f"The {kind} of tomorrow") for kind in kinds}
    paths["/months/{city}"] = get("History", "Months gone by")
    said = {"openapi": "3.1.0", "info": {"title": "Weather"}, "servers": [{"url": url}], "security": [{"key": []}]}
    schemes = {"key": {"type": "http", "scheme": "bearer"}}
    return json.dumps({**said, "paths": paths, "components": {"securitySchemes": schemes}})


def open_flow(app: App, page: Page) -> None:
    """A GPT whose action is still to be chosen; its lines are drawn already, for other tests draw lines."""
    nodes = {"message": "chat.message", "action": "action", "answer": "chat.answer"}
    edges = {"message.message": "action.city", "action.text": "answer.text"}
    flow = {
        "id": "rain",
        "name": "Rain",
        "nodes": [{"id": id, "kind": kind} for id, kind in nodes.items()],
        "edges": [{"from": start, "to": end} for start, end in edges.items()],
    }
    flows = app.home / "flows"
    flows.mkdir(parents=True, exist_ok=True)
    (flows / "rain.json").write_text(write_flow(Flow.model_validate(flow)), "utf-8")
    page.goto(f"{app.url}/build?gpt=rain")
    ready(page)
    open_block(page, "action")


def pick(page: Page, url: str) -> None:
    page.get_by_role("button", name="Choose an operation").click()
    window = page.get_by_role("dialog")
    window.get_by_role("radio", name="Paste").click()
    expect(window.get_by_label("Text of the description")).to_be_visible()
    drawn(page)
    window.get_by_label("Text of the description").fill(description(url))
    window.get_by_role("button", name="Read").click()
    group = window.locator("summary").filter(has_text="Forecasts")
    expect(group).to_contain_text("6")
    expect(window.get_by_role("button", name="Choose")).to_have_count(0)
    group.focus()
    page.keyboard.press("Enter")
    expect(window.get_by_role("button", name="Choose")).to_have_count(6)
    search = window.get_by_role("textbox", name="Search operations")
    drawn(page)
    search.fill("rain")
    search.press("Enter")
    found = window.get_by_role("button", name="Choose")
    try:
        expect(found).to_have_count(2, timeout=10_000)
    except AssertionError:
        # Beside busy processes what was drawn before stayed two times in ten; drawn once more, it goes.
        search.fill("rain ")
        search.press("Enter")
        expect(found).to_have_count(2)
    window.get_by_role("button", name="Choose").last.click()
    expect(window).to_have_count(0)


def connect(page: Page) -> None:
    drawn(page)
    page.get_by_role("button", name="New account").click()
    window = page.get_by_role("dialog")
    expect(window.get_by_label("Key", exact=True)).to_be_visible()
    drawn(page)
    window.get_by_label("Name", exact=True).fill("Weather")
    window.get_by_label("Key", exact=True).fill(KEY)
    window.get_by_text("This server is on my computer or local network").click()
    window.get_by_role("button", name="Save account").click()
    expect(window).to_have_count(0)


def test_from_a_description_to_an_answer(app: App, page: Page) -> None:
    with OAuthServer() as service:
        open_flow(app, page)
        pick(page, service.url)
        connect(page)
        drawn(page)
        page.get_by_text("Try this block").click()
        expect(page.get_by_role("textbox", name="city", exact=True)).to_be_visible()
        drawn(page)
        page.get_by_role("textbox", name="city", exact=True).fill("Rome")
        page.get_by_role("button", name="Try this block").click()
        expect(page.get_by_text("/soon/rain/Rome").first).to_be_visible()

        page.get_by_role("radio", name="Chat", exact=True).click()
        ask(page, "Oslo")
        page.get_by_role("button", name="Always allow").click()
        # What is asked before sending names the path as well; only the answer has the method.
        expect(page.get_by_test_id("stChatMessage").last).to_contain_text('"path": "/soon/rain/Oslo", "method"')
        assert KEY not in page.get_by_test_id("stMain").inner_text()
        assert {asked.headers["authorization"] for asked in service.asked} == {f"Bearer {KEY}"}
        assert [asked.path for asked in service.asked] == ["/soon/rain/Rome", "/soon/rain/Oslo"]
