"""A newcomer's path: template, own file, question, changed prompt, question, export."""

import json
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser

BEES = b"# Bees\n\nOur two hives stand behind the chapel. The honey harvest is on the second Sunday of July.\n"


def use_template(page: Page, name: str) -> None:
    card = page.locator("[class*=st-key-template-]").filter(has_text=name)
    card.get_by_role("button", name="Use this template").click()
    expect(page.get_by_test_id("canvas")).to_be_attached()
    expect(page.get_by_test_id("stChatInputTextArea")).to_be_visible()


def drawn(page: Page) -> None:
    """Wait until the page is drawn to its end: what is clicked before may be replaced under the mouse."""
    expect(page.get_by_test_id("stApp")).to_have_attribute("data-test-script-state", "notRunning")


def ask(page: Page, message: str) -> None:
    box = page.get_by_test_id("stChatInputTextArea")
    # It may only come with the drawing that is to be waited for.
    expect(box).to_be_visible()
    drawn(page)
    box.fill(message)
    # While a file is on its way up, nothing can be sent.
    expect(page.get_by_role("button", name="Send message")).to_be_enabled()
    box.press("Enter")


def open_block(page: Page, node: str) -> None:
    page.locator(f'[data-node="{node}"]').click(position={"x": 60, "y": 16})


def test_newcomer(page: Page, tmp_path: Path) -> None:
    use_template(page, "Knowledge helper")
    ask(page, "How many days of holiday do I have?")
    chat = page.get_by_test_id("stChatMessage")
    expect(chat.last).to_contain_text("28 days")
    expect(
        page.locator('[data-node="answer"][data-status="done"], [data-node="answer"] [data-status="done"]').first
    ).to_be_visible()

    open_block(page, "search")
    expect(page.get_by_label("Block name")).to_be_visible()
    page.get_by_test_id("stFileUploader").locator("input[type=file]").set_input_files(
        {"name": "bees.md", "mimeType": "text/markdown", "buffer": BEES}
    )
    expect(page.get_by_test_id("stMarkdown").filter(has_text="bees.md")).to_contain_text("1 passage")
    page.get_by_role("radio", name="Chat", exact=True).click()
    ask(page, "When is the honey harvest?")
    expect(chat.last).to_contain_text("second Sunday of July")

    open_block(page, "prompt")
    prompt = page.locator("textarea").filter(has_text="Answer this question").first
    prompt.fill("In one sentence: {{message}}")
    page.keyboard.press("Tab")
    page.get_by_role("radio", name="Chat", exact=True).click()
    ask(page, "Where do the hives stand?")
    expect(chat.last).to_contain_text("chapel")

    page.get_by_role("button", name="Export").click()
    with page.expect_download() as waiting:
        page.get_by_role("button", name="Flow file").click()
    flow = json.loads(Path(waiting.value.path()).read_text("utf-8"))
    prompts = [node["config"]["template"] for node in flow["nodes"] if node["kind"] == "prompt"]
    assert prompts == ["In one sentence: {{message}}"]
    with page.expect_download() as waiting:
        page.get_by_role("button", name="Picture (PNG)").click()
    assert Path(waiting.value.path()).read_bytes().startswith(b"\x89PNG")
