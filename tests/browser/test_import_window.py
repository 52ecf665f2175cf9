"""The import window takes files by mouse, keyboard and touch, keeps them on disk, and leaves nothing behind."""

import os
import re
import zipfile
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import App, expect_choosers
from tests.browser.test_journey import drawn

pytestmark = pytest.mark.browser

LARGE = 100_000_000


def kept(app: App) -> list[Path]:
    return list((app.home / "uploads").glob("*"))


def open_window(page: Page) -> None:
    page.get_by_role("button", name=re.compile("Import|导入|Importer")).first.click()
    expect(page.locator(".zone label")).to_be_visible()
    # A window that opens takes the focus: what is focused before loses it again.
    page.wait_for_function("document.querySelector('[role=dialog]').contains(document.activeElement)")
    drawn(page)


def memory_of(process: int) -> int:
    """The memory that a process holds now, in bytes."""
    pages = Path(f"/proc/{process}/statm").read_text().split()[1]
    return int(pages) * os.sysconf("SC_PAGE_SIZE")


@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="asks Linux for the memory")
def test_a_large_capsule_stays_out_of_memory(own_app: App, own_page: Page, tmp_path: Path) -> None:
    page, large = own_page, tmp_path / "large.capsule"
    with zipfile.ZipFile(large, "w") as archive:
        archive.writestr("manifest.json", "{}")
        with archive.open("data", "w", force_zip64=True) as part:
            for _ in range(LARGE // 1_000_000):
                part.write(os.urandom(1_000_000))
    open_window(page)
    before = memory_of(own_app.pid)
    page.locator(".zone input[type=file]").set_input_files(large)
    expect(page.locator("li", has_text="large.capsule")).to_be_visible(timeout=60_000)
    expect(page.get_by_test_id("stAlert")).to_be_visible()  # It is no capsule, which is said as of any.
    assert [path.stat().st_size for path in kept(own_app)] == [large.stat().st_size]
    assert memory_of(own_app.pid) - before < LARGE // 3
    page.get_by_role("button", name="Remove “large.capsule”").click()
    expect(page.locator("li", has_text="large.capsule")).to_have_count(0)
    assert not kept(own_app)


def test_a_window_that_closes_leaves_nothing(own_app: App, own_page: Page) -> None:
    page = own_page
    open_window(page)
    file = {"name": "a.json", "mimeType": "application/json", "buffer": b'{"flowloom": 1, "name": "Mine"}'}
    page.locator(".zone input[type=file]").set_input_files(file)  # type: ignore[arg-type]
    expect(page.get_by_role("button", name="Import this file")).to_be_visible()
    assert len(kept(own_app)) == 1
    page.keyboard.press("Escape")
    expect(page.locator(".zone")).to_have_count(0)
    page.get_by_role("link", name="My GPTs").click()
    for _ in range(50):
        if not kept(own_app):
            break
        page.wait_for_timeout(100)
    assert not kept(own_app)


def test_what_cannot_be_imported_is_told_by_name(own_app: App, own_page: Page) -> None:
    page = own_page
    open_window(page)
    file = {"name": "movie.mp4", "mimeType": "video/mp4", "buffer": b"x"}
    page.locator(".zone input[type=file]").set_input_files(file)  # type: ignore[arg-type]
    expect(page.locator("p[role=alert]")).to_have_text("“movie.mp4” is a type of file that can’t be imported.")
    assert not kept(own_app)


def test_the_keyboard_reaches_it(own_page: Page) -> None:
    page = own_page
    expect_choosers(page)
    open_window(page)
    page.locator(".zone input[type=file]").focus()
    with page.expect_file_chooser() as chooser:
        page.keyboard.press("Space")
    chooser.value.set_files({"name": "a.json", "mimeType": "application/json", "buffer": b'{"flowloom": 1}'})
    expect(page.locator("li", has_text="a.json")).to_be_visible()
    remove = page.get_by_role("button", name="Remove “a.json”")
    remove.focus()
    page.keyboard.press("Enter")
    expect(remove).to_have_count(0)


def test_a_file_is_dropped(own_page: Page) -> None:
    page = own_page
    open_window(page)
    page.locator(".zone").evaluate(
        """zone => {
          const data = new DataTransfer();
          data.items.add(new File(['{"flowloom": 1, "name": "Dropped"}'], "dropped.json"));
          zone.dispatchEvent(new DragEvent("drop", { dataTransfer: data, bubbles: true, cancelable: true }));
        }"""
    )
    # Its picture stands before its name; the file itself is called otherwise.
    expect(page.get_by_role("dialog").get_by_text(re.compile(r"(^|\s)Dropped$")).first).to_be_visible()
    expect(page.get_by_role("button", name="Import this file")).to_be_visible()


def test_a_finger_reaches_it_on_a_phone(on_phone: Page) -> None:
    page = on_phone
    expect_choosers(page)
    page.get_by_role("button", name="Import").first.tap()
    label = page.locator(".zone label")
    expect(label).to_be_visible()
    box, width = label.bounding_box(), page.viewport_size
    assert box
    assert width
    assert box["height"] >= 40
    assert box["x"] + box["width"] <= width["width"]
    with page.expect_file_chooser() as chooser:
        label.tap()
    chooser.value.set_files({"name": "a.json", "mimeType": "application/json", "buffer": b'{"flowloom": 1}'})
    expect(page.locator("li", has_text="a.json")).to_be_visible()
