"""Which words of a person name a host, and how much of what would leave is shown."""

import pytest

from flowloom.kinds.consents import Sending
from flowloom.run.execution.consent import LONGEST, consent_question, names_host

NAMED = [
    ("Read https://example.com/a", "example.com", True),
    ("EXAMPLE.com, please", "example.com", True),
    ("look at example.com.", "example.com", True),
    ("https://example.com.evil.example/", "example.com", False),
    ("https://notexample.com/", "example.com", False),
    ("sub.example.com", "example.com", False),
    ("example.com:81", "example.com:81", True),
    ("", "example.com", False),
    ("examplexcom", "example.com", False),
]


@pytest.mark.parametrize(("message", "host", "named"), NAMED)
def test_a_host_is_named_only_as_a_whole(message: str, host: str, named: bool) -> None:
    assert names_host(message, host) is named


@pytest.mark.parametrize(("language", "told"), [("en", "and 10 more"), ("zh", "还有 10 个"), ("fr", "et 10 ")])
def test_what_is_too_long_to_be_shown_is_counted(language: str, told: str) -> None:
    question = consent_question(Sending(to="a.example", what="x" * (LONGEST + 10)), language)
    assert told in question.exact
    assert "a.example" in question.title_in(language)
