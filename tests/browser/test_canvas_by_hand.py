"""The canvas by mouse and keys: drag a block, draw a line, be refused with a reason, delete and undo."""

from typing import Any, Literal

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import App
from tests.browser.starting import open_template
from tests.browser.test_journey import ask, open_block
from tests.browser.test_no_edit_is_lost import ready, saved, settled

pytestmark = pytest.mark.browser


@pytest.fixture
def page(tab: Page) -> Page:
    return tab


@pytest.fixture
def canvas(app: App, page: Page) -> Locator:
    open_template(app, page, "Form filler")
    ready(page)
    show_all(page)
    return page.get_by_test_id("canvas")


def show_all(page: Page) -> None:
    """Fit the flow into the view, and wait until the view has come to rest."""
    page.evaluate("() => { window.__lastPlace = null }")
    page.get_by_test_id("tool-fit").click()
    page.wait_for_function(
        """() => {
            const at = document.querySelector(".react-flow__viewport").style.transform;
            const still = at === window.__lastPlace;
            window.__lastPlace = at;
            return still;
        }""",
        polling=250,
    )


def flow_of(app: App, page: Page) -> dict[str, Any]:
    settled(page)
    return saved(app, page.url.split("gpt=")[1].split("&")[0])


def middle(place: Locator) -> tuple[float, float]:
    place.scroll_into_view_if_needed()
    box = place.bounding_box()
    assert box is not None
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def on_line(canvas: Locator, edge: str) -> tuple[float, float]:
    """A point in the middle of a line, wherever it leads."""
    x, y = canvas.locator(f'[data-edge="{edge}"] .react-flow__edge-path').evaluate(
        """(path) => {
            const { x, y } = path.getPointAtLength(path.getTotalLength() / 2);
            const at = path.getScreenCTM();
            return [x * at.a + at.e, y * at.d + at.f];
        }"""
    )
    return x, y


def drag(page: Page, start: tuple[float, float], end: tuple[float, float]) -> None:
    page.mouse.move(*start)
    page.mouse.down()
    page.mouse.move(*end, steps=12)
    page.mouse.up()


def handle(canvas: Locator, end: str) -> Locator:
    return canvas.locator(f'[data-handle="{end}"]').first


def test_a_block_is_dragged_from_the_palette(app: App, page: Page, canvas: Locator) -> None:
    board = canvas.locator(".react-flow__pane").bounding_box()
    assert board is not None
    drag(page, middle(page.get_by_test_id("palette-item-merge")), (board["x"] + 500, board["y"] + 520))
    expect(canvas.locator("[data-node=merge]")).to_be_visible()
    assert "merge" in flow_of(app, page)["layout"]


def test_a_line_is_drawn_from_port_to_port(app: App, page: Page, canvas: Locator) -> None:
    page.get_by_test_id("palette-item-text").click()
    new = canvas.locator("[data-node=text]")
    expect(new).to_be_visible()
    show_all(page)
    drag(page, middle(handle(canvas, "text.text")), middle(handle(canvas, "answer.text")))
    expect(canvas.locator('[data-edge="text.text>answer.text"]')).to_be_attached()
    assert {"from": "text.text", "to": "answer.text"} in flow_of(app, page)["edges"]


def test_a_line_that_cannot_be_is_refused_with_its_reason(app: App, page: Page, canvas: Locator) -> None:
    before = flow_of(app, page)["edges"]
    open_block(page, "extract")
    drag(page, middle(handle(canvas, "message.message")), middle(handle(canvas, "extract.passages")))
    expect(canvas.get_by_test_id("toast")).to_contain_text("needs passages")
    assert flow_of(app, page)["edges"] == before


def test_a_line_back_makes_a_loop_with_a_limit(app: App, page: Page, canvas: Locator) -> None:
    drag(page, middle(handle(canvas, "form.text")), middle(handle(canvas, "extract.prompt")))
    expect(canvas.get_by_test_id("toast")).to_contain_text("A loop")
    assert {"from": "form.text", "to": "extract.prompt"} in flow_of(app, page)["edges"]
    open_block(page, "extract")
    rounds = page.get_by_label("Maximum rounds")
    rounds.fill("3")
    rounds.press("Enter")
    page.get_by_role("radio", name="Chat", exact=True).click()
    ask(page, "Ada Lovelace, ada@example.org")
    expect(canvas.locator("[data-node=extract]")).to_contain_text("Round 3")
    expect(page.get_by_test_id("stChatMessage").last).to_contain_text("Booking request")


def test_delete_takes_the_lines_along_and_undo_brings_all_back(app: App, page: Page, canvas: Locator) -> None:
    before = flow_of(app, page)
    open_block(page, "form")
    page.keyboard.press("Delete")
    expect(canvas.locator("[data-node=form]")).to_have_count(0)
    assert not [edge for edge in flow_of(app, page)["edges"] if "form." in str(edge)]
    page.keyboard.press("Control+z")
    expect(canvas.locator("[data-node=form]")).to_be_visible()
    after = flow_of(app, page)
    assert after["nodes"] == before["nodes"]
    assert sorted(map(str, after["edges"])) == sorted(map(str, before["edges"]))


