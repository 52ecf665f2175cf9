"""Two hundred chance edits at speed, with runs and reloads between: what is saved is what the canvas shows."""

import json
import random
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from flowloom.flow.file import load_flow, write_flow
from tests.browser.conftest import App
from tests.browser.test_journey import ask, use_template

pytestmark = pytest.mark.browser


def saved(app: App, flow_id: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(write_flow(load_flow(app.home / "flows" / f"{flow_id}.json")))
    return found


def shown(page: Page) -> dict[str, Any]:
    found: dict[str, Any] = page.evaluate("() => window.__flowloomCanvas.state()")
    return found


def ready(page: Page) -> None:
    expect(page.get_by_test_id("canvas")).to_be_visible()
    page.wait_for_function("() => window.__flowloomCanvas?.state().revision > 0")


def settled(page: Page) -> None:
    expect(page.get_by_test_id("saved")).to_have_attribute("data-pending", "0")


def edit(page: Page, chance: random.Random, pane: Any) -> None:
    nodes = page.locator("[data-node]")
    choice = chance.random()
    if choice < 0.35 or nodes.count() < 3:
        kind = chance.choice(["text", "prompt", "merge", "calculator", "branch"])
        page.get_by_test_id(f"palette-item-{kind}").click()
    elif choice < 0.6:
        page.keyboard.press(chance.choice(["ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown"]))
    elif choice < 0.7:
        page.keyboard.press("Control+d")
    elif choice < 0.8:
        page.keyboard.press("Delete")
    elif choice < 0.92:
        page.keyboard.press("Control+z")
    else:
        page.keyboard.press("Control+y")


def test_two_hundred_edits(app: App, page: Page) -> None:
    chance = random.Random(11)
    use_template(page, "Form filler")
    flow_id = page.url.split("gpt=")[1].split("&")[0]
    pane = page.get_by_test_id("canvas")
    for step in range(200):
        edit(page, chance, pane)
        if step % 50 == 25:
            # With nothing selected the panel beside the canvas shows the chat again.
            page.get_by_test_id("palette-item-text").press("Escape")
            ask(page, "Ada Lovelace, ada@example.org")
            page.get_by_test_id("palette-item-text").focus()
        if step % 67 == 66:
            page.reload()
            ready(page)
            page.get_by_test_id("palette-item-text").focus()
    settled(page)
    flow, canvas = saved(app, flow_id), shown(page)
    assert sorted(node["id"] for node in canvas["nodes"]) == sorted(node["id"] for node in flow["nodes"])
    edges = {(edge["from"], edge["to"]) for edge in flow.get("edges", [])}
    assert {(edge["from"], edge["to"]) for edge in canvas["edges"]} == edges
    assert canvas["layout"] == flow["layout"]
    page.reload()
    ready(page)
    settled(page)
    assert shown(page)["layout"] == flow["layout"]
