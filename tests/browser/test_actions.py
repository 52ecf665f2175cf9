"""A description is pasted, an operation picked in its tree, signed in to, tried, and asked from the chat."""

import json

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.test_canvas_by_hand import drag, handle, middle, show_all
from tests.browser.test_journey import ask
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


def draw_flow(page: Page) -> Locator:
    page.get_by_role("button", name="New GPT").click()
    ready(page)
    canvas = page.get_by_test_id("canvas")
    for kind in ("chat.message", "chat.answer", "action"):
        page.get_by_test_id(f"palette-item-{kind}").click()
        expect(canvas.locator("[data-node]")).to_have_count(
            ["chat.message", "chat.answer", "action"].index(kind) + 1
        )
    return canvas


def pick(page: Page, url: str) -> None:
    page.get_by_role("button", name="Choose an operation").click()
    window = page.get_by_role("dialog")
    window.get_by_role("radio", name="Paste").click()
    window.get_by_label("Text of the description").fill(description(url))
    window.get_by_role("button", name="Read it").click()
    group = window.locator("summary").filter(has_text="Forecasts")
    expect(group).to_contain_text("6")
    expect(window.get_by_role("button", name="Choose")).to_have_count(0)
    group.focus()
    page.keyboard.press("Enter")
    expect(window.get_by_role("button", name="Choose")).to_have_count(6)
    search = window.get_by_role("textbox", name="Find by words")
    search.fill("rain")
    search.press("Enter")
    expect(window.get_by_role("button", name="Choose")).to_have_count(2)
    window.get_by_role("button", name="Choose").last.click()
    expect(window).to_have_count(0)


def connect(page: Page) -> None:
    page.get_by_role("button", name="New connection").click()
    window = page.get_by_role("dialog")
    window.get_by_label("Name", exact=True).fill("Weather")
    window.get_by_label("Key", exact=True).fill(KEY)
    window.get_by_text("This server is on my own computer or network").click()
    window.get_by_role("button", name="Keep connection").click()
    expect(window).to_have_count(0)


def test_from_a_description_to_an_answer(page: Page) -> None:
    with OAuthServer() as service:
        canvas = draw_flow(page)
        pick(page, service.url)
        connect(page)
        page.get_by_text("Try this block").click()
        page.get_by_role("textbox", name="city", exact=True).fill("Rome")
        page.get_by_role("button", name="Try this block").click()
        expect(page.get_by_text("/soon/rain/Rome").first).to_be_visible()

        show_all(page)
        for start, end in (("message.message", "action.city"), ("action.text", "answer.text")):
            drag(page, middle(handle(canvas, start)), middle(handle(canvas, end)))
            expect(canvas.locator(f'[data-edge="{start}>{end}"]')).to_be_attached()
        canvas.press("Escape")
        ask(page, "Oslo")
        page.get_by_role("button", name="Always allow").click()
        # What is asked before sending names the path as well; only the answer has the method.
        expect(page.get_by_test_id("stChatMessage").last).to_contain_text('"path": "/soon/rain/Oslo", "method"')
        assert KEY not in page.get_by_test_id("stMain").inner_text()
        assert {asked.headers["authorization"] for asked in service.asked} == {f"Bearer {KEY}"}
        assert [asked.path for asked in service.asked] == ["/soon/rain/Rome", "/soon/rain/Oslo"]
