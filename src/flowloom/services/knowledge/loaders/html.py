"""Web pages: the main text without menus and footers, headings and tables as Markdown."""

import logging
import re
from typing import Any

from flowloom.services.formats.charsets import named_within
from flowloom.services.knowledge.loaders.document import Document, Length, OnProgress, no_text, tidy, whole
from flowloom.services.knowledge.loaders.plain import decode

MAX_CHARACTERS = 5_000_000
"""Longer pages would keep the parser busy for minutes."""
MAX_LINKS = 2_000


def read_html(name: str, data: bytes, on_progress: OnProgress) -> Document:
    text, title = main_text(Length(name).add(decode(name, data, named_within(data))))
    if not text.strip():
        raise no_text(name)
    return whole(text, is_markdown=True, title=title)


def main_text(html: str) -> tuple[str, str]:
    """What a page says, as Markdown, and its title."""
    import trafilatura

    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)
    html = html[:MAX_CHARACTERS]
    title = _title(html)
    found = trafilatura.extract(
        html, output_format="markdown", include_tables=True, include_comments=False, favor_recall=True
    )
    text = tidy(found or _all_text(html)).strip()
    # A passage should know what its page is about, also where the page has no heading.
    return (f"# {title}\n\n{text}" if title and text and not text.startswith("# ") else text), title


def links_in(html: str) -> list[str]:
    """Where a page leads to, as it says it."""
    page = _parsed(html[:MAX_CHARACTERS])
    found = page.xpath("//a/@href[not(contains(../@rel, 'nofollow'))]") if page is not None else []
    return list(dict.fromkeys(str(link).strip() for link in found))[:MAX_LINKS]


def _title(html: str) -> str:
    page = _parsed(html)
    found = page.find(".//title") if page is not None else None
    return " ".join((found.text_content() if found is not None else "").split())[:200]


def _all_text(html: str) -> str:
    """All there is to read, where a page is too short to tell what is main."""
    page = _parsed(html)
    if page is None:
        return ""
    for gone in page.xpath("//script | //style | //noscript | //title | //comment()"):
        gone.drop_tree()
    return re.sub(r"\n\s*\n+", "\n\n", "\n".join(map(str.strip, page.itertext()))).strip()


def _parsed(html: str) -> Any:
    from lxml import html as parser  # type: ignore[import-untyped]

    try:
        return parser.fromstring(html.encode("utf-8", "ignore"), parser=parser.HTMLParser(encoding="utf-8"))
    except Exception:  # lxml has many ways to say that there is no page
        return None
