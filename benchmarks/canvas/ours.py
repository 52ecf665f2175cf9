"""Flowloom's canvas: first paint, a drag, an edit on its way to the disk, a run on its way to the pixels."""

import json
import statistics
import threading
import time
from pathlib import Path
from typing import Any, NamedTuple

from playwright.sync_api import BrowserContext, Frame, Page, Request, expect
from tests.browser.conftest import App
from tests.browser.test_journey import ask
from tests.browser.test_no_edit_is_lost import settled

from benchmarks.canvas.hand import Smoothness, drag_about, drop_aside, frames_sent, grip, visit
from benchmarks.canvas.sample import LAST_MODEL, sample
from flowloom.flow.file import save_flow
from flowloom.run.events import NodeFinished, NodeStarted
from flowloom.store.runs import RunStore
from flowloom.store.sqlite import SqliteDatabase

DROPS = 7

WATCH_STATUS = """
() => {
    window.__told = [];
    const tell = (changed) => {
        const { port1, port2 } = new MessageChannel();
        port1.onmessage = () => window.__told.push(...changed.map((one) => ({ ...one, at: Date.now() / 1000 })));
        requestAnimationFrame(() => port2.postMessage(0));
    };
    new MutationObserver((changes) => {
        const blocks = new Set(changes.map((change) => change.target));
        tell([...blocks].map(({ dataset }) => ({ node: dataset.node, status: dataset.status })));
    }).observe(document.querySelector(".react-flow"), { subtree: true, attributeFilter: ["data-status"] });
}
"""


class Edit(NamedTuple):
    """One moved node: ms until its file had it, bytes of the request, bytes of Streamlit's own frames beside it."""

    saved: float
    sent: float
    beside: float


class Status(NamedTuple):
    """Ms from a run's event to the pixels that show it, for calls one by one and for blocks that run at once."""

    alone: list[float]
    together: list[float]


def write_samples(home: Path, counts: tuple[int, ...]) -> None:
    for count in counts:
        save_flow(sample(count, f"sample-{count}"), home / "flows" / f"sample-{count}.json")


def address(app: App, count: int) -> str:
    return f"{app.url}/build?gpt=sample-{count}"


def first_paint(context: BrowserContext, app: App, count: int) -> float:
    with visit(context, address(app, count), count) as (_, _, drawn):
        return drawn


def work(context: BrowserContext, app: App, count: int) -> tuple[Smoothness, Edit, Status]:
    """What one visit to a flow shows, once the page has come to rest."""
    with visit(context, address(app, count), count) as (page, frame, _):
        settled(page)
        page.wait_for_timeout(2_000)
        status = run(page, app, count)
        page.wait_for_timeout(1_000)
        smoothness = drag_about(page, frame)
        settled(page)
        return smoothness, edit(page, frame, app, f"sample-{count}"), status


def edit(page: Page, frame: Frame, app: App, flow_id: str) -> Edit:
    requests: list[Request] = []
    page.on("request", lambda request: requests.append(request) if request.url.endswith("/ops") else None)
    frames = frames_sent(page)
    found = []
    for number in range(DROPS):
        requests.clear()
        frames.clear()
        path = app.home / "flows" / f"{flow_id}.json"
        held = grip(page, frame)
        saved = Saved(path, held.node)
        dropped = drop_aside(page, held, 40 if number % 2 else -40)
        moment = saved.moment()
        page.wait_for_timeout(600)
        settled(page)
        found.append(Edit((moment - dropped) * 1e3, sum(map(bytes_of, requests)), sum(frames)))
    return Edit(*(statistics.median(column) for column in zip(*found, strict=True)))


def bytes_of(request: Request) -> int:
    sizes = request.sizes()
    return sizes["requestHeadersSize"] + sizes["requestBodySize"]


class Saved:
    """Watches a flow's file for the moment it says a node stands elsewhere."""

    def __init__(self, path: Path, node: str) -> None:
        self._path, self._node, self._at = path, node, 0.0
        self._before = self._place()
        self._stamp = path.stat().st_mtime_ns
        self._thread = threading.Thread(target=self._watch)
        self._thread.start()

    def _place(self) -> Any:
        return json.loads(self._path.read_text("utf-8"))["layout"][self._node]

    def _watch(self) -> None:
        until = time.time() + 20
        while time.time() < until:
            if self._path.stat().st_mtime_ns != self._stamp:
                self._at = time.time()
                return
            time.sleep(0.0005)

    def moment(self) -> float:
        """Seconds since the epoch."""
        self._thread.join()
        if not self._at or self._place() == self._before:
            raise SystemExit(f"The move of {self._node} was not saved within 20 seconds.")
        return self._at


def run(page: Page, app: App, count: int) -> Status:
    """Ask by the chat, as people do, and see the run pass over the canvas."""
    page.evaluate(WATCH_STATUS)
    ask(page, "hello there")
    expect(page.locator('[data-node][data-status="done"]').first).to_be_visible(timeout=60_000)
    expect(page.locator('[data-node]:not([data-status="done"])')).to_have_count(0, timeout=60_000)
    page.wait_for_timeout(1_000)
    seen: dict[tuple[str, str], float] = {}
    for told in page.evaluate("() => window.__told"):
        seen.setdefault((told["node"], told["status"]), told["at"])
    events = happened(app.home, f"sample-{count}")
    last_alone = next(at for node, shown, at in events if (node, shown) == (LAST_MODEL, "running"))
    status = Status([], [])
    for node, shown, at in events:
        # What runs for less than a frame is never shown as running.
        if (node, shown) in seen:
            (status.alone if at <= last_alone else status.together).append((seen[node, shown] - at) * 1e3)
    return status


def happened(home: Path, flow_id: str) -> list[tuple[str, str, float]]:
    """The events of the latest run, as (node, status, seconds since the epoch)."""
    runs = RunStore(SqliteDatabase(home / "flowloom.db"))
    latest = runs.latest_run(flow_id)
    assert latest is not None
    shown = {NodeStarted: "running", NodeFinished: "done"}
    return [
        (event.node, shown[type(event)], event.at)
        for event in runs.events(latest)
        if isinstance(event, NodeStarted | NodeFinished)
    ]
