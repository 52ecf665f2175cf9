"""Web sites on their way into knowledge bases, each in a thread of its own: a click elsewhere interrupts none."""

import asyncio
import threading
from collections.abc import Callable
from typing import Literal

from flowloom.errors import FlowloomError, KnowledgeError, Problem
from flowloom.kinds.http import Http
from flowloom.services.knowledge.bases import KnowledgeBases
from flowloom.services.knowledge.ingest import Progress
from flowloom.services.knowledge.site_reader import Site, SiteReader

MOST_AT_ONCE = 4
LEAVING = 5.0
"""Seconds that whoever deletes a base waits for the page under way."""


class Crawl:
    """One site that is being read, or was: how its pages ended, and what stood against it as a whole."""

    def __init__(self, reader: SiteReader, base: str, site: Site) -> None:
        self.site = site
        self.state: Literal["reading", "done", "cancelled", "failed"] = "reading"
        self.now = site.address
        self.pages: list[Progress] = []
        self.problem: Problem | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._task: asyncio.Task[None] | None = None
        self._unwanted = False
        self._lock = threading.Lock()
        self._thread = threading.Thread(target=self._run, args=(reader, base), name="site", daemon=True)
        self._thread.start()

    def cancel(self) -> None:
        """Stop at the page under way; those that were read stay."""
        with self._lock:
            self._unwanted = True
            if self._loop and self._task and not self._loop.is_closed():
                self._loop.call_soon_threadsafe(self._task.cancel)

    def wait(self, seconds: float) -> None:
        self._thread.join(seconds)

    def _run(self, reader: SiteReader, base: str) -> None:
        ended: Literal["done", "cancelled", "failed"] = "failed"
        try:
            asyncio.run(self._read(reader, base))
            ended = "done"
        except asyncio.CancelledError:
            ended = "cancelled"
        except FlowloomError as error:
            self.problem = error.problem
        except Exception:  # a page of the web may hold anything; whoever waits is to be told that it ended
            unread = KnowledgeError("The website couldn’t be read completely.", "Try again, or with fewer pages.")
            self.problem = unread.problem
        self.state = ended

    async def _read(self, reader: SiteReader, base: str) -> None:
        with self._lock:
            self._loop, self._task = asyncio.get_running_loop(), asyncio.current_task()
        if self._unwanted:
            raise asyncio.CancelledError
        await reader.read(base, self.site, self._on_page)

    def _on_page(self, progress: Progress) -> None:
        if progress.state == "reading":
            self.now = progress.file
        else:
            self.pages.append(progress)


class Crawls:
    """The site each base reads, or read last, as long as this process lives."""

    def __init__(self, bases: KnowledgeBases, make_http: Callable[[], Http]) -> None:
        self._bases, self._make_http = bases, make_http
        self._crawls: dict[str, Crawl] = {}

    def begin(self, base: str, site: Site) -> Crawl:
        """Read a site into a base. Raises KnowledgeError where another one is being read."""
        reading = [key for key, crawl in self._crawls.items() if crawl.state == "reading"]
        if base in reading or len(reading) >= MOST_AT_ONCE:
            raise KnowledgeError("Another website is being read.", "Wait until it’s done, or cancel it.")
        self._crawls[base] = Crawl(SiteReader(self._bases, self._make_http()), base, site)
        return self._crawls[base]

    def of(self, base: str) -> Crawl | None:
        return self._crawls.get(base)

    def forget(self, base: str) -> None:
        """Let go of what was read last; a site that is still being read is left."""
        crawl = self._crawls.pop(base, None)
        if crawl and crawl.state == "reading":
            crawl.cancel()
            crawl.wait(LEAVING)

    def close(self) -> None:
        for base in list(self._crawls):
            self.forget(base)
