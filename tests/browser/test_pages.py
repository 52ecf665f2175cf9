"""Configure, My GPTs, import, attachments, languages, dark and small screens."""

import json
import re
from pathlib import Path
from typing import Literal

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from flowloom.store.templates import templates_folder
from tests.browser.conftest import App
from tests.browser.test_journey import ask, drawn, use_template
from tests.browser.test_no_edit_is_lost import ready
from tests.browser.test_when_the_model_fails import wait_until

pytestmark = pytest.mark.browser


def tab(page: Page, name: str) -> None:
    page.get_by_role("radio", name=name, exact=True).click()


def test_a_gpt_is_configured_and_talked_to_without_drawing(own_page: Page) -> None:
    page = own_page
    page.get_by_role("button", name="New GPT").click()
    expect(page.get_by_test_id("canvas")).to_be_visible()
    tab(page, "Configure")
    page.get_by_role("textbox", name="Description").fill("Knows all about bees")
    page.get_by_role("textbox", name="New conversation starter").fill("What is 17.5% of 2480?")
    page.keyboard.press("Enter")
    expect(page.get_by_role("textbox", name="Conversation starter 1")).to_have_value("What is 17.5% of 2480?")
    drawn(page)
    page.get_by_test_id("stPopover").filter(has_text="Picture").get_by_role("button").click()
    page.get_by_role("radio", name="school").click()
    page.keyboard.press("Escape")
    page.get_by_text("Sums and dates", exact=True).click()
    expect(page.locator("[data-node=calculator]")).to_be_visible()
    expect(page.locator("[data-node]")).to_have_count(5)
    tab(page, "Chat")
    # Not in the field, which may stand there a moment longer than the panel it is in.
    expect(page.get_by_test_id("stMarkdownContainer").get_by_text("Knows all about bees")).to_be_visible()
    page.get_by_role("button", name="What is 17.5% of 2480?").click()
    expect(page.get_by_test_id("stChatMessage").last).to_contain_text("434")
    tab(page, "Configure")
    page.get_by_role("button", name="Undo").last.click()
    expect(page.locator("[data-node=calculator]")).to_have_count(0)


def choose(page: Page, what: str) -> None:
    """In the menu of the first GPT."""
    page.get_by_role("button", name="More").first.click()
    page.get_by_role("menuitem", name=what).click()


def names_kept(app: App) -> set[str]:
    return {json.loads(file.read_text("utf-8"))["name"] for file in (app.home / "flows").glob("*.json")}


def test_a_gpt_is_renamed_copied_with_its_documents_deleted_and_brought_back(own_app: App, own_page: Page) -> None:
    page = own_page
    use_template(page, "Knowledge helper")
    page.get_by_role("link", name="My GPTs").click()
    choose(page, "Duplicate")
    expect(page.get_by_text("Knowledge helper (copy)")).to_be_visible()
    choose(page, "Name and folder")
    page.get_by_role("dialog").get_by_label("Name").fill("Handbook helper")
    page.keyboard.press("Enter")
    # On a busy machine the window may be closed before the browser has sent what was typed in it.
    wait_until(lambda: "Handbook helper" in names_kept(own_app))
    page.keyboard.press("Escape")
    expect(page.get_by_role("heading", name="Handbook helper")).to_be_visible()
    page.get_by_role("button", name="Open").first.click()
    ask(page, "How many days of holiday do I have?")
    expect(page.get_by_test_id("stChatMessage").last).to_contain_text("28 days")
    page.get_by_role("link", name="My GPTs").click()
    choose(page, "Delete")
    expect(page.get_by_text("was deleted")).to_be_visible()
    assert len(list((own_app.home / "flows").glob("*.json"))) == 1
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_role("button", name="Open")).to_have_count(2)
    assert len(list((own_app.home / "flows").glob("*.json"))) == 2


def test_a_file_is_imported_or_refused_with_a_reason(own_app: App, own_page: Page) -> None:
    page = own_page
    page.get_by_role("button", name="Import").click()
    chooser = page.locator(".zone input[type=file]")
    chooser.set_input_files({"name": "broken.json", "mimeType": "application/json", "buffer": b'{"flowloom": 1, '})
    expect(page.get_by_test_id("stAlert")).to_be_visible()
    assert not list((own_app.home / "flows").glob("*.json"))
    chooser.set_input_files(str(templates_folder() / "support-desk.json"))
    expect(page.get_by_text("support-desk.json", exact=True)).to_be_visible()
    expect(page.get_by_test_id("stAlert")).to_have_count(0)  # the new file has arrived
    page.get_by_role("button", name="Import this file").click()
    expect(page.get_by_test_id("canvas").locator("[data-node=refund]")).to_be_visible()


