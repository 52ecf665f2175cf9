"""What can be read of a canvas as it stands on the screen: blocks, overlaps, crossings, lines behind blocks."""

from typing import Any, NamedTuple

from playwright.sync_api import Page

SMALLEST = 12.0
"""Pixels a letter must have to be read."""


class Seen(NamedTuple):
    """One canvas as it opened, at the size of its window."""

    blocks: int
    legible: int
    """Wholly in sight, uncovered, and with no text below `SMALLEST`."""
    smallest: float
    """The size of the smallest text on the blocks, in pixels."""
    overlaps: int
    """Pairs of blocks that lie on each other."""
    behind: int
    """Lines that run behind a block."""
    crossings: int
    """Pairs of lines that cross, other than at a common end."""


FLOWLOOM = {
    "stage": ".fl-stage",
    "block": "[data-node]:not(.fl-group)",
    "text": ".fl-name, .fl-kind, .fl-summary, .fl-port-label, .fl-status-word, .fl-note p",
    "over": ".fl-toolbar, .fl-opener, .react-flow__minimap, .fl-finder",
    "line": ".react-flow__edge-path",
}
PLAIN = {"stage": ".react-flow", "block": ".react-flow__node", "text": ".react-flow__node *, .react-flow__node"}
PLAIN |= {"over": ".react-flow__controls, .react-flow__minimap", "line": ".react-flow__edge-path"}


def look(page: Page, names: dict[str, str] = FLOWLOOM) -> Seen:
    """Read off what the page shows now; `names` are the selectors of its parts."""
    found: dict[str, Any] = page.evaluate(LOOK, [names, SMALLEST])
    return Seen(**found)


LOOK = """([names, smallest]) => {
    const stage = document.querySelector(names.stage);
    const all = (name) => [...stage.querySelectorAll(names[name])];
    const rect = (element) => element.getBoundingClientRect();
    const board = rect(stage);
    const over = [...document.querySelectorAll(names.over)].map(rect).filter((one) => one.width);
    const meet = (a, b, by = 0) =>
        a.left < b.right - by && b.left < a.right - by && a.top < b.bottom - by && b.top < a.bottom - by;
    const scale = (element) => {
        const [first] = [element.closest('.react-flow__viewport')];
        return new DOMMatrix(getComputedStyle(first).transform).a;
    };
    const texts = all("text").filter((one) => one.textContent.trim() && rect(one).width);
    const sizeOf = (text) => parseFloat(getComputedStyle(text).fontSize) * scale(text);
    const blocks = all("block").map((element) => ({
        box: rect(element),
        least: Math.min(...texts.filter((text) => element.contains(text)).map(sizeOf)),
    })).filter(({ box }) => box.width);
    const inside = (box) =>
        box.left > board.left - 1 && box.top > board.top - 1 &&
        box.right < board.right + 1 && box.bottom < board.bottom + 1;
    const legible = blocks.filter(({ box, least }) =>
        least > smallest - 0.01 && inside(box) && !over.some((one) => meet(box, one)));
    const lines = all("line").map((path) => {
        const matrix = path.getScreenCTM();
        const long = path.getTotalLength();
        const count = Math.max(2, Math.ceil(long / 6));
        return Array.from({ length: count + 1 }, (_, at) => {
            const { x, y } = path.getPointAtLength((long * at) / count);
            return { x: x * matrix.a + matrix.e, y: y * matrix.d + matrix.f };
        });
    });
    const isIn = ({ x, y }, box) => x > box.left + 2 && x < box.right - 2 && y > box.top + 2 && y < box.bottom - 2;
    // The ends of a line lie on the edge of their blocks.
    const isBehind = (point) => blocks.some(({ box }) => isIn(point, box));
    const behind = lines.filter((line) => line.slice(2, -2).some(isBehind));
    const turn = (a, b, c) => Math.sign((b.x - a.x) * (c.y - a.y) - (b.y - a.y) * (c.x - a.x));
    const cross = (a, b, c, d) => turn(a, b, c) * turn(a, b, d) < 0 && turn(c, d, a) * turn(c, d, b) < 0;
    const near = (a, b) => Math.hypot(a.x - b.x, a.y - b.y) < 12;
    const ends = (line) => [line[0], line.at(-1)];
    const crosses = (one, other) => {
        for (let i = 1; i < one.length; i++) {
            for (let j = 1; j < other.length; j++) {
                if (!cross(one[i - 1], one[i], other[j - 1], other[j])) continue;
                const common = (end) => near(end, one[i]) && ends(other).some((last) => near(last, end));
                if (ends(one).some(common)) continue;
                return true;
            }
        }
        return false;
    };
    let [overlaps, crossings] = [0, 0];
    blocks.forEach((a, i) => blocks.slice(i + 1).forEach((b) => (overlaps += meet(a.box, b.box, 2) ? 1 : 0)));
    lines.forEach((a, i) => lines.slice(i + 1).forEach((b) => (crossings += crosses(a, b) ? 1 : 0)));
    const least = Math.min(...blocks.map((block) => block.least));
    return {
        blocks: blocks.length, legible: legible.length, smallest: Math.round(least * 10) / 10,
        overlaps, behind: behind.length, crossings,
    };
}"""
