"""A hand on the mouse, and what the page notices meanwhile: frames, long tasks, first paint."""

import math
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple

from playwright.sync_api import Browser, BrowserContext, Frame, Page

DRAG_SECONDS = 3.0
MOVES_A_SECOND = 100
VIEW = {"width": 1440, "height": 900}

CALM = 8
"""Frames without a further node after which the canvas counts as painted; they count as part of the time."""

WATCH_PAINT = """
(() => {
    if (window !== top) return;
    const wanted = COUNT ? '.react-flow__node[style*="visibility: visible"]' : ".react-flow__pane";
    // The component draws in a frame of its own.
    const frames = () => [...document.querySelectorAll("iframe")].map((frame) => frame.contentDocument);
    const seen = (page) => page?.querySelectorAll(wanted).length ?? 0;
    const drawn = () => Math.max(...[document, ...frames()].map(seen));
    // Nodes out of sight need not be drawn: the picture is there once no further node comes.
    let [before, calm] = [0, 0];
    const look = () => {
        const now = drawn();
        calm = now && now === before ? calm + 1 : 0;
        before = now;
        if (now < COUNT && calm < CALM) return requestAnimationFrame(look);
        if (!now) return requestAnimationFrame(look);
        // A task after the next frame's callbacks runs once that frame is on its way to the screen.
        requestAnimationFrame(() => {
            const { port1, port2 } = new MessageChannel();
            port1.onmessage = () => (window.__drawn = performance.now());
            port2.postMessage(0);
        });
    };
    requestAnimationFrame(look);
})();
"""

WATCH_FRAMES = """
() => {
    const seen = (window.__seen = { frames: [], tasks: [], stop: false });
    const frame = (at) => {
        seen.frames.push(at);
        if (!seen.stop) requestAnimationFrame(frame);
    };
    requestAnimationFrame(frame);
    const hear = (list) => seen.tasks.push(...list.getEntries().map((task) => task.duration));
    seen.watch = new PerformanceObserver(hear);
    seen.watch.observe({ type: "longtask" });
}
"""
END_FRAMES = """
async () => {
    const seen = window.__seen;
    // The last task is told after it has ended.
    await new Promise((done) => setTimeout(done, 100));
    seen.stop = true;
    seen.watch.disconnect();
    return { frames: seen.frames, tasks: seen.tasks };
}
"""

# A place on the node nearest to the middle of the view where a press takes hold of the node itself.
GRIP = """
() => {
    const view = document.querySelector(".react-flow").getBoundingClientRect();
    const [midX, midY] = [view.x + view.width / 2, view.y + view.height / 2];
    const far = ({ box }) => Math.hypot(box.x + box.width / 2 - midX, box.y - midY);
    const nodes = [...document.querySelectorAll(".react-flow__node")];
    const places = nodes.map((node) => ({ node, box: node.getBoundingClientRect() }));
    for (const { node, box } of places.sort((a, b) => far(a) - far(b))) {
        const [x, y] = [box.x + box.width * 0.5, box.y + Math.min(14, box.height / 2)];
        const hit = document.elementFromPoint(x, y);
        if (!node.contains(hit) || hit.closest("button, .nodrag, .react-flow__handle")) continue;
        return { id: node.dataset.id, x, y };
    }
}
"""


class Grip(NamedTuple):
    node: str
    x: float
    y: float


class Smoothness(NamedTuple):
    """How a drag went: frames a second, and the tasks of over 50 ms, in ms."""

    frames: float
    tasks: list[float]

    @property
    def longest(self) -> float:
        return max(self.tasks, default=0.0)


def new_context(browser: Browser) -> BrowserContext:
    # The view jumps rather than glides, so that a hand finds what it reaches for.
    context = browser.new_context(viewport=VIEW, reduced_motion="reduce")  # type: ignore[arg-type]
    context.set_default_timeout(60_000)
    return context


@contextmanager
def visit(context: BrowserContext, address: str, count: int) -> Iterator[tuple[Page, Frame, float]]:
    """The page, the frame with the canvas in it, and the ms from navigation until `count` nodes were drawn."""
    page = context.new_page()
    page.add_init_script(WATCH_PAINT.replace("COUNT", str(count)).replace("CALM", str(CALM)))
    page.goto(address)
    page.wait_for_function("() => window.__drawn")
    drawn = page.evaluate("() => window.__drawn")
    yield page, frame_with_board(page), drawn
    page.close()


def frame_with_board(page: Page) -> Frame:
    """The page's own frame, or the one a component draws in."""
    return next(frame for frame in page.frames if frame.query_selector(".react-flow__pane"))


def frames_sent(page: Page) -> list[int]:
    """Fills with the size of every websocket frame the page sends from now on."""
    sizes: list[int] = []
    cdp = page.context.new_cdp_session(page)
    cdp.send("Network.enable")
    # The payload of a binary frame is told in base64.
    cdp.on("Network.webSocketFrameSent", lambda sent: sizes.append(len(sent["response"]["payloadData"]) * 3 // 4))
    return sizes


def grip(page: Page, frame: Frame) -> Grip:
    found = frame.evaluate(GRIP)
    left, top = 0.0, 0.0
    if frame != page.main_frame:
        box = frame.frame_element().bounding_box()
        assert box is not None
        left, top = box["x"], box["y"]
    return Grip(found["id"], found["x"] + left, found["y"] + top)


def drag_about(page: Page, frame: Frame) -> Smoothness:
    """Lead a node around for some seconds."""
    _, x, y = grip(page, frame)
    page.mouse.move(x, y)
    frame.evaluate(WATCH_FRAMES)
    page.mouse.down()
    started = time.perf_counter()
    while (spent := time.perf_counter() - started) < DRAG_SECONDS:
        page.mouse.move(x + 90 * math.sin(spent * 4), y + 90 * (1 - math.cos(spent * 4)))
        time.sleep(1 / MOVES_A_SECOND)
    page.mouse.up()
    seen = frame.evaluate(END_FRAMES)
    frames = seen["frames"]
    return Smoothness((len(frames) - 1) / (frames[-1] - frames[0]) * 1e3, seen["tasks"])


def drop_aside(page: Page, held: Grip, by: float) -> float:
    """Drag a node a little to the side; when it was let go of, in seconds since the epoch."""
    page.mouse.move(held.x, held.y)
    page.mouse.down()
    page.mouse.move(held.x + by, held.y + by, steps=8)
    dropped = time.time()
    page.mouse.up()
    return dropped
