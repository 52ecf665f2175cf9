"""The templates serve people who have no model yet: what the benchmark counts holds for each of them."""

import tomllib
from collections.abc import Mapping
from typing import Any

import pytest
from benchmarks.answers import ECHO, MESSAGES, alone, builders_words

from flowloom.locales import LANGUAGES
from flowloom.workspace import Workspace
from tests.test_templates import BY_ID, IDS, ask

SAID: dict[str, dict[str, list[Mapping[str, Any]]]] = {
    language: tomllib.loads((MESSAGES / f"{language}.toml").read_text("utf-8")) for language in LANGUAGES
}


@pytest.mark.parametrize("id", IDS)
def test_what_people_say_is_answered(id: str) -> None:
    language, _, name = id.partition("-")
    told = [alone(BY_ID[id], case, language) for case in SAID[language][name]]
    assert len(told) == 3
    assert [each for each in told if each.fault] == []


@pytest.mark.parametrize("id", IDS)
def test_no_starter_ends_in_an_echo_or_in_the_builders_words(home: Workspace, id: str) -> None:
    template = BY_ID[id]
    for starter in template.flow.starters:
        answer = ask(home, template, starter).text
        assert not ECHO.search(answer)
        shown = [words for words in builders_words(template.flow) if len(words) > 8 and words in answer]
        assert shown == []
