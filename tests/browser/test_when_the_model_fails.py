"""A model server set up in Settings, and all it can do wrong: a sentence in the chat, a mark on the block."""

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from flowloom.services.models.settings import load_settings
from tests.browser.conftest import App, WarmApp
from tests.browser.test_journey import ask, open_block
from tests.openai_server import OpenAIServer, Say

pytestmark = pytest.mark.browser


@pytest.fixture
def page(tab: Page) -> Page:
    return tab


KEY = "sk-loopback-3f9a8b7c6d5e4f3a2b1c0d9e"


@pytest.fixture(scope="module")
def set_up(tmp_path_factory: pytest.TempPathFactory, chromium: Browser, server: OpenAIServer) -> Iterator[App]:
    """An app whose person has added the server and its key on the Settings page."""
    app = WarmApp(tmp_path_factory.mktemp("models") / "home")
    try:
        add_server(app, chromium.new_page(), server)
        yield app
    finally:
        app.stop()


def add_server(app: App, page: Page, server: OpenAIServer) -> None:
    page.set_default_timeout(20_000)
    app.let_in(page.context)
    page.goto(f"{app.url}/settings")
    page.get_by_label("Add a provider").click()
    page.get_by_role("option", name="Another OpenAI-compatible server").click()
    page.get_by_label("Name", exact=True).fill("Loopback")
    page.get_by_label("Server address").fill(server.url)
    page.get_by_label("Key (leave empty if the server doesn’t need one)").fill(KEY)
    page.get_by_role("button", name="Test and add").click()
    page.get_by_role("button", name="Use it everywhere").click()
    wait_until(lambda: load_settings(app.home).roles["default"] == "loopback/m")
    page.close()


def wait_until(holds: Callable[[], bool]) -> None:
    """Wait for what the page shows before the server has it."""
    for _ in range(200):
        if holds():
            return
        time.sleep(0.05)
    raise AssertionError("it did not come to hold within ten seconds")


def test_a_real_answer_streams(server: OpenAIServer, page: Page, chat: Locator) -> None:
    server.script.append(Say("Honey comes in July."))
    ask(page, "When is the harvest?")
    expect(chat.last).to_contain_text("Honey comes in July.")
    assert server.requests[-1].headers["authorization"] == f"Bearer {KEY}"


FAILURES = {
    "wrong key": (Say(status=401, error={"message": f"Incorrect API key provided: {KEY}"}), "key"),
    "too many": (Say(status=429, error={"message": "slow down"}), "Loopback"),
    "broken": (Say(status=500, error={"message": "oops"}), "Loopback"),
    "garbage": (Say(trouble="garbage"), "Loopback"),
    "a web page": (Say(trouble="html"), "Loopback"),
    "half": (Say("Honey comes in", trouble="half"), "Loopback"),
    "hung up": (Say(trouble="drop"), "Loopback"),
    "empty": (Say(trouble="empty"), "Loopback"),
}


@pytest.mark.parametrize("name", FAILURES)
def test_what_goes_wrong_is_said_where_it_belongs(
    server: OpenAIServer, page: Page, chat: Locator, set_up: App, name: str
) -> None:
    say, word = FAILURES[name]
    server.script.extend([say] * 6)
    ask(page, "When is the harvest?")
    said = chat.last.get_by_test_id("stAlert")
    expect(said).to_contain_text(word)
    expect(page.locator('[data-node="model"][data-status="failed"]')).to_be_visible()
    chat.last.get_by_role("button", name="Show “Write the answer”").click()
    expect(page.get_by_label("Block name")).to_be_visible()
    assert KEY not in page.content()
    assert KEY.encode() not in everything_in(set_up)


def everything_in(app: App) -> bytes:
    paths = [app.log, *(path for path in app.home.rglob("*") if path.is_file())]
    return b"".join(Path(path).read_bytes() for path in paths)


def test_a_pdf_that_is_none_is_refused_with_a_reason(page: Page, chat: Locator) -> None:
    open_block(page, "search")
    expect(page.get_by_label("Block name")).to_be_visible()
    chooser = page.get_by_test_id("stFileUploader").locator("input[type=file]")
    for name, data in {"report.pdf": b"%PDF-1.7\nnothing", "picture.txt": b"\x89PNG\x00\x01\x02"}.items():
        # The one that took a file goes when another stands there.
        expect(chooser).to_have_count(1)
        chooser.set_input_files({"name": name, "mimeType": "application/octet-stream", "buffer": data})
        expect(page.get_by_test_id("stAlert").filter(has_text=name)).to_be_visible()


def test_a_message_of_a_megabyte_is_answered_or_refused_in_words(
    server: OpenAIServer, page: Page, chat: Locator
) -> None:
    server.script.append(Say("That was long."))
    box = page.get_by_test_id("stChatInputTextArea")
    box.evaluate(
        """(box) => {
            const set = Object.getOwnPropertyDescriptor(HTMLTextAreaElement.prototype, "value").set;
            set.call(box, "bees ".repeat(200_000));
            box.dispatchEvent(new Event("input", { bubbles: true }));
        }"""
    )
    box.press("Enter")
    expect(chat.last.or_(page.get_by_test_id("stAlert").last).last).to_contain_text("long", timeout=60_000)
    expect(page.get_by_test_id("canvas")).to_be_visible()
