"""The main text of a page, its title and its links, without menus and advertising."""

import re
from html import unescape
from typing import Any
from urllib.parse import urljoin, urlsplit

from flowloom.errors import HttpError
from flowloom.kinds.http import HttpReply
from flowloom.kinds.web import WebPage
from flowloom.services.knowledge.loaders import read_document

MAX_BYTES = 8_000_000
MAX_HTML = 3_000_000
MAX_LINKS = 100
_TITLE = re.compile(r"<title[^<>]{0,200}>((?:[^<]|<(?!/?title)){0,2000}+)</title", re.IGNORECASE | re.DOTALL)
_TEXTS = ("text/", "application/json", "application/xml", "application/yaml")


def page_of(reply: HttpReply) -> WebPage:
    """What a reply says to a reader. Raises HttpError and KnowledgeError."""
    kind = reply.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind in ("text/html", "application/xhtml+xml") or (not kind and "<html" in reply.text[:2000].lower()):
        return _html_page(reply)
    name = urlsplit(reply.url).path.rpartition("/")[2]
    if kind == "application/pdf" or reply.data.startswith(b"%PDF-"):
        text = read_document(f"{name.removesuffix('.pdf') or 'page'}.pdf", reply.data).text
        return WebPage(url=reply.url, title=name, text=text)
    if kind.startswith(_TEXTS):
        return WebPage(url=reply.url, title=name, text=reply.text)
    raise HttpError(
        "{host} returned something that can’t be read as text ({kind}).",
        "Use the address of a page, a PDF or a plain text.",
        host=urlsplit(reply.url).hostname or "",
        kind=kind or "?",
    )


def _html_page(reply: HttpReply) -> WebPage:
    html = reply.text[:MAX_HTML]
    title = _TITLE.search(html)
    text = _main_text(html)
    if not text.strip():
        raise HttpError(
            "No text was found on the page of {host}.",
            "It may only work in a browser. Try another page of that website.",
            host=urlsplit(reply.url).hostname or "",
        )
    return WebPage(
        url=reply.url,
        title=" ".join(unescape(title[1]).split())[:300] if title else "",
        text=text,
        links=_links(html, reply.url),
    )


def _main_text(html: str) -> str:
    import logging

    import trafilatura

    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)
    try:
        found = trafilatura.extract(html, output_format="markdown", include_tables=True, include_comments=False)
    except Exception:  # parsers raise anything at all on broken pages
        found = None
    return found or ""


def _links(html: str, base: str) -> tuple[tuple[str, str], ...]:
    """The links with words, each address once, in the order of the page."""
    found: dict[str, str] = {}
    for anchor in _anchors(html):
        words = " ".join("".join(anchor.itertext()).split())[:200]
        address = _joined(base, anchor.get("href") or "")
        if words and address:
            found.setdefault(address, words)
        if len(found) >= MAX_LINKS:
            break
    return tuple((words, address) for address, words in found.items())


def _anchors(html: str) -> Any:
    from lxml import etree  # type: ignore[import-untyped]
    from lxml import html as parser

    try:
        return parser.fromstring(html.encode("utf-8", "replace")).iter("a")
    except (etree.LxmlError, ValueError, AssertionError):
        return ()


def _joined(base: str, target: str) -> str:
    try:
        address = urljoin(base, target.strip()).partition("#")[0]
        return address if urlsplit(address).scheme in ("http", "https") and address != base else ""
    except ValueError:
        return ""
