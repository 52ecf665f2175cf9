"""The page before another host: it shows the whole address, and leads there only by a click."""

import re
from html import unescape
from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.applications import Starlette
from starlette.testclient import TestClient

from flowloom.locales import LANGUAGES, translate
from flowloom.serve.away import LONGEST, away, away_routes

BROWSER = TestClient(Starlette(routes=away_routes()), base_url="http://localhost:8501", follow_redirects=False)


def shown(target: str, language: str = "en") -> tuple[int, str, str]:
    """The status, the page, and where its link leads."""
    answer = BROWSER.get(away(target, language))
    found = re.search(r'<a href="([^"]*)"', answer.text)
    return answer.status_code, answer.text, unescape(found[1]) if found else ""


@pytest.mark.parametrize(
    ("target", "host", "leads"),
    [
        ("https://e.org/a?b=c#d", "e.org", "https://e.org/a?b=c#d"),
        ("HTTP://E.org", "E.org", "HTTP://E.org"),
        ("//e.org/x", "e.org", "https://e.org/x"),
        ("/\\e.org/x", "e.org", "https://e.org/x"),
        ("\\\\e.org", "e.org", "https://e.org"),
        ("ht\ntps://e.org", "e.org", "https://e.org"),
        (" https://e.org", "e.org", "https://e.org"),
        ("https:\\\\e.org\\x", "e.org", "https://e.org/x"),
        ("https://bank.example@e.org/", "bank.example@e.org", "https://bank.example@e.org/"),
        ("mailto:a@e.org?body=x", "a@e.org?body=x", "mailto:a@e.org?body=x"),
        ("tel:+331", "+331", "tel:+331"),
    ],
)
def test_shows_where_a_link_leads(target: str, host: str, leads: str) -> None:
    status, page, link = shown(target)
    assert (status, link) == (200, leads)
    assert f"<mark>{host}</mark>" in page
    assert 'rel="noopener noreferrer nofollow"' in page


@pytest.mark.parametrize(
    "target",
    [
        *("javascript:alert(1)", "data:text/html,<script>", "java\tscript:alert(1)", "vbscript:x", "file:///etc/x"),
        *(
            "",
            "x",
            "https:",
            "https://",
            "http:///x",
            "https://[",
            "blob:http://x",
            "https://e.org/" + "a" * LONGEST,
        ),
    ],
)
def test_leads_nowhere_else(target: str) -> None:
    status, page, link = shown(target)
    assert (status, link) == (400, "")
    assert "This link can’t be opened" in page


@pytest.mark.parametrize("target", ["#top", "/", "/settings", "/build?gpt=a-b", "/runs?run=1"])
def test_a_link_within_the_app_stays_as_it_is(target: str) -> None:
    assert away(target, "en") == target


@pytest.mark.parametrize("language", LANGUAGES)
def test_says_in_clear_what_the_address_carries(language: str) -> None:
    _, page, _ = shown("https://e.org/p?q=the%20key%20hangs%20behind%20the%20third+brick", language)
    assert "the key hangs behind the third brick" in page
    assert f'lang="{language}"' in page
    assert translate("This link leads to another computer", language) in unescape(page)


@given(st.text(max_size=60))
def test_any_target_leads_to_the_page_or_stays_here(target: str) -> None:
    address = away(target, "en")
    assert urlsplit(address).netloc == ""
    assert re.fullmatch(r"#[\w-]*|/(?![/\\])[\x21-\x7e]*|/[\w?=&./-]*", address)
    status, page, link = shown(target)
    if address.startswith("/away?"):
        assert status in (200, 400)
        assert link == "" or link.lower().startswith(("http://", "https://", "mailto:", "tel:"))
        assert "<script" not in page