def test_a_share_card_is_a_picture_that_holds_the_gpt(own_app: App, own_page: Page, tmp_path: Path) -> None:
    page = own_page
    use_template(page, "Support desk")
    page.get_by_role("button", name="Export").click()
    with page.expect_download() as download:
        page.get_by_role("button", name="Share card").click()
    download.value.save_as(tmp_path / "desk.png")
    with Image.open(tmp_path / "desk.png") as card:
        assert card.size[0] / card.size[1] == pytest.approx(1200 / 630, abs=0.01)
    page.goto(own_app.url)
    page.get_by_role("button", name="Import").click()
    page.locator(".zone input[type=file]").set_input_files(tmp_path / "desk.png")
    page.get_by_role("button", name="Import this file").click()
    expect(page.get_by_test_id("canvas").locator("[data-node=refund]")).to_be_visible()


def test_an_attachment_reaches_the_flow(own_app: App, own_page: Page) -> None:
    page = own_page
    use_template(page, "Form filler")
    with page.expect_response(lambda answer: "upload_file" in answer.url):
        page.get_by_test_id("stChatInput").locator("input[type=file]").set_input_files(
            {"name": "note.txt", "mimeType": "text/plain", "buffer": b"Ada Lovelace"}
        )
    expect(page.get_by_text("note.txt")).to_be_visible()
    page.get_by_test_id("stChatInputTextArea").fill("ada@example.org")
    page.get_by_test_id("stChatInputSubmitButton").click()
    chat = page.get_by_test_id("stChatMessage")
    expect(chat.first).to_contain_text("note.txt")
    expect(chat.last).to_contain_text("ada@example.org")


ENGLISH = re.compile(r"\b(?:Saved|Ready|Search blocks|Export|Settings|Models|Template|Use this|Look inside)\b")


@pytest.mark.parametrize(("language", "new"), [("中文", "新建 GPT"), ("Français", "Nouveau GPT")])
def test_every_page_speaks_the_language(own_app: App, own_page: Page, language: str, new: str) -> None:
    page = own_page
    page.get_by_role("radio", name=language, exact=True).click()
    expect(page.get_by_role("button", name=new)).to_be_visible()
    expect(page.locator("body")).not_to_contain_text(ENGLISH)
    drawn(page)
    page.get_by_role("button", name=new).click()
    ready(page)
    code = {"中文": "zh", "Français": "fr"}[language]
    expect(page.get_by_test_id("canvas")).to_have_attribute("lang", code)
    expect(page.locator("body")).not_to_contain_text(ENGLISH)
    page.goto(f"{own_app.url}/settings?lang={code}")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    expect(page.locator("body")).not_to_contain_text(ENGLISH)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [(1440, 900), (390, 844)])
def test_pages_fit_the_screen(
    app: App, page: Page, scheme: Literal["light", "dark"], size: tuple[int, int]
) -> None:
    width, height = size
    page.set_viewport_size({"width": width, "height": height})
    page.emulate_media(color_scheme=scheme)
    use_template(page, "Form filler")
    if width < 640:
        page.get_by_role("radio", name="Canvas").click()
    ready(page)
    expect(page.locator(".flowloom-canvas")).to_have_attribute("data-theme", scheme)
    expect(page.get_by_test_id("stChatInputTextArea")).to_be_attached()
    for path in ("", "/build", "/knowledge", "/runs", "/settings"):
        page.goto(page.url if path == "/build" else f"{app.url}{path}")
        expect(page.get_by_test_id("stMain")).to_be_visible()
        room = page.evaluate("() => [document.documentElement.scrollWidth, window.innerWidth]")
        assert room[0] <= room[1]


def test_a_click_that_leaves_is_not_overtaken(own_page: Page) -> None:
    page = own_page
    use_template(page, "Support desk")
    for _ in range(4):
        page.get_by_test_id("canvas").locator("[data-node=refund]").click(position={"x": 60, "y": 16})
        page.wait_for_timeout(100)  # the canvas is about to tell what is selected
        page.get_by_role("link", name="My GPTs").click()
        expect(page.get_by_role("button", name="New GPT")).to_be_visible()
        page.get_by_role("button", name="Open", exact=True).first.click()
        ready(page)


def test_what_is_exported_can_be_imported(own_app: App, own_page: Page) -> None:
    page = own_page
    use_template(page, "Support desk")
    page.get_by_role("button", name="Export").click()
    with page.expect_download() as waiting:
        page.get_by_role("button", name="Flow file").click()
    exported = Path(waiting.value.path()).read_bytes()
    page.get_by_role("link", name="My GPTs").click()
    page.get_by_role("button", name="Import").click()
    page.locator(".zone input[type=file]").set_input_files(
        {"name": "desk.flow.json", "mimeType": "application/json", "buffer": exported}
    )
    page.get_by_role("button", name="Import this file").click()
    ready(page)
    flows = [json.loads(path.read_text("utf-8")) for path in (own_app.home / "flows").glob("*.json")]
    assert len(flows) == 2
    assert flows[0]["nodes"] == flows[1]["nodes"]