def test_a_problem_leads_to_its_block(page: Page, canvas: Locator) -> None:
    page.get_by_test_id("palette-item-calculator").click()
    page.keyboard.press("Escape")
    page.get_by_role("button", name="1 problem").click()
    page.get_by_role("button", name="Show “Calculator”").click()
    expect(canvas.locator(".react-flow__node.selected [data-node=calculator]")).to_be_visible()
    expect(page.get_by_label("Block name")).to_be_visible()


def test_a_certain_problem_is_fixed_by_a_click(app: App, page: Page, canvas: Locator) -> None:
    canvas.locator("[data-node=answer]").click(position={"x": 60, "y": 16})
    page.keyboard.press("Delete")
    page.get_by_role("button", name="1 problem").click()
    page.get_by_role("button", name="Fix it").click()
    expect(page.get_by_text("Ready to chat")).to_be_visible()
    assert {"from": "form.text", "to": "answer.text"} in flow_of(app, page)["edges"]


def test_a_block_dropped_on_a_line_is_led_through(app: App, page: Page, canvas: Locator) -> None:
    expect(page.locator(".fl-root[data-routed]")).to_be_attached()
    line = on_line(canvas, "form.text>answer.text")
    drag(page, middle(page.get_by_test_id("palette-item-merge")), line)
    expect(canvas.locator("[data-node=merge]")).to_be_visible()
    edges = flow_of(app, page)["edges"]
    assert {"from": "form.text", "to": "answer.text"} not in edges
    assert [edge for edge in edges if edge["from"] == "form.text" and edge["to"].startswith("merge.")]
    assert [edge for edge in edges if edge["from"].startswith("merge.") and edge["to"] == "answer.text"]
    page.keyboard.press("Control+z")
    expect(canvas.locator("[data-node=merge]")).to_have_count(0)
    assert {"from": "form.text", "to": "answer.text"} in flow_of(app, page)["edges"]


def test_a_line_let_go_of_in_the_open_offers_what_fits(app: App, page: Page, canvas: Locator) -> None:
    x, y = middle(handle(canvas, "form.text"))
    drag(page, (x, y), (x - 220, y + 230))
    menu = page.get_by_test_id("chooser")
    expect(menu).to_be_visible()
    expect(menu.get_by_role("menuitem", name="Chat message")).to_have_count(0)
    menu.get_by_role("menuitem", name="Prompt").click()
    expect(canvas.locator("[data-node=prompt]")).to_be_visible()
    assert {"from": "form.text", "to": "prompt.message"} in flow_of(app, page)["edges"]


def test_the_end_of_a_line_is_moved(app: App, page: Page, canvas: Locator) -> None:
    x, y = middle(handle(canvas, "form.text"))
    drag(page, (x, y), (x - 220, y + 230))
    page.get_by_test_id("chooser").get_by_role("menuitem", name="Prompt").click()
    expect(canvas.locator("[data-node=prompt]")).to_be_visible()
    page.keyboard.press("Escape")
    show_all(page)
    x, y = middle(handle(canvas, "answer.text"))
    drag(page, (x - 22, y), middle(handle(canvas, "prompt.message")))
    expect(canvas.locator('[data-edge="form.text>answer.text"]')).to_have_count(0)
    edges = flow_of(app, page)["edges"]
    assert {"from": "form.text", "to": "answer.text"} not in edges


def test_tidying_up_is_one_step(app: App, page: Page, canvas: Locator) -> None:
    tidy = flow_of(app, page)["layout"]
    open_block(page, "form")
    page.keyboard.press("Shift+ArrowDown")
    untidy = flow_of(app, page)["layout"]
    assert untidy != tidy
    page.keyboard.press("Escape")
    page.get_by_test_id("tool-tidy").click()
    assert flow_of(app, page)["layout"] == tidy
    page.get_by_test_id("tool-undo").click()
    assert flow_of(app, page)["layout"] == untidy


def select(page: Page, *nodes: str) -> None:
    for at, node in enumerate(nodes):
        keys: list[Literal["Shift"]] = ["Shift"] if at else []
        page.locator(f"[data-node={node}]").click(position={"x": 60, "y": 16}, modifiers=keys)


def test_a_group_moves_and_folds_what_it_holds(app: App, page: Page, canvas: Locator) -> None:
    select(page, "extract", "form")
    page.keyboard.press("Control+g")
    head = canvas.locator("[data-node=group] .fl-group-head")
    expect(head).to_be_visible()
    before = flow_of(app, page)["layout"]
    x, y = middle(head)
    drag(page, (x, y), (x + 70, y + 60))
    after = flow_of(app, page)["layout"]
    moved = {
        (after[node]["x"] - before[node]["x"], after[node]["y"] - before[node]["y"]) for node in ("extract", "form")
    }
    assert len(moved) == 1
    assert moved != {(0, 0)}
    assert after["answer"] == before["answer"]
    canvas.get_by_role("button", name="Fold this group").click()
    expect(canvas.locator("[data-node=extract]")).to_have_count(0)
    expect(canvas.locator('[data-edge="form.text>answer.text"]')).to_be_attached()
    page.reload()
    ready(page)
    canvas.get_by_role("button", name="Unfold this group").click()
    expect(canvas.locator("[data-node=extract]")).to_be_visible()


