"""The form of a block beside the canvas: it shows what is saved, also when that was changed elsewhere."""

import pytest
from playwright.sync_api import FloatRect, Locator, Page, expect

from tests.browser.conftest import App
from tests.browser.starting import open_template
from tests.browser.test_journey import drawn, open_block

pytestmark = pytest.mark.browser


@pytest.fixture
def page(tab: Page) -> Page:
    return tab


def test_an_undo_on_the_canvas_shows_in_the_open_form(app: App, page: Page) -> None:
    open_template(app, page, "Knowledge helper")
    open_block(page, "prompt")
    prompt = page.get_by_label("Prompt", exact=True)
    before = prompt.input_value()
    prompt.fill("Short: {{message}}")
    page.keyboard.press("Tab")
    undo = page.get_by_role("button", name="Undo")
    expect(undo).to_be_enabled()
    undo.click()
    expect(prompt).to_have_value(before)
    expect(page.get_by_test_id("saved")).to_have_attribute("data-pending", "0")


def test_a_block_removed_while_its_form_is_open_leaves_the_page_whole(app: App, page: Page) -> None:
    open_template(app, page, "Form filler")
    page.get_by_test_id("palette-item-text").click()
    name = page.get_by_label("Block name")
    expect(name).to_be_visible()
    name.fill("Too late")
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_test_id("canvas")).to_be_visible()
    expect(page.get_by_test_id("stAlertContentError")).to_have_count(0)


def test_a_problem_that_comes_while_one_types_leaves_the_form_where_it_is(app: App, page: Page) -> None:
    open_template(app, page, "Knowledge helper")
    open_block(page, "prompt")
    prompt = page.get_by_label("Prompt", exact=True)
    expect(prompt).to_be_visible()
    drawn(page)
    top = box_of(prompt)["y"]
    prompt.press("Control+End")
    prompt.press_sequentially(" {{mood}}")
    expect(page.get_by_test_id("stAlert").filter(has_text="mood")).to_be_visible()
    expect(prompt).to_be_focused()
    assert box_of(prompt)["y"] == top


def test_a_text_of_several_lines_has_its_height_in_a_long_form(app: App, page: Page) -> None:
    open_template(app, page, "Sales analyst")
    open_block(page, "analyse")
    text = page.get_by_label("Instructions", exact=True)
    expect(text).to_be_attached()
    expect(page.get_by_label("Block name")).to_be_visible()
    # Streamlit's frame around it is what shrank; the text itself kept its size and was cut off.
    frame = page.get_by_test_id("stElementContainer").filter(has=text)
    assert box_of(frame)["height"] >= box_of(text)["height"] > 80


def box_of(found: Locator) -> FloatRect:
    box = found.bounding_box()
    assert box
    return box
