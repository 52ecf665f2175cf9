"""Documents: added in one step, and missed where a GPT came without them."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import App, expect_choosers
from tests.browser.starting import open_template
from tests.browser.test_journey import BEES, ask, drawn, open_block

pytestmark = pytest.mark.browser


@pytest.fixture
def page(tab: Page) -> Page:
    return tab


FLOW = Path(__file__).parents[2] / "flows" / "knowledge-helper.json"
OWN = [
    {"name": "bees.md", "mimeType": "text/markdown", "buffer": BEES},
    {"name": "fair.md", "mimeType": "text/markdown", "buffer": b"# Fair\n\nThe school fair begins at three.\n"},
]


DRAGGED = """(files) => {
    const carried = new DataTransfer();
    for (const [name, text] of files) carried.items.add(new File([text], name));
    return carried;
}"""


def drop(page: Page) -> None:
    page.get_by_test_id("stFileUploader").locator("input[type=file]").set_input_files(OWN)  # type: ignore[arg-type]


def choose_import(page: Page, name: str, data: bytes) -> None:
    page.get_by_role("button", name="Import").click()
    file = {"name": name, "mimeType": "application/octet-stream", "buffer": data}
    page.locator(".zone input[type=file]").set_input_files(file)  # type: ignore[arg-type]


def import_flow(page: Page, data: bytes) -> None:
    choose_import(page, "a.json", data)
    page.get_by_role("button", name="Import this file").click()


def test_a_capsule_brings_its_documents_along(app: App, page: Page) -> None:
    open_template(app, page, "Knowledge helper")
    page.get_by_role("button", name="Export").click()
    said = page.get_by_test_id("stPopoverBody")
    expect(said).to_contain_text("The capsule holds: first-week.md, staff-handbook.md.")
    with page.expect_download() as waiting:
        said.get_by_role("button", name="GPT in one file").click()
    assert waiting.value.suggested_filename == "Knowledge helper.capsule"
    exported = Path(waiting.value.path()).read_bytes()
    page.keyboard.press("Escape")

    page.get_by_role("link", name="My GPTs").click()
    choose_import(page, "cut.capsule", exported[:-200])
    expect(page.get_by_text("This isn’t a capsule, or it was cut off.")).to_be_visible()
    page.keyboard.press("Escape")
    page.reload()
    choose_import(page, "mine.capsule", exported)
    expect(page.get_by_text("2 documents: first-week.md, staff-handbook.md")).to_be_visible()
    page.get_by_role("button", name="Import this file").click()
    expect(page.get_by_text("Ready to chat")).to_be_visible()
    ask(page, "How many days of holiday do I have?")
    expect(page.get_by_test_id("stChatMessage").last).to_contain_text("28 days")


def test_a_capsule_brings_the_search_index_alone(app: App, page: Page) -> None:
    open_template(app, page, "Knowledge helper")
    page.get_by_role("button", name="Export").click()
    said = page.get_by_test_id("stPopoverBody")
    said.get_by_text("Options for the capsule").click()
    expect(said).to_contain_text("The text of the passages can still be read in the capsule")
    said.get_by_text("Only the search index").click()
    expect(said).to_contain_text(
        "The capsule holds the search index of first-week.md, staff-handbook.md, not the original files."
    )
    with page.expect_download() as waiting:
        said.get_by_role("button", name="GPT in one file").click()
    exported = Path(waiting.value.path()).read_bytes()
    assert b"documents/" not in exported
    page.keyboard.press("Escape")

    page.get_by_role("link", name="My GPTs").click()
    choose_import(page, "mine.capsule", exported)
    window = page.get_by_role("dialog")
    expect(window).to_contain_text("Search index of 2 documents: first-week.md, staff-handbook.md")
    expect(window).to_contain_text("The original files are not included.")
    page.get_by_role("button", name="Import this file").click()
    expect(page.get_by_text("not the original files")).to_be_visible()
    expect(page.get_by_text("Ready to chat")).to_be_visible()
    ask(page, "How many days of holiday do I have?")
    expect(page.get_by_test_id("stChatMessage").last).to_contain_text("28 days")
    page.get_by_role("button", name="1 source").click()
    page.get_by_role("button", name="Open the document").first.click()
    shown = page.get_by_role("dialog")
    expect(shown).to_contain_text("Only the search index of “staff-handbook.md” is here, not the document.")
    expect(shown).to_contain_text("28 days")
    page.keyboard.press("Escape")
    open_block(page, "search")
    expect(page.get_by_text("search index only").first).to_be_visible()


def test_who_exports_and_who_imports_learns_of_the_documents(app: App, page: Page) -> None:
    open_template(app, page, "Knowledge helper")
    expect(page.get_by_text("Ready to chat")).to_be_visible()
    page.get_by_role("button", name="Export").click()
    said = page.get_by_test_id("stPopoverBody")
    expect(said).to_contain_text("The flow file holds no documents.")
    with page.expect_download() as waiting:
        said.get_by_role("button", name="Flow file").click()
    exported = Path(waiting.value.path()).read_bytes()
    page.keyboard.press("Escape")

    page.get_by_role("link", name="My GPTs").click()
    import_flow(page, exported)
    expect(page.get_by_text("The documents of this GPT are not in its file.")).to_be_visible()
    expect(page.get_by_role("button", name="1 problem")).to_be_visible()
    expect(page.get_by_text("Ready to chat")).to_have_count(0)
    lacks = page.locator("[data-node=search]").get_by_label("“Look it up” has no documents to search.")
    expect(lacks).to_be_visible()

    drop(page)
    expect(page.get_by_text("2 documents added, 2 passages")).to_be_visible()
    expect(page.get_by_text("Ready to chat")).to_be_visible()
    expect(lacks).to_have_count(0)
    expect(page.get_by_text("are not in its file")).to_have_count(0)
    ask(page, "When is the honey harvest?")
    expect(page.get_by_test_id("stChatMessage").last).to_contain_text("second Sunday of July")
    expect(page.get_by_role("button", name="1 source")).to_be_visible()


def test_the_panel_of_a_search_begins_with_its_documents(app: App, page: Page) -> None:
    open_template(app, page, "Knowledge helper")
    open_block(page, "search")
    expect(page.get_by_label("Block name")).to_be_visible()
    zone = page.get_by_test_id("stFileUploader")
    expect(zone).to_be_in_viewport()
    label = zone.locator("button p")
    expect(label).to_have_css("font-size", "0px")
    assert label.evaluate("it => getComputedStyle(it, '::after').content") == '"Choose files"'
    for expert in ("Tags", "Only these documents"):
        expect(page.get_by_label(expert, exact=True).first).not_to_be_visible()
    drop(page)
    expect(page.get_by_text("2 documents added, 2 passages")).to_be_in_viewport()
    page.get_by_text("Search options").click()
    expect(page.get_by_label("Tags", exact=True).first).to_be_visible()


def test_documents_are_dropped_on_the_card_that_searches_them(app: App, page: Page) -> None:
    page.goto(app.url)
    import_flow(page, FLOW.read_bytes())
    card = page.locator("[data-node=search]")
    choose = card.get_by_role("button", name="Drop documents here, or click to choose")
    expect(choose).to_be_visible()
    drawn(page)

    files = [[each["name"], each["buffer"].decode()] for each in OWN]  # type: ignore[attr-defined]
    carried = {"dataTransfer": page.evaluate_handle(DRAGGED, [*files, ["tool.exe", "MZ"]])}
    for kind in ("dragenter", "dragover"):
        card.dispatch_event(kind, carried)
    expect(card).to_have_attribute("data-over", "true")
    expect(card.get_by_text("Drop documents here", exact=True)).to_be_visible()
    card.dispatch_event("drop", carried)
    expect(card).to_contain_text("2 documents added, 2 passages")
    expect(card).to_contain_text("“tool.exe” is a type of file that can’t be read.")
    expect(card.get_by_text("Drop documents here", exact=True)).not_to_be_visible()
    card.get_by_label("Close").click()
    expect(choose).to_have_count(0)
    expect(page.get_by_text("Ready to chat")).to_be_visible()
    expect(page.get_by_text("Answers from 2 documents, 2 passages.")).to_be_visible()

    # Elsewhere on the canvas the page stays, and says where to drop them.
    assert page.locator(".react-flow__pane").evaluate(
        """(pane, dataTransfer) => {
            const drop = new DragEvent("drop", { dataTransfer, bubbles: true, cancelable: true });
            return !pane.dispatchEvent(drop);
        }""",
        page.evaluate_handle(DRAGGED, files),
    )
    expect(page.get_by_text("To add documents, drop them on a “Search knowledge” block.")).to_be_visible()
    ask(page, "When is the honey harvest?")
    expect(page.get_by_test_id("stChatMessage").last).to_contain_text("second Sunday of July")
    expect(page.get_by_role("button", name="1 source")).to_be_visible()


def test_documents_are_chosen_from_the_card_by_key(app: App, page: Page) -> None:
    page.goto(app.url)
    expect_choosers(page)
    import_flow(page, FLOW.read_bytes())
    choose = page.get_by_test_id("documents-search")
    expect(choose).to_be_visible()
    drawn(page)
    with page.expect_file_chooser() as waiting:
        choose.press("Enter")
    waiting.value.set_files(OWN[:1])  # type: ignore[arg-type]
    expect(page.locator("[data-node=search]")).to_contain_text("1 document added, 1 passage")