def test_blocks_travel_to_another_gpt_as_text(app: App, page: Page, canvas: Locator) -> None:
    select(page, "extract", "form")
    page.keyboard.press("Control+c")
    expect(canvas.get_by_test_id("toast")).to_contain_text("2 blocks copied")
    page.get_by_role("link", name="My GPTs").click()
    page.get_by_role("button", name="New GPT").click()
    expect(page.get_by_test_id("empty")).to_be_visible()
    page.get_by_test_id("canvas").locator(".react-flow__pane").click()
    page.keyboard.press("Control+v")
    expect(page.locator("[data-node]")).to_have_count(2)
    flow = flow_of(app, page)
    assert {node["kind"] for node in flow["nodes"]} == {"model", "template"}
    assert len(flow["edges"]) == 4


@pytest.mark.parametrize("text", ["Dear all, see you on Monday.", '{"nodes": []}', "[" * 2_000_000])
def test_what_is_no_flow_is_not_pasted(app: App, page: Page, canvas: Locator, text: str) -> None:
    before = flow_of(app, page)["nodes"]
    canvas.locator(".react-flow__pane").click(position={"x": 30, "y": 500})
    page.evaluate(
        """(text) => {
            const clipboardData = new DataTransfer();
            clipboardData.setData("text/plain", text);
            const paste = new ClipboardEvent("paste", { clipboardData, bubbles: true });
            document.querySelector("[data-testid=canvas]").dispatchEvent(paste);
        }""",
        text,
    )
    expect(canvas.get_by_test_id("toast")).to_contain_text("This isn’t part of a flow")
    assert flow_of(app, page)["nodes"] == before


def test_the_menu_of_a_line_puts_a_block_on_it(app: App, page: Page, canvas: Locator) -> None:
    expect(page.locator(".fl-root[data-routed]")).to_be_attached()
    page.mouse.click(*on_line(canvas, "form.text>answer.text"), button="right")
    page.get_by_test_id("menu-insert_block").click()
    page.get_by_test_id("chooser").get_by_role("menuitem", name="Merge").click()
    expect(canvas.locator("[data-node=merge]")).to_be_visible()
    assert {"from": "form.text", "to": "answer.text"} not in flow_of(app, page)["edges"]


def test_menus_leave_by_escape_and_change_nothing(page: Page, canvas: Locator) -> None:
    canvas.locator("[data-node=form]").click(button="right", position={"x": 60, "y": 16})
    expect(page.get_by_test_id("menu")).to_be_visible()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Escape")
    expect(page.get_by_test_id("menu")).to_have_count(0)
    expect(page.get_by_test_id("tool-undo")).to_have_attribute("aria-disabled", "true")


def test_search_leads_to_the_block_that_says_it(page: Page, canvas: Locator) -> None:
    canvas.locator(".react-flow__pane").click(position={"x": 30, "y": 500})
    page.keyboard.press("Control+f")
    page.get_by_role("textbox", name="Search for a word or phrase").fill("booking request")
    page.keyboard.press("Enter")
    expect(canvas.locator(".react-flow__node.selected [data-node=form]")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_test_id("finder")).to_have_count(0)


def test_blocks_are_lined_up(app: App, page: Page, canvas: Locator) -> None:
    select(page, "extract", "form", "answer")
    page.get_by_test_id("tool-align_top").click()
    expect(page.get_by_test_id("tool-undo")).to_have_attribute("aria-disabled", "false")
    layout = flow_of(app, page)["layout"]
    assert len({layout[node]["y"] for node in ("extract", "form", "answer")}) == 1


def test_the_sheet_of_shortcuts_opens_by_its_key(page: Page, canvas: Locator) -> None:
    canvas.locator(".react-flow__pane").click(position={"x": 30, "y": 500})
    page.keyboard.press("?")
    expect(page.get_by_test_id("shortcuts")).to_contain_text("Ctrl G")
    page.keyboard.press("Escape")
    expect(page.get_by_test_id("shortcuts")).to_have_count(0)


def test_a_run_is_gone_through_step_by_step(page: Page, canvas: Locator) -> None:
    ask(page, "Ada Lovelace, ada@example.org")
    done = canvas.locator('[data-node][data-status="done"]')
    expect(done).to_have_count(4)
    page.get_by_test_id("tool-replay").click()
    slider = page.get_by_role("slider", name="Step of the run")
    expect(done).to_have_count(0)
    slider.press("End")
    expect(done).to_have_count(4)
    slider.press("Home")
    page.reload()
    ready(page)
    expect(done).to_have_count(4)


def test_a_line_shows_what_went_over_it(page: Page, canvas: Locator) -> None:
    ask(page, "Ada Lovelace, ada@example.org")
    line = canvas.locator('[data-edge="extract.email>form.email"][data-run="live"]')
    expect(line).to_be_attached()
    line.dispatch_event("pointerover", {"bubbles": True})
    expect(page.get_by_test_id("line-value")).to_have_text("ada@example.org")
