"""A web site as documents: its pages by links from one address, or by its sitemap, as far as robots.txt allows."""

import asyncio
import contextlib
import re
import time
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from urllib.parse import urldefrag, urljoin, urlsplit
from urllib.robotparser import RobotFileParser

from pydantic import BaseModel, ConfigDict, Field

from flowloom.errors import FlowloomError, HttpError, KnowledgeError
from flowloom.kinds.http import Http, HttpReply, HttpRequest
from flowloom.services.knowledge.bases import KnowledgeBases, hash_of
from flowloom.services.knowledge.files import About, FileInfo
from flowloom.services.knowledge.ingest import OnFile, Progress
from flowloom.services.knowledge.loaders.document import no_text, whole
from flowloom.services.knowledge.loaders.html import links_in, main_text
from flowloom.services.network.addresses import parse_url

AGENT = "flowloom"
MAX_SECONDS = 1_800.0
MAX_SITEMAPS = 20
_LONGEST_ADDRESS = 2_000
_PATIENCE = 5
"""Pages in a row that do not answer, after which the site is left alone."""
_SLOWEST = 5.0
"""Seconds between two pages at most, whatever robots.txt wishes."""
_LOC = re.compile(r"<loc>\s*+(?:<!\[CDATA\[\s*+)?([^<\]\s]++)\s*+(?:\]\]>\s*+)?</loc>")


class Site(BaseModel):
    """Where to begin: a page, or a sitemap (its address ends in .xml). Pages on other hosts are left out."""

    model_config = ConfigDict(frozen=True)

    address: str
    depth: int = Field(2, ge=0, le=10)
    most: int = Field(100, ge=1, le=2_000)


class SiteReader:
    """Reads sites into knowledge bases; each page is a file whose name is its address."""

    def __init__(self, bases: KnowledgeBases, http: Http, page_seconds: float = 20.0) -> None:
        self._bases, self._http, self._seconds = bases, http, page_seconds

    async def read(
        self, base: str, site: Site, on_page: OnFile = lambda progress: None, about: About | None = None
    ) -> list[Progress]:
        """Index what changed since it was read last; how each page ended. May be cancelled between pages.

        Raises HttpError where the site cannot be reached, KnowledgeError where it does not want to be read.
        """
        parse_url(site.address)
        visit = _Visit(self, base, site, on_page, about or About())
        await visit.begin()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(MAX_SECONDS):
                await visit.walk()
        return visit.ended

    async def get(self, url: str) -> HttpReply:
        headers = {"user-agent": AGENT, "accept": "text/html, application/xhtml+xml, text/plain;q=0.5, */*;q=0.1"}
        return await self._http.request(HttpRequest(url=url, headers=headers, timeout=self._seconds))

    def known(self, base: str) -> dict[str, FileInfo]:
        return {file.name: file for file in self._bases.files(base)}

    def keep(self, base: str, url: str, reply: HttpReply, about: About, known: FileInfo | None) -> Progress:
        """Index a page where it changed. Raises KnowledgeError."""
        is_html = "html" in _type_of(reply)
        text, title = main_text(reply.text) if is_html else (reply.text, "")
        if not text.strip():
            raise no_text(url)
        digest = hash_of(text.encode())
        if known and known.hash == digest:
            return Progress(file=url, state="unchanged", done=1.0, info=known)
        facts = {"size": len(text.encode()), "hash": digest, "added_at": datetime.now(UTC)}
        said = about.model_copy(update={"modified_at": _modified(reply)})
        info = self._bases.add_document(base, url, whole(text, is_html, title), facts, said)
        return Progress(file=url, state="done", done=1.0, info=info)

    def drop(self, base: str, url: str) -> None:
        self._bases.remove(base, url)


