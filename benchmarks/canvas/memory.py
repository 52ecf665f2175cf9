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
    """Add, push, connect, drag, delete, and take the last two back; the flow ends as it began. Returns how many."""
    page.get_by_test_id("palette-item-merge").click()
    new = page.locator('[data-node="merge"]')
    expect(new).to_be_visible()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowDown")
    lead(page, page.locator('[data-handle="message.message"]'), new.locator('[data-side="input"]'))
    expect(page.locator('[data-edge="message.message>merge.values"]')).to_be_attached()
    head = new.locator(".fl-block-head")
    lead(page, head, head, by=30)
    page.keyboard.press("Delete")
    expect(new).to_have_count(0)
    page.keyboard.press("Control+z")
    expect(new).to_be_visible()
    page.keyboard.press("Control+z")
    new.click(position={"x": 60, "y": 16})
    page.keyboard.press("Delete")
    expect(new).to_have_count(0)
    return 9


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
