"""The canvas in a real browser, with 50, 200 and 500 blocks, and `streamlit-flow-component` beside it.

    make bench-ui
    python -m benchmarks.ui --memory-minutes 5
    python -m benchmarks.ui --legible

First, how much of every template can be read as it opens, beside React Flow's own layout example.

First paint runs from navigation until every block is drawn. A moved block is saved once its file on disk says so;
of the component, which saves nothing, it is the moment its Python script sees the move. A status counts from the
event in the log of the run to the frame that shows it. Then the canvas is edited at speed for some minutes, to see
what page and server hold on to. An aim that is not reached is printed as missed.
"""

import argparse
import os
import statistics
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from playwright.sync_api import Browser, sync_playwright
from tests.browser.conftest import ARGUMENTS, App, find_chromium
from tests.openai_server import OpenAIServer

from benchmarks.canvas import component, legible, memory, ours
from benchmarks.canvas.hand import Smoothness, new_context
from benchmarks.first_token import settings_for
from flowloom.services.models.settings import save_settings

COUNTS = (50, 200, 500)
VISITS = 5
CALL = 0.3
"""Seconds a model call takes."""


class Measured(NamedTuple):
    """What one canvas shows with one number of blocks."""

    paint: float
    empty: float
    drag: Smoothness
    edit: ours.Edit | component.Edit
    status: ours.Status | None = None


@dataclass(frozen=True)
class Row:
    """One line of the table; `below` is the aim, which holds for the counts from `since` on."""

    title: str
    figure: Callable[[Measured], float | None]
    below: float | None = None
    since: int = 0
    digits: int = 0


def status_of(measured: Measured, figure: Callable[[ours.Status], float]) -> float | None:
    return figure(measured.status) if measured.status else None


ROWS = (
    Row("first paint, ms", lambda one: one.paint),
    Row("the same page with an empty flow, ms", lambda one: one.empty),
    Row("first paint / empty", lambda one: one.paint / one.empty, below=2, since=500, digits=2),
    Row("frames a second while dragging", lambda one: one.drag.frames),
    Row("tasks over 50 ms while dragging", lambda one: len(one.drag.tasks)),
    Row("longest of them, ms", lambda one: one.drag.longest, below=100),
    Row("bytes sent for a moved node", lambda one: one.edit.sent, below=2_000),
    Row(
        "Streamlit's own frames meanwhile, bytes",
        lambda one: one.edit.beside if isinstance(one.edit, ours.Edit) else None,
    ),
    Row("from drop to saved (seen by Python), ms", lambda one: one.edit.saved),
    Row(
        "status to pixels, median, ms",
        lambda one: status_of(one, lambda status: statistics.median(status.alone)),
        below=100,
    ),
    Row("status to pixels, worst, ms", lambda one: status_of(one, lambda status: max(status.alone)), below=100),
    Row(
        "all blocks at once: median, ms",
        lambda one: status_of(one, lambda status: statistics.median(status.together)),
        below=100,
    ),
    Row(
        "all blocks at once: worst, ms", lambda one: status_of(one, lambda status: max(status.together)), below=100
    ),
)


def measure_ours(browser: Browser, app: App) -> list[Measured]:
    context = new_context(browser)
    app.let_in(context)
    paint = first_paints(lambda count: ours.first_paint(context, app, count))
    work = {count: ours.work(context, app, count) for count in COUNTS}
    context.close()
    return [Measured(paint[count], paint[0], *work[count]) for count in COUNTS]


def measure_component(browser: Browser, folder: Path) -> list[Measured]:
    context = new_context(browser)
    with component.component(folder) as peer:
        paint = first_paints(lambda count: component.first_paint(context, peer, count))
        work = {count: component.work(context, peer, count) for count in COUNTS}
    context.close()
    return [Measured(paint[count], paint[0], *work[count]) for count in COUNTS]


def first_paints(visit: Callable[[int], float]) -> dict[int, float]:
    """The median by count, in rounds, so that what else the machine does falls on all alike."""
    rounds = [{count: visit(count) for count in (0, *COUNTS)} for _ in range(VISITS + 1)]
    return {count: statistics.median(each[count] for each in rounds[1:]) for count in (0, *COUNTS)}


