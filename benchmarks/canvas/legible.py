"""How much of each template can be read as it opens at 1440 by 900, beside React Flow's own layout example.

The peer is the plain canvas of `@xyflow/react` with its default nodes (a name of 12 px in a box of 172 by 36),
placed by `@dagrejs/dagre` with the options of React Flow's dagre example, and fitted into the same board. Its boxes
show a name only and one line between two; ours show ports and settings as well, and a line a port. n8n's editor
does not run without its server, so it is not measured.
"""

import os
import subprocess
from pathlib import Path
from typing import NamedTuple

from playwright.sync_api import BrowserContext, Page, expect
from tests.browser.conftest import App
from tests.browser.legibility import PLAIN, Seen, look
from tests.browser.test_journey import use_template
from tests.browser.test_no_edit_is_lost import ready

from flowloom.flow.model import Flow
from flowloom.kinds.registry import all_kinds
from flowloom.store.templates import templates

FRONTEND = Path(__file__).parents[2] / "src" / "flowloom" / "ui" / "canvas" / "frontend"
EXAMPLE = Path(__file__).parent / "dagre_example.jsx"
HEADS = ("legible", "px", "overlaps / behind / crossings")


class Board(NamedTuple):
    """The part of the window that shows the flow."""

    width: int
    height: int


def legible_table(context: BrowserContext, app: App, folder: Path) -> list[list[str]]:
    """A row a template, ours and the peer's from left to right and from top to bottom, and the sums."""
    page = context.new_page()
    rows: list[tuple[str, list[Seen]]] = []
    bundle = bundled(folder)
    for template in templates("en"):
        mine, board = opened(page, app, template.flow.name)
        theirs = [drawn(context, bundle, template.flow, board, way) for way in ("LR", "TB")] if bundle else []
        rows.append((template.flow.name, [mine, *theirs]))
    page.close()
    peers = ("Flowloom", "React Flow + dagre LR", "React Flow + dagre TB")[: 3 if bundle else 1]
    head = ["opened at 1440 × 900", *(f"{peer}: {name}" for peer in peers for name in HEADS)]
    sums = [total([seen[at] for _, seen in rows]) for at in range(len(peers))]
    return [head, *([name, *cells(seen)] for name, seen in (*rows, ("all", sums)))]


def cells(seen: list[Seen]) -> list[str]:
    return [
        cell
        for one in seen
        for cell in (
            f"{one.legible}/{one.blocks}",
            f"{one.smallest:.1f}",
            f"{one.overlaps} / {one.behind} / {one.crossings}",
        )
    ]


def total(seen: list[Seen]) -> Seen:
    blocks, legible, _, *counts = (sum(column) for column in zip(*seen, strict=True))
    return Seen(int(blocks), int(legible), min(one.smallest for one in seen), *map(int, counts))


def opened(page: Page, app: App, name: str) -> tuple[Seen, Board]:
    page.goto(app.url)
    use_template(page, name)
    ready(page)
    expect(page.locator(".fl-root[data-routed]")).to_be_attached()
    box = page.locator(".fl-stage").bounding_box()
    assert box is not None
    return look(page), Board(round(box["width"]), round(box["height"]))


def bundled(folder: Path) -> Path | None:
    """The peer as one script with its style beside it; None without Node.js and the canvas's packages."""
    esbuild = FRONTEND / "node_modules" / ".bin" / "esbuild"
    if not esbuild.exists():
        print("The peer needs Node.js and `make canvas` once.")
        return None
    script = folder / "dagre_example.js"
    packages = {"NODE_PATH": str(FRONTEND / "node_modules")}
    command = [esbuild, EXAMPLE, "--bundle", "--jsx=automatic", f"--outfile={script}", "--log-level=error"]
    subprocess.run(command, env={**os.environ, **packages}, check=True)
    return script


def drawn(context: BrowserContext, bundle: Path, flow: Flow, board: Board, way: str) -> Seen:
    page = context.new_page()
    page.set_content(f'<div id="root" style="width:{board.width}px;height:{board.height}px"></div>')
    page.add_style_tag(path=bundle.with_suffix(".css"))
    page.add_script_tag(path=bundle)
    page.evaluate("([flow, way]) => window.draw(flow, way)", [plain(flow), way])
    expect(page.locator(".react-flow__node").last).to_be_visible()
    expect(page.locator(".react-flow__edge-path").first).to_be_attached()
    found = look(page, PLAIN)
    page.close()
    return found


def plain(flow: Flow) -> dict[str, list[dict[str, str]]]:
    """The blocks and notes by name, and one line between any two that are connected."""
    kinds = all_kinds()
    shown = [node for node in flow.nodes if node.kind != "group"]
    pairs = dict.fromkeys((edge.start.node, edge.end.node) for edge in flow.edges)
    return {
        "nodes": [{"id": node.id, "label": node.name or kinds[node.kind].label} for node in shown],
        "edges": [{"source": start, "target": end} for start, end in pairs],
    }
