"""A diary page with its picture and its sound, and a photo that goes along with the next message."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.test_journey import ask, use_template
from tests.media_answers import picture

LOADED = "sound => sound.duration || new Promise(done => sound.onloadedmetadata = () => done(sound.duration))"
"""How long a sound plays, once the browser has read it."""
pytestmark = pytest.mark.browser


def test_a_picture_and_a_sound_are_there_and_stay(page: Page) -> None:
    use_template(page, "Picture diary")
    ask(page, "A hedgehog came by")
    last = page.get_by_test_id("stChatMessage").last
    expect(last).to_contain_text("practice voice")
    drawn, player = last.get_by_role("img", name="A hedgehog came by.png"), last.get_by_test_id("stAudio")
    expect(player).to_be_visible()
    assert player.evaluate(
        "sound => sound.readyState || new Promise(done => sound.onloadedmetadata = () => done(1))"
    )
    page.reload()
    expect(player).to_be_visible()
    expect(drawn.or_(last.get_by_test_id("stImage"))).to_be_visible()

    page.get_by_test_id("stChatInput").locator("input[type=file]").first.set_input_files(
        {"name": "photo.png", "mimeType": "image/png", "buffer": picture()}
    )
    ask(page, "My photo")
    expect(last).to_contain_text("mostly red")
