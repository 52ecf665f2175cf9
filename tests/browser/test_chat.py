"""The chat: ask again, edit, branch, find an earlier conversation, rate, and see why."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import App
from tests.browser.starting import open_template
from tests.browser.test_journey import ask
from tests.services.test_pictures import picture

pytestmark = pytest.mark.browser


@pytest.fixture
def page(tab: Page) -> Page:
    return tab


LARGE = picture() + bytes(11 * 1_048_576)


@pytest.fixture
def chat(app: App, page: Page) -> Page:
    open_template(app, page, "Knowledge helper")
    ask(page, "How many days of holiday do I have?")
    expect(page.get_by_test_id("stChatMessage").last).to_contain_text("28 days")
    expect(page.get_by_role("button", name="Try again")).to_be_visible()
    return page


def test_the_last_message_is_edited_in_its_place(chat: Page) -> None:
    chat.get_by_test_id("stPopover").filter(has_text="Edit").get_by_role("button").click()
    chat.get_by_label("Your message").fill("May I work from home?")
    chat.get_by_role("button", name="Resend").click()
    messages = chat.get_by_test_id("stChatMessage")
    expect(messages.last).to_contain_text("three days")
    expect(messages).to_have_count(2)
    expect(messages.first).to_contain_text("May I work from home?")


def test_an_answer_is_asked_for_again_and_branched(chat: Page) -> None:
    messages = chat.get_by_test_id("stChatMessage")
    again = chat.locator("[class*=st-key-icon_again-]")
    names = (again.get_attribute("class") or "").split()
    first = next(name for name in names if name.startswith("st-key-icon_again-"))
    again.get_by_role("button").click()
    expect(chat.locator(f".{first}")).to_have_count(0)
    expect(again).to_be_visible()  # that of the new turn
    expect(messages).to_have_count(2)
    chat.get_by_role("button", name="Branch").last.click()
    ask(chat, "May I work from home?")
    expect(messages.last).to_contain_text("three days")
    expect(messages).to_have_count(4)
    chat.get_by_role("button", name="Conversations").click()
    chat.get_by_role("textbox", name="Search conversations").fill("from home")
    chat.keyboard.press("Enter")
    expect(chat.get_by_role("button", name="How many days of holiday")).to_have_count(1)
    chat.get_by_role("textbox", name="Search conversations").fill("")
    chat.keyboard.press("Enter")
    both = chat.get_by_role("button", name="How many days of holiday")
    expect(both).to_have_count(2)
    both.last.click()
    expect(messages).to_have_count(2)


def test_a_conversation_goes_to_the_printer(chat: Page) -> None:
    chat.get_by_role("button", name="Conversations").click()
    chat.get_by_role("button", name="Print this conversation").click()
    frame = chat.locator("iframe[title=print]")
    expect(frame).to_be_attached()
    assert frame.get_attribute("sandbox") == "allow-modals allow-same-origin"
    printed = chat.frame_locator("iframe[title=print]")
    expect(printed.locator("body")).to_contain_text("How many days of holiday")
    expect(printed.locator("body")).to_contain_text("Knowledge helper")


def test_why_shows_the_path_and_the_source(chat: Page) -> None:
    chat.get_by_role("button", name="Why this answer").click()
    expect(chat.get_by_test_id("stMain")).to_contain_text("Look it up →")
    chat.get_by_role("button", name="Look inside").nth(1).click()
    expect(chat.get_by_test_id("stPopoverBody").get_by_text("Input")).to_be_visible()
    expect(chat.get_by_test_id("stCode").first).to_contain_text("How many days of holiday")
    chat.keyboard.press("Escape")
    chat.get_by_role("button", name="1 source").click()
    chat.get_by_role("button", name="Open the document").first.click()
    expect(chat.get_by_role("dialog")).to_contain_text("Report a lost device")


def test_a_run_is_shown_on_the_canvas(chat: Page) -> None:
    ask(chat, "May I work from home?")
    expect(chat.get_by_test_id("stChatMessage").last).to_contain_text("three days")
    chat.get_by_role("button", name="Why this answer").first.click()
    chat.get_by_role("button", name="Show on the canvas").click()
    replay = chat.get_by_test_id("replay")
    expect(replay).to_be_visible()
    expect(replay).to_contain_text("1 / ")
    replay.get_by_role("slider").fill("2")
    expect(replay).to_contain_text("3 / ")
    replay.get_by_role("button", name="Close").click()
    expect(replay).to_have_count(0)
    chat.get_by_role("button", name="Show on the canvas").click()
    expect(replay).to_be_visible()
    replay.get_by_role("button", name="Close").click()
    chat.get_by_role("link", name="My GPTs").click()
    expect(chat.get_by_label("Describe the GPT you want")).to_be_visible()
    chat.go_back()
    expect(chat.get_by_test_id("canvas")).to_be_visible()
    expect(chat.locator("[data-node]").first).to_be_visible()
    chat.wait_for_timeout(1000)
    expect(replay).to_have_count(0)


def test_attached_files_are_shown_and_saved(chat: Page) -> None:
    chooser = chat.get_by_test_id("stChatInput").locator("input[type=file]")
    chooser.set_input_files(
        [
            {"name": "bee.png", "mimeType": "image/png", "buffer": picture(size=(1600, 800))},
            {"name": "bees.txt", "mimeType": "text/plain", "buffer": b"Our two hives"},
        ]
    )
    expect(chat.get_by_test_id("stChatInput")).to_contain_text("bees.txt")
    ask(chat, "May I work from home?")
    asked = chat.get_by_test_id("stChatMessage").nth(2)
    shown = asked.get_by_role("img", name="bee.png").or_(asked.locator("[data-testid=stImage] img")).first
    expect(shown).to_be_visible()
    assert 0 < shown.bounding_box()["width"] <= 240
    with chat.expect_download() as waiting:
        asked.get_by_role("button", name="bees.txt").click()
    assert waiting.value.suggested_filename == "bees.txt"
    assert Path(waiting.value.path()).read_bytes() == b"Our two hives"


def test_a_picture_that_is_too_large_is_refused_in_a_sentence(chat: Page) -> None:
    chooser = chat.get_by_test_id("stChatInput").locator("input[type=file]")
    chooser.set_input_files({"name": "bee.png", "mimeType": "image/png", "buffer": LARGE})
    chat.get_by_test_id("stChatInputTextArea").fill("What is this?")
    expect(chat.get_by_test_id("stChatInput").get_by_role("progressbar")).to_have_count(0)
    expect(chat.get_by_test_id("stChatInput")).to_contain_text("11.5MB")
    chat.get_by_role("button", name="Send message").click()
    expect(chat.get_by_test_id("stAlert")).to_contain_text("larger than 10 MB")


def test_a_thumb_and_its_reason_are_kept(chat: Page) -> None:
    chat.get_by_test_id("stFeedback").get_by_role("button").or_(
        chat.get_by_test_id("stFeedback").get_by_role("radio")
    ).nth(1).click()
    reason = chat.get_by_role("textbox", name="What went wrong?")
    reason.fill("We have 30 days")
    reason.press("Enter")
    chat.get_by_role(
        "button", name="Why this answer"
    ).click()  # what comes after it shows that the reason has arrived
    expect(chat.get_by_test_id("stMain")).to_contain_text("Look it up →")
    chat.reload()
    expect(chat.get_by_role("textbox", name="What went wrong?")).to_have_value("We have 30 days")
