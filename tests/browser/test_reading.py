"""A canvas one can read as it opens, and that stays so while blocks come: every template, and each gesture."""

from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, ViewportSize, expect

from flowloom.flow.file import load_flow, save_flow
from tests.browser.conftest import App
from tests.browser.legibility import SMALLEST, Seen, look
from tests.browser.starting import open_template
from tests.browser.test_canvas_by_hand import drag, flow_of, handle, middle, show_all
from tests.browser.test_journey import open_block
from tests.browser.test_no_edit_is_lost import ready

pytestmark = pytest.mark.browser


@pytest.fixture
def page(tab: Page) -> Page:
    return tab


FLOWS = Path(__file__).parents[2] / "flows"
TEMPLATES = [path.stem for path in sorted(FLOWS.glob("*.json"))]
PHONE: ViewportSize = {"width": 390, "height": 844}


def opened(app: App, page: Page, template: str) -> Seen:
    flow = load_flow(FLOWS / f"{template}.json").model_copy(update={"id": f"read-{template}"})
    save_flow(flow, app.home / "flows" / f"{flow.id}.json")
    page.goto(f"{app.url}/build?gpt={flow.id}")
    if page.viewport_size == PHONE:
        page.get_by_role("radio", name="Canvas", exact=True).click()
    ready(page)
    expect(page.locator(".fl-root[data-routed]")).to_be_attached()
    return look(page)


@pytest.mark.parametrize("template", TEMPLATES)
def test_a_template_opens_so_that_it_can_be_read(app: App, page: Page, template: str) -> None:
    seen = opened(app, page, template)
    assert seen.smallest >= SMALLEST
    assert (seen.overlaps, seen.behind) == (0, 0)
    assert seen.legible >= min(seen.blocks, 9)
    expect(page.locator(".react-flow__minimap")).to_have_count(0 if seen.legible == seen.blocks else 1)


def test_on_a_phone_it_is_as_large(app: App, page: Page) -> None:
    page.set_viewport_size(PHONE)
    seen = opened(app, page, "support-desk")
    assert seen.smallest >= SMALLEST
    assert seen.legible >= 1
    expect(page.locator(".react-flow__minimap")).to_have_count(1)


@pytest.fixture
def canvas(app: App, page: Page) -> Locator:
    open_template(app, page, "Form filler")
    ready(page)
    show_all(page)
    return page.get_by_test_id("canvas")


def test_the_toolbar_never_covers_a_block(page: Page, canvas: Locator) -> None:
    page.locator("[data-node=extract]").click(position={"x": 60, "y": 16})
    stage, foot = canvas.locator(".fl-stage").bounding_box(), canvas.locator(".fl-foot").bounding_box()
    assert stage is not None
    assert foot is not None
    assert foot["y"] >= stage["y"] + stage["height"] - 1
    for bar in canvas.locator(".fl-toolbar").all():
        box = bar.bounding_box()
        assert box is not None
        assert box["y"] >= foot["y"] - 1


def test_the_first_block_stays_where_it_was_dropped(app: App, page: Page) -> None:
    page.goto(app.url)
    page.get_by_role("button", name="New GPT").first.click()
    ready(page)
    stage = page.locator(".fl-stage").bounding_box()
    assert stage is not None
    at = (stage["x"] + stage["width"] - 200, stage["y"] + stage["height"] - 120)
    drag(page, middle(page.get_by_test_id("palette-item-chat.message")), at)
    block = page.locator("[data-node=message]")
    expect(block).to_be_visible()
    page.wait_for_timeout(500)  # a view that jumps does so once the card has its size
    box = block.bounding_box()
    assert box is not None
    assert abs(box["x"] + box["width"] / 2 - at[0]) < 15
    assert box["y"] < at[1] < box["y"] + box["height"]


def test_a_block_dropped_on_a_line_makes_room(app: App, page: Page, canvas: Locator) -> None:
    before = flow_of(app, page)["layout"]
    start, end = middle(handle(canvas, "message.message")), middle(handle(canvas, "extract.prompt"))
    onto = ((start[0] + end[0]) / 2, (start[1] + end[1]) / 2)
    drag(page, middle(page.get_by_test_id("palette-item-prompt")), onto)
    expect(canvas.locator("[data-node=prompt]")).to_be_visible()
    after = flow_of(app, page)
    assert {"from": "message.message", "to": "prompt.message"} in after["edges"]
    assert after["layout"]["extract"]["x"] > before["extract"]["x"]
    page.keyboard.press("Escape")
    assert look(page).overlaps == 0
    page.get_by_test_id("tool-undo").click()
    expect(canvas.locator("[data-node=prompt]")).to_have_count(0)
    assert flow_of(app, page)["layout"] == before


def test_folded_ports_come_when_one_reaches_for_them(app: App, page: Page, canvas: Locator) -> None:
    extra = handle(canvas, "extract.history")
    expect(extra).to_have_count(0)
    canvas.locator("[data-node=extract]").hover(position={"x": 60, "y": 16})
    expect(extra).to_be_visible()
    page.mouse.move(5, 5)
    expect(extra).to_have_count(0)
    open_block(page, "extract")
    expect(extra).to_be_visible()
    page.keyboard.press("Escape")
    expect(extra).to_have_count(0)


def test_a_line_that_is_pulled_opens_the_card_it_comes_to(app: App, page: Page, canvas: Locator) -> None:
    canvas.locator("[data-node=message]").hover(position={"x": 60, "y": 16})
    start = handle(canvas, "message.history")
    expect(start).to_be_visible()
    page.mouse.move(*middle(start))
    page.mouse.down()
    page.mouse.move(*middle(canvas.locator("[data-node=extract]")), steps=10)
    end = handle(canvas, "extract.history")
    expect(end).to_be_visible()
    page.mouse.move(*middle(end), steps=5)
    page.mouse.up()
    expect(canvas.locator('[data-edge="message.history>extract.history"]')).to_be_attached()
    page.mouse.move(5, 5)
    expect(end).to_be_visible()


def test_what_comes_next_is_searched_and_begins_with_the_most_used(app: App, page: Page, canvas: Locator) -> None:
    page.get_by_test_id("palette-item-classify").click()
    expect(canvas.locator("[data-node=classify]")).to_be_visible()
    page.keyboard.press("Escape")
    show_all(page)
    page.get_by_test_id("next-classify.none").click()
    menu = page.get_by_test_id("chooser")
    first = menu.locator("section").first
    expect(first).to_have_attribute("aria-label", "Most used")
    expect(first.get_by_role("menuitem")).to_have_count(6)
    expect(menu.get_by_role("searchbox")).to_be_focused()
    page.keyboard.type("answ")
    expect(menu.get_by_role("menuitem").first).to_have_attribute("data-testid", "choose-chat.answer")
    page.keyboard.press("Enter")
    expect(canvas.locator("[data-node=answer-2]")).to_be_visible()
    assert {"from": "classify.none", "to": "answer-2.text"} in flow_of(app, page)["edges"]
    expect(page.get_by_test_id("next-classify.none")).to_have_count(0)
    assert look(page).overlaps == 0
