"""Lays out every template anew, as *Tidy up* does in a window of 1440 by 900, and changes nothing else of it.

python -m tests.browser.tidy_templates
"""

import json
import tempfile
from pathlib import Path

from playwright.sync_api import Page, expect, sync_playwright

from flowloom.flow.file import load_flow, save_flow
from flowloom.flow.model import Position
from tests.browser.conftest import ARGUMENTS, App, find_chromium
from tests.browser.test_canvas_by_hand import show_all
from tests.browser.test_no_edit_is_lost import ready, settled, shown

FLOWS = Path(__file__).parents[2] / "flows"


def tidied(page: Page) -> dict[str, Position]:
    """The places of the open flow after it was tidied, twice, as the first shows the cards as they will be."""
    for _ in range(2):
        page.get_by_test_id("tool-tidy").click()
        settled(page)
        show_all(page)
    return {id: Position.model_validate(at) for id, at in shown(page)["layout"].items()}


def tidy(path: Path, layout: dict[str, Position]) -> None:
    """Write the places into the file of a template, from its own upper left corner on."""
    flow = json.loads(path.read_text("utf-8"))
    kept = {id: at for id, at in layout.items() if id in flow["layout"]}
    left, top = min(at.x for at in kept.values()), min(at.y for at in kept.values())
    flow["layout"] = {id: {"x": kept[id].x - left, "y": kept[id].y - top} for id in flow["layout"]}
    path.write_text(json.dumps(flow, indent=2, ensure_ascii=False) + "\n", "utf-8")


def main() -> None:
    expect.set_options(timeout=90_000)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=ARGUMENTS)
        app = App(Path(tempfile.mkdtemp()) / "home")
        page = browser.new_page(viewport={"width": 1440, "height": 900})
        page.set_default_timeout(90_000)
        app.let_in(page.context)
        for path in sorted(FLOWS.glob("*.json")):
            flow = load_flow(path).model_copy(update={"id": f"tidy-{path.stem}"})
            save_flow(flow, app.home / "flows" / f"{flow.id}.json")
            page.goto(f"{app.url}/build?gpt={flow.id}")
            ready(page)
            tidy(path, tidied(page))
        browser.close()
        app.stop()


if __name__ == "__main__":
    main()
