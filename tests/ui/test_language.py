"""The language of a visit: the address, what was chosen, else what the browser asks for."""

import pytest

from flowloom.ui.session import language_of_browser


@pytest.mark.parametrize(
    ("locale", "language"),
    [
        ("fr-CA", "fr"),
        ("fr", "fr"),
        ("zh-Hans-CN", "zh"),
        ("zh_TW", "zh"),
        ("ZH", "zh"),
        ("en-GB", "en"),
        ("de-DE", "en"),
        ("frz", "en"),
        ("", "en"),
        (None, "en"),
    ],
)
def test_a_browser_is_answered_in_its_language(locale: str | None, language: str) -> None:
    assert language_of_browser(locale) == language
