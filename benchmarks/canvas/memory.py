"""Editing at speed for minutes: what the page and the server hold on to."""

import time
from typing import NamedTuple

from playwright.sync_api import BrowserContext, Locator, Page, expect
from tests.browser.conftest import App
from tests.browser.test_no_edit_is_lost import settled

from benchmarks.canvas.hand import visit
from benchmarks.canvas.ours import address
from benchmarks.start import resident

POINTS = 6
WARM = 1
"""Points that do not count: until then caches and the undo list fill."""
FLAT = 1.1


class Point(NamedTuple):
    """`heap` and `server` are MB; `elements` and `listeners` are the browser's counts."""

    minutes: float
    edits: int
    heap: float
    elements: int
    listeners: int
    server: float


def remember(context: BrowserContext, app: App, count: int, minutes: float) -> list[Point]:
    """Edit for so many minutes, and look at memory at even intervals."""
    with visit(context, address(app, count), count) as (page, _, _):
        cdp = page.context.new_cdp_session(page)
        cdp.send("Performance.enable")

        def look(after: float, edits: int) -> Point:
            cdp.send("HeapProfiler.collectGarbage")
            found = {one["name"]: one["value"] for one in cdp.send("Performance.getMetrics")["metrics"]}
            heap, elements, listeners = (found[name] for name in ("JSHeapUsedSize", "Nodes", "JSEventListeners"))
            return Point(after / 60, edits, heap / 1e6, int(elements), int(listeners), resident(app.pid))

        settled(page)
        page.wait_for_timeout(2_000)
        points, edits, started = [look(0, 0)], 0, time.monotonic()
        for number in range(1, POINTS):
            while time.monotonic() - started < minutes * 60 * number / (POINTS - 1):
                edits += round_of_edits(page)
            settled(page)
            points.append(look(time.monotonic() - started, edits))
        return points


def round_of_edits(page: Page) -> int:
    """Add two, push, connect, drag, delete, undo, redo, delete; the flow ends as it began. Returns how many."""
    text, merge = page.locator('[data-node="text"]'), page.locator('[data-node="merge"]')
    page.get_by_test_id("palette-item-text").click()
    expect(text).to_be_visible()
    # The second one comes to stand beside the first, and both in view.
    page.get_by_test_id("palette-item-merge").click()
    expect(merge).to_be_visible()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowDown")
    lead(page, text.locator('[data-side="output"]').first, merge.locator('[data-side="input"]').first)
    expect(page.locator('[data-edge="text.text>merge.values"]')).to_be_attached()
    head = merge.locator(".fl-kind")
    lead(page, head, head, by=30)
    remove(page, merge)
    page.keyboard.press("Control+z")
    expect(merge).to_be_visible()
    remove(page, merge)
    remove(page, text)
    return 10


def remove(page: Page, block: Locator) -> None:
    block.locator(".fl-kind").click()
    page.keyboard.press("Delete")
    expect(block).to_have_count(0)


def lead(page: Page, start: Locator, end: Locator, by: float = 0) -> None:
    """Drag by mouse from the middle of one place to that of another, and `by` pixels beyond."""
    page.mouse.move(*middle(start))
    page.mouse.down()
    x, y = middle(end)
    page.mouse.move(x + by, y + by, steps=5)
    page.mouse.up()


def middle(place: Locator) -> tuple[float, float]:
    box = place.bounding_box()
    assert box is not None
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def grown(points: list[Point], name: str) -> float:
    """How many times as much there is at the end as after the warm-up."""
    return float(getattr(points[-1], name) / getattr(points[WARM], name))
