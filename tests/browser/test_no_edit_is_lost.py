"""Two hundred chance edits at speed, with runs and reloads between: what is saved is what the canvas shows."""

import json
import random
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from flowloom.flow.file import load_flow, write_flow
from tests.browser.conftest import App
from tests.browser.starting import open_template
from tests.browser.test_journey import ask, drawn

pytestmark = pytest.mark.browser


@pytest.fixture
def page(tab: Page) -> Page:
    return tab


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


KEYS = ["ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown"]
GESTURES = {"add": 30, "nudge": 20, "Control+d": 8, "Delete": 10, "Control+z": 10, "Control+y": 7}
GESTURES |= {
    "Control+g": 3,
    "Control+Shift+g": 4,
    "unpack": 4,
    "fold": 3,
    "cut and paste": 4,
    "align": 3,
    "tidy": 2,
    "insert": 4,
    "branch off": 4,
    "drag": 4,
}


def edit(page: Page, chance: random.Random) -> None:
    nodes = page.locator("[data-node]")
    gesture = chance.choices(list(GESTURES), list(GESTURES.values()))[0]
    if gesture == "add" or nodes.count() < 3:
        kind = chance.choice(["text", "prompt", "merge", "calculator", "branch"])
        page.get_by_test_id(f"palette-item-{kind}").click()
    elif gesture == "nudge":
        page.keyboard.press(chance.choice(KEYS))
    elif gesture == "cut and paste":
        page.keyboard.press("Control+x")
        page.keyboard.press("Control+v")
    elif gesture == "tidy":
        page.get_by_test_id("tool-tidy").click()
    elif gesture in ("align", "fold", "insert", "branch off", "drag", "unpack"):
        by_pointer(page, chance, gesture)
    else:
        page.keyboard.press(gesture)


def by_pointer(page: Page, chance: random.Random, gesture: str) -> None:
    canvas = page.get_by_test_id("canvas")
    if gesture == "align":
        canvas.focus()
        page.keyboard.press("Control+a")
        page.get_by_test_id(chance.choice(["tool-align_left", "tool-spread_down"])).click()
    elif gesture == "fold" and canvas.locator(".fl-group-fold").count():
        canvas.locator(".fl-group-fold").first.dispatch_event("click")
    elif gesture == "insert" and canvas.locator(".react-flow__edge").count():
        canvas.locator(".react-flow__edge").first.dispatch_event("contextmenu", {"clientX": 600, "clientY": 400})
        page.get_by_test_id("menu-insert_block").click()
        page.get_by_test_id("chooser").get_by_role("menuitem").first.click()
    elif gesture == "unpack":
        unpack(page)
    else:
        box = chance.choice(
            canvas.locator("[data-handle]" if gesture == "branch off" else "[data-node]").all()
        ).bounding_box()
        if box is None:
            return
        page.mouse.move(box["x"] + box["width"] / 2, box["y"] + min(16, box["height"] / 2))
        page.mouse.down()
        page.mouse.move(box["x"] + 60, box["y"] + 90, steps=4)
        page.mouse.up()
        page.keyboard.press("Escape")


def unpack(page: Page) -> None:
    """Unpack the latest block that can be, if there is one."""
    block = page.locator("[data-node^=block]")
    if not block.count():
        return
    block.last.dispatch_event("contextmenu", {"clientX": 600, "clientY": 400})
    wanted = page.get_by_test_id("menu-unpack")
    if wanted.count():
        wanted.click()
    else:
        page.keyboard.press("Escape")


def go_back(page: Page) -> None:
    """To the version with a name, by the history."""
    page.get_by_role("button", name="History").click()
    page.get_by_role("button", name="Back to “Fair”").click()
    expect(page.get_by_role("dialog")).to_have_count(0)


def test_two_hundred_edits(app: App, page: Page) -> None:
    chance = random.Random(11)
    open_template(app, page, "Form filler")
    flow_id = page.url.split("gpt=")[1].split("&")[0]
    page.get_by_role("button", name="History").click()
    page.get_by_label("Save version as").fill("Fair")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_role("dialog").get_by_text("Fair").first).to_be_visible()
    drawn(page)
    page.keyboard.press("Escape")
    for step in range(200):
        edit(page, chance)
        if step == 120:
            go_back(page)
            page.get_by_test_id("palette-item-text").focus()
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
