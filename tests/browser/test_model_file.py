"""A model file by its address, in the browser: seen, agreed to, stopped, continued, and it answers; or refused."""

import hashlib
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from flowloom.services.models.practice_rules import NOTES
from flowloom.services.models.settings import load_settings
from flowloom.services.network.local_network import OwnHosts
from tests.browser.conftest import App
from tests.browser.test_journey import ask, drawn, use_template
from tests.services.local.conftest import gguf
from tests.services.local.test_downloads import MODEL, FileServer

__all__ = ["gguf"]
pytestmark = pytest.mark.browser
PATIENCE = 120_000
"""Milliseconds for what a model of any speed does."""


@pytest.fixture
def files(own_app: App) -> Iterator[FileServer]:
    """A server of model files that its owner has allowed, as one of the own network has to be."""
    found = FileServer()
    OwnHosts(own_app.home).allow(found.host)
    yield found
    found.close()


def look(page: Page, address: str, sha256: str = "") -> None:
    """From the first page to what is told of an address."""
    page.get_by_role("link", name="Settings").click()
    page.get_by_text("Download a model file").click()
    page.get_by_role("textbox", name="Address", exact=True).fill(address)
    page.get_by_role("textbox", name="SHA-256 (optional)").fill(sha256)
    drawn(page)
    page.get_by_role("button", name="See what is there").click()


def kept_in(app: App) -> list[str]:
    return sorted(path.name for path in (app.home / "models").glob("*"))


def test_from_its_address_to_its_first_answer(own_app: App, own_page: Page, files: FileServer, gguf: Path) -> None:
    page = own_page
    files.data = gguf.read_bytes()
    use_template(page, "Translator")
    look(page, files.url, hashlib.sha256(files.data).hexdigest())
    card = page.locator(".st-key-local_models")
    expect(card).to_contain_text("tiny.gguf, 93.8 MB, from 127.0.0.1")
    expect(card).to_contain_text("Licence: apache-2.0")
    expect(card).to_contain_text("verified by its SHA-256")
    assert (len(files.asked), kept_in(own_app)) == (1, [])

    files.slow = 0.05  # it would take four minutes, in which it is stopped
    card.get_by_role("button", name="Download 93.8 MB").last.click()
    expect(card.get_by_role("progressbar").last).to_be_visible()
    expect(card).to_contain_text("of 93.8 MB")
    card.get_by_role("button", name="Stop").click()
    expect(card.get_by_role("button", name="Continue")).to_be_visible()
    assert load_settings(own_app.home).provider("local") is None

    files.slow = 0.0
    card.get_by_role("button", name="Continue").click()
    expect(card).to_contain_text("words a second", timeout=PATIENCE)
    assert files.asked[-1] != "bytes=0-", "it goes on where it was stopped"
    assert kept_in(own_app) == ["tiny.gguf"]
    card.get_by_role("button", name="Use it everywhere").click()
    expect(page.get_by_text("tiny answers in all GPTs now.")).to_be_visible()

    page.get_by_role("link", name="Build").click()
    ask(page, "Say hello.")
    answer = page.get_by_test_id("stChatMessage").last
    expect(answer.get_by_role("button", name="Why this answer")).to_be_attached(timeout=PATIENCE)
    said = answer.inner_text()
    assert said.strip()
    assert not any(note.strip() in said for note in NOTES)


def test_nothing_comes_without_a_yes(own_app: App, own_page: Page, files: FileServer) -> None:
    look(own_page, files.url)
    card = own_page.locator(".st-key-local_models")
    expect(card).to_contain_text("Use only places you trust")
    card.get_by_role("button", name="Cancel").click()
    expect(card.get_by_role("button", name="Cancel")).to_have_count(0)
    assert (len(files.asked), kept_in(own_app)) == (1, [])


def test_a_changed_file_is_refused_and_deleted(own_app: App, own_page: Page, files: FileServer) -> None:
    look(own_page, files.url, hashlib.sha256(MODEL).hexdigest())
    files.data = MODEL[:-1] + b"x"
    card = own_page.locator(".st-key-local_models")
    card.get_by_role("button", name=re.compile("Download .* KB")).click()
    expect(card.get_by_role("alert")).to_contain_text("SHA-256 stands for")
    assert load_settings(own_app.home).provider("local") is None
    card.get_by_role("button", name="Delete").click()
    expect(card.get_by_role("alert")).to_have_count(0)
    assert kept_in(own_app) == []


def test_an_address_of_the_own_network_has_to_be_allowed(own_page: Page) -> None:
    stranger = FileServer()
    try:
        look(own_page, stranger.url)
        expect(own_page.locator(".st-key-local_models").get_by_role("alert")).to_be_visible()
        assert stranger.asked == []
    finally:
        stranger.close()