class _Visit:
    """One reading of one site."""

    def __init__(self, reader: SiteReader, base: str, site: Site, on_page: OnFile, about: About) -> None:
        self._reader, self._base, self._site, self._on_page, self._about = reader, base, site, on_page, about
        self._start = _plain(site.address.strip())
        self._robots = RobotFileParser()
        self._queue: list[tuple[str, int]] = []
        self._seen: set[str] = set()
        self._silent = 0
        self.ended: list[Progress] = []

    async def begin(self) -> None:
        self._known = await asyncio.to_thread(self._reader.known, self._base)
        await self._read_robots()
        if not self._may(self._start):
            raise KnowledgeError(
                "{host} doesn’t allow programs to read its pages (robots.txt).",
                "Ask its owner, or save the pages you need as files and add those.",
                host=_host(self._start)[1],
            )
        if urlsplit(self._start).path.endswith(".xml"):
            await self._read_sitemaps()
        else:
            self._add(self._start, 0)

    async def walk(self) -> None:
        pause = min(float(self._robots.crawl_delay(AGENT) or 0), _SLOWEST)
        while self._queue and len(self.ended) < self._site.most and self._silent < _PATIENCE:
            began = time.monotonic()
            url, depth = self._queue.pop(0)
            progress = await self._page(url, depth)
            if progress:
                self.ended.append(progress)
                self._on_page(progress)
            await asyncio.sleep(max(0.0, pause - (time.monotonic() - began)))

    async def _page(self, url: str, depth: int) -> Progress | None:
        self._on_page(Progress(file=url, state="reading"))
        try:
            reply = await self._reader.get(url)
            self._silent = 0
            return await self._take(url, depth, reply)
        except FlowloomError as error:
            self._silent += isinstance(error, HttpError)
            return Progress(file=url, state="failed", problem=error.problem)

    async def _take(self, url: str, depth: int, reply: HttpReply) -> Progress | None:
        final = _plain(reply.url or url)
        if final != url and (final in self._seen or not self._may(final)):
            return None
        self._seen.add(final)
        if reply.status in (404, 410) and url in self._known:
            await asyncio.to_thread(self._reader.drop, self._base, url)
        if reply.status >= 400:
            raise KnowledgeError(
                "{url} returned error {status}.",
                "Check in a browser that it still exists.",
                url=url,
                status=reply.status,
            )
        if not re.search("html|text/plain|markdown", _type_of(reply) or "html"):
            return None
        if depth < self._site.depth:
            for link in await asyncio.to_thread(links_in, reply.text):
                self._add(link, depth + 1, beside=final)
        known = self._known.get(final)
        return await asyncio.to_thread(self._reader.keep, self._base, final, reply, self._about, known)

    async def _read_robots(self) -> None:
        reply = await self._reader.get(urljoin(self._start, "/robots.txt"))
        if reply.status in (401, 403) or reply.status >= 500:
            self._robots.parse(["User-agent: *", "Disallow: /"])
        elif reply.status >= 400 or "html" in _type_of(reply):
            self._robots.parse([])
        else:
            self._robots.parse(reply.text.splitlines()[:5_000])

    async def _read_sitemaps(self) -> None:
        waiting, seen = [self._start], {self._start}
        while waiting and len(seen) <= MAX_SITEMAPS:
            reply = await self._reader.get(waiting.pop(0))
            # By its addresses alone: no XML is opened that could hold a bomb.
            for found in _LOC.findall(reply.text)[: self._site.most * 2]:
                url = _plain(found.replace("&amp;", "&"))
                if not urlsplit(url).path.endswith(".xml"):
                    self._add(url, self._site.depth)
                elif url not in seen and self._may(url):
                    seen.add(url)
                    waiting.append(url)
        if not self._queue:
            raise KnowledgeError(
                "There are no pages in the sitemap {url}.", "Enter the address of a page instead.", url=self._start
            )

    def _add(self, link: str, depth: int, beside: str = "") -> None:
        try:
            url = _plain(urljoin(beside, link))
        except ValueError:
            return
        if url not in self._seen and len(url) <= _LONGEST_ADDRESS and self._may(url):
            self._seen.add(url)
            self._queue.append((url, depth))

    def _may(self, url: str) -> bool:
        return _host(url) == _host(self._start) and self._robots.can_fetch(AGENT, url)


def _plain(url: str) -> str:
    """The address of the page itself, without a place in it."""
    plain = urldefrag(url).url
    return f"{plain}/" if plain.count("/") == 2 else plain


def _host(url: str) -> tuple[str, str]:
    parts = urlsplit(url)
    return parts.scheme.lower(), parts.netloc.lower()


def _type_of(reply: HttpReply) -> str:
    return next((value.lower() for name, value in reply.headers.items() if name.lower() == "content-type"), "")


def _modified(reply: HttpReply) -> datetime | None:
    said = next((value for name, value in reply.headers.items() if name.lower() == "last-modified"), "")
    try:
        return parsedate_to_datetime(said)
    except (TypeError, ValueError):
        return None