def table_of(mine: list[Measured], theirs: list[Measured]) -> list[list[str]]:
    heads = [f"{name}, {count}" for name in ("Flowloom", "component") for count in COUNTS]
    return [["canvas", "aim", *heads, "verdict"], *(line_of(row, mine, theirs) for row in ROWS)]


def line_of(row: Row, mine: list[Measured], theirs: list[Measured]) -> list[str]:
    figures = [row.figure(one) for one in (*mine, *theirs)]
    cells = ["–" if figure is None else f"{figure:,.{row.digits}f}" for figure in figures]
    if row.below is None:
        return [row.title, "", *cells, ""]
    counted = [(count, figure) for count, figure in zip(COUNTS, figures, strict=False) if count >= row.since]
    missed = [str(count) for count, figure in counted if figure is None or figure >= row.below]
    aim = f"< {row.below:,.0f}" + (f" at {row.since}" if row.since else "")
    return [row.title, aim, *cells, f"missed at {', '.join(missed)}" if missed else "met"]


def memory_table(points: list[memory.Point]) -> list[list[str]]:
    shapes = "{:.1f} {:,} {:.1f} {:,} {:,} {:.0f}".split()
    head = ["editing at speed, minutes", "edits", "JS heap after gc, MB", "DOM nodes", "listeners", "server, MB"]
    return [
        head,
        *([shape.format(figure) for shape, figure in zip(shapes, point, strict=True)] for point in points),
    ]


def show(table: Sequence[Sequence[str]]) -> None:
    widths = [max(map(len, column)) for column in zip(*table, strict=True)]
    for number, row in enumerate(table):
        print(f"| {' | '.join(aligned(row, widths))} |")
        if number == 0:
            print(f"|{'|'.join('-' * (width + 2) for width in widths)}|")


def aligned(row: Sequence[str], widths: Sequence[int]) -> list[str]:
    (title, *cells), (wide, *others) = row, widths
    return [title.ljust(wide), *(cell.rjust(width) for cell, width in zip(cells, others, strict=True))]


def say_growth(points: list[memory.Point]) -> None:
    for title, name in (
        ("JS heap", "heap"),
        ("DOM nodes", "elements"),
        ("listeners", "listeners"),
        ("server", "server"),
    ):
        growth = memory.grown(points, name)
        verdict = "flat" if growth < memory.FLAT else "missed: it grows"
        print(f"{title}: × {growth:.2f} since the warm-up (aim: flat, < × {memory.FLAT}), {verdict}")


def main() -> None:
    parser = argparse.ArgumentParser(description="Measure the canvas in a real browser.")
    parser.add_argument("--memory-minutes", type=float, default=1.0, help="how long to edit at speed (default: 1)")
    parser.add_argument("--legible", action="store_true", help="only how the templates open")
    call = parser.parse_args()
    minutes = call.memory_minutes
    with OpenAIServer(delay=CALL) as server, tempfile.TemporaryDirectory() as name, sync_playwright() as playwright:
        folder = Path(name)
        (folder / "home").mkdir()
        save_settings(folder / "home", settings_for(server))
        ours.write_samples(folder / "home", (0, *COUNTS))
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=ARGUMENTS)
        print(f"Chromium {browser.version}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}", flush=True)
        app = App(folder / "home")
        try:
            context = new_context(browser)
            app.let_in(context)
            show(legible.legible_table(context, app, folder))
            context.close()
            if call.legible:
                return
            print(flush=True)
            mine = measure_ours(browser, app)
            theirs = measure_component(browser, folder)
            show(table_of(mine, theirs))
            print(flush=True)
            context = new_context(browser)
            app.let_in(context)
            points = memory.remember(context, app, COUNTS[0], minutes)
            show(memory_table(points))
            say_growth(points)
        finally:
            browser.close()
            app.stop()


if __name__ == "__main__":
    main()
