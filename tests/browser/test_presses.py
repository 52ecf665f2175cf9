"""A press counts for the button it began on, though the page moves while the mouse is down."""

import pytest
from playwright.sync_api import Locator, Page, expect

pytestmark = pytest.mark.browser

GROW = """(button) => {
    const grown = document.createElement("div");
    grown.style.height = "300px";
    document.querySelector(".stMainBlockContainer").prepend(grown);
}"""

COUNT = """(button) => {
    window.presses = 0;
    button.addEventListener("click", () => { window.presses += 1 });
}"""


@pytest.fixture
def button(page: Page) -> Locator:
    """One that begins a new GPT, and leaves the page."""
    card = page.locator("[class*=st-key-template-]").first
    found = card.get_by_role("button", name="Use this template")
    found.scroll_into_view_if_needed()
    return found


def press(page: Page, button: Locator) -> tuple[float, float]:
    box = button.bounding_box()
    assert box is not None
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    return x, y


def test_a_button_that_moves_under_the_mouse_is_pressed_once(page: Page, button: Locator) -> None:
    button.evaluate(COUNT)
    _, y = press(page, button)
    button.evaluate(GROW)
    assert button.bounding_box()["y"] > y  # type: ignore[index]
    page.mouse.up()
    assert page.evaluate("window.presses") == 1
    expect(page.get_by_test_id("canvas")).to_be_attached()


def test_one_that_stays_is_pressed_once(page: Page, button: Locator) -> None:
    button.evaluate(COUNT)
    press(page, button)
    page.mouse.up()
    assert page.evaluate("window.presses") == 1


def test_who_moves_away_has_thought_better_of_it(page: Page, button: Locator) -> None:
    button.evaluate(COUNT)
    x, y = press(page, button)
    page.mouse.move(x, y + 120)
    page.mouse.up()
    assert page.evaluate("window.presses") == 0
