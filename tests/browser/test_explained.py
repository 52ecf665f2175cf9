"""A problem that the page explains leaves no traceback in the terminal."""

from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, expect

from tests.browser.conftest import App, WarmApp

pytestmark = pytest.mark.browser


def test_the_terminal_shows_a_sentence(tmp_path: Path, context: BrowserContext) -> None:
    home = tmp_path / "home"
    home.mkdir()
    (home / "models.json").write_text("{", "utf-8")
    app = WarmApp(home)
    try:
        app.let_in(context)
        page = context.new_page()
        page.goto(app.url)
        expect(page.get_by_test_id("stAlert").filter(has_text="models.json")).to_be_visible()
    finally:
        app.stop()
    log = app.log.read_text("utf-8")
    assert "Traceback" not in log
    assert "models.json" in log


@pytest.mark.parametrize(("locale", "title"), [("zh-CN", "我的 GPT"), ("fr-CA", "Mes GPT"), ("de-DE", "My GPTs")])
def test_a_first_visit_speaks_the_browsers_language(app: App, chromium, locale: str, title: str) -> None:  # type: ignore[no-untyped-def]
    context = chromium.new_context(locale=locale)
    context.set_default_timeout(20_000)
    app.let_in(context)
    page = context.new_page()
    page.goto(app.url)
    expect(page.get_by_role("heading", level=1, name=title)).to_be_visible()
    context.close()
