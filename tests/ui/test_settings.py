"""Settings are a few pages, and a search finds what is on all of them."""

from itertools import chain

import pytest
from tests.ui.test_pages import labelled, open_settings

from flowloom.locales import translate
from flowloom.ui.pages.settings import PAGES, _sections
from flowloom.workspace import Workspace


def names(app: object) -> list[str]:
    return [title.value for title in app.subheader]  # type: ignore[attr-defined]


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("language", ["en", "zh", "fr"])
def test_each_page_shows_its_sections(home: Workspace, page: str, language: str) -> None:
    app = open_settings(page, language=language)
    assert not app.exception
    assert names(app) == [translate(section.name, language) for section in _sections()[page]]


def test_they_are_few(home: Workspace) -> None:
    assert len(PAGES) <= 5
    assert len(list(chain(*_sections().values()))) == 23
    assert max(map(len, _sections().values())) <= 6


@pytest.mark.parametrize(
    ("wanted", "language", "found"),
    [
        ("backup", "en", "Backups"),
        ("BACKUP", "en", "Backups"),
        ("smtp", "en", "Email"),
        ("restore copy", "en", "Backups"),
        ("forget", "en", "About you"),
        ("oublier", "fr", "About you"),
        ("backup", "fr", "Backups"),
        ("恢复", "zh", "Backups"),
        ("embedding", "zh", "Document search"),
    ],
)
def test_a_search_finds_it_from_any_page(home: Workspace, wanted: str, language: str, found: str) -> None:
    app = open_settings("tools", language=language, settings_search=wanted)
    assert names(app) == [translate(found, language)]


def test_nothing_found_is_said_and_another_page_ends_the_search(home: Workspace) -> None:
    app = open_settings("models")
    labelled(app.text_input, "Search settings").set_value("honey").run()
    assert names(app) == []
    assert "Nothing found." in [said.value for said in app.caption]
    app.button_group(key="settings_page").set_value("general").run()
    assert "Backups" in names(app)


@pytest.mark.parametrize("language", ["zh", "fr"])
def test_what_one_may_search_for_is_translated(home: Workspace, language: str) -> None:
    for section in chain(*_sections().values()):
        same = {"English, 中文, Français", "SQLite, PostgreSQL, SQL", "Wikipedia, SearXNG, Tavily, Brave"}
        assert section.words in same or translate(section.words, language) != section.words, section.name
    for label, _ in PAGES.values():
        assert translate(label, language) != label
