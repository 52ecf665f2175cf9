"""Other stores: asked for their feeds, believed as far as their key goes, and read capsule by capsule."""

import asyncio
import hashlib
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import lru_cache
from typing import IO, TYPE_CHECKING
from urllib.parse import quote, urljoin

from flowloom.errors import FlowloomError, HttpError, Problem
from flowloom.gallery.problems import GalleryError
from flowloom.kinds.http import HttpReply, HttpRequest
from flowloom.services.network.addresses import host_of, parse_url
from flowloom.services.network.guarded_requests import GuardedHttp
from flowloom.services.network.guarded_streams import opened
from flowloom.store.feeds import FeedStore, Subscribed

if TYPE_CHECKING:
    from flowloom.exchange.feed import Feed, Item

MOST = 50
"""Stores."""
SECONDS, CAPSULE_SECONDS = 30.0, 600.0
SEEN = 30.0
"""Seconds after which it is looked again what other processes added or asked."""
FRESH = 3_000.0
"""Seconds for which a feed is not asked for again by itself."""


class Subscriptions:
    """The other stores of one installation. Safe to use from several threads."""

    def __init__(
        self,
        store: FeedStore,
        http: Callable[..., GuardedHttp],
        own_key: Callable[[], str],
        note: Callable[[str, str], None] = lambda what, about: None,
    ) -> None:
        """`own_key` is the public key of this store, "" where it has none yet; `note` logs what was done."""
        self._store, self._http, self._own_key, self._note = store, http, own_key, note
        self._seen: tuple[float, tuple[Subscribed, ...]] = (float("-inf"), ())

    def all(self) -> list[Subscribed]:
        return self._store.all()

    def items(self) -> "Iterator[tuple[Subscribed, Item]]":
        """What the others offer; nothing of those that sign with a key nobody accepted."""
        if time.monotonic() - self._seen[0] > SEEN:
            self._seen = (time.monotonic(), tuple(each for each in self._store.all() if not each.new_key))
        yield from ((each, item) for each in self._seen[1] for item in feed_of(each).gpts)

    def _look_again(self) -> None:
        self._seen = (float("-inf"), ())

    def find(self, id: str, slug: str) -> "tuple[Subscribed, Item]":
        """Raises GalleryError."""
        found = self._store.get(id)
        item = feed_of(found).find(slug) if found and not found.new_key else None
        if found is None or item is None:
            raise GalleryError(
                "This GPT is not offered any more.", "Look for another one in the store.", code="store.none"
            )
        return found, item

    async def add(self, given: str) -> Subscribed:
        """Show another store from now on; its key is the one it has to keep. Raises GalleryError and HttpError."""
        address = feed_address(given)
        if len(self._store.all()) >= MOST:
            raise GalleryError("You can add up to {most} stores.", "Remove one first.", code="feed.most", most=MOST)
        reply = await self._ask(address)
        feed = self._read(reply)
        kept = self._store.add(address, feed.key, reply.headers.get("etag", "")[:200], reply.data.decode())
        self._note("feed_added", address)
        self._look_again()
        return kept

    async def refresh(self, id: str) -> None:
        """Ask a store anew; what went wrong is kept with it, and what it offered before stays."""
        found = self._store.get(id)
        if found and self._store.take_turn(found):
            await self._refresh(found._replace(looked=time.time()))
            self._look_again()

    async def refresh_due(self) -> None:
        """The same for all that were not asked lately."""
        for each in self._store.all():
            if time.time() - each.looked > FRESH:
                await self.refresh(each.id)

    async def _refresh(self, found: Subscribed) -> None:
        try:
            reply = await self._ask(found.address, found.etag)
            if reply.status == 304:
                return self._store.put(found._replace(problem=None))
            feed = self._read(reply)
            if feed.key != found.key:
                told = other_key(found.address)
                return self._store.put(found._replace(new_key=feed.key, problem=told, etag=""))
            etag = reply.headers.get("etag", "")[:200]
            data = reply.data.decode()
            self._store.put(found._replace(new_key="", problem=None, etag=etag, data=data))
        except FlowloomError as error:
            self._store.put(found._replace(problem=error.problem))

    async def accept(self, id: str) -> None:
        """Believe the new key of a store. What is signed with yet another one is told anew."""
        found = self._store.get(id)
        if found and found.new_key:
            self._store.put(found._replace(key=found.new_key, new_key="", etag="", problem=None))
            self._note("feed_key_accepted", found.address)
            await self.refresh(id)

    def remove(self, id: str) -> None:
        found = self._store.get(id)
        if found:
            self._store.delete(id)
            self._look_again()
            self._note("feed_removed", found.address)

    async def _ask(self, address: str, etag: str = "") -> HttpReply:
        from flowloom.exchange.feed import LARGEST

        http = self._http(max_bytes=LARGEST + 1)
        headers = {"accept": "application/json"} | ({"if-none-match": etag} if etag else {})
        reply = await http.request(HttpRequest(url=address, headers=headers, timeout=SECONDS))
        if reply.status == 304 and etag:
            return reply
        if reply.status != 200:
            raise _answered(address, reply.status)
        if len(reply.data) > LARGEST:
            raise GalleryError(
                "The feed of this store is larger than {size} MB.",
                "Nothing was kept. Tell whoever runs that store.",
                code="feed.large",
                size=LARGEST // 1_000_000,
            )
        return reply

    def _read(self, reply: HttpReply) -> "Feed":
        from flowloom.exchange.feed import read_feed

        feed = read_feed(reply.data)
        if feed.key == self._own_key():
            raise GalleryError("This is your own store.", "Enter the address of another one.", code="feed.own")
        return feed

    async def fetch(self, id: str, slug: str, out: IO[bytes]) -> "Item":
        """Write the capsule of a GPT into a file, once it is what its store says.

        Raises GalleryError, HttpError and FlowFileError; the file may then hold a part of it.
        """
        from flowloom.exchange.feed import ENDING, FOLDER

        found, item = self.find(id, slug)
        address = urljoin(found.address, f"{FOLDER}/{quote(slug)}{ENDING}")
        try:
            async with asyncio.timeout(CAPSULE_SECONDS):
                digest = await self._stream(address, item, out)
        except TimeoutError:
            raise HttpError("{host} took too long.", "Try again later.", host=_host(address)) from None
        if digest != item.sha256:
            raise _not_as_said(item, found)
        out.seek(0)
        _check(out, item, found)
        out.seek(0)
        return item

    async def _stream(self, address: str, item: "Item", out: IO[bytes]) -> str:
        """The digest of what came, which is no longer than was said."""
        import httpx

        digest, left = hashlib.sha256(), item.size
        try:
            async with opened(self._http(), address, {"accept": "*/*"}) as response:
                if response.status_code != 200:
                    raise _answered(address, response.status_code)
                async for piece in response.aiter_raw():
                    left -= len(piece)
                    if left < 0:
                        return ""
                    digest.update(piece)
                    out.write(piece)
        except httpx.HTTPError as error:
            raise HttpError(
                "The connection to {host} failed ({reason}).",
                "Check the address, and that the other computer is running.",
                host=_host(address),
                reason=type(error).__name__,
            ) from None
        return digest.hexdigest() if left == 0 else ""


def _check(file: IO[bytes], item: "Item", found: Subscribed) -> None:
    """Raises GalleryError where a capsule is by somebody else than its feed says."""
    from flowloom.exchange.capsule import Capsule

    with Capsule(file) as capsule:
        signed, said = capsule.signed, capsule.manifest.label.author
        if signed is None or signed.key != found.key or said != item.builder:
            raise GalleryError(
                "“{name}” isn’t by {builder}, as the feed of {host} says.",
                "Nothing was kept. Tell whoever runs that store.",
                code="feed.author",
                name=item.name,
                builder=item.builder,
                host=_host(found.address),
            )


def feed_of(found: Subscribed) -> "Feed":
    """What a store said last, which was checked when it came."""
    return _kept(found.data)


@lru_cache(2 * MOST)
def _kept(data: str) -> "Feed":
    from flowloom.exchange.feed import Feed

    return Feed.model_validate_json(data)


def feed_address(given: str) -> str:
    """Where the feed of a store is, by the address of the feed or of the store. Raises HttpError."""
    from flowloom.exchange.feed import FILE

    said = given.strip()
    said = said if "://" in said else f"https://{said}"
    url = parse_url(said)
    path = url.path
    if path in ("", "/"):
        path = f"/store/{FILE}"
    elif not path.endswith(".json"):
        path = f"{path.rstrip('/')}/{FILE}"
    return str(url.copy_with(path=path, query=None, fragment=None))


def other_key(address: str) -> Problem:
    """What is told where a store signs with another key than before."""
    return Problem.of(
        "feed.key",
        "{host} signs with another key than before.",
        "Ask whoever runs it whether that is right, then accept the new key. Until then nothing of it is shown.",
        host=_host(address),
    )


def _not_as_said(item: "Item", found: Subscribed) -> GalleryError:
    return GalleryError(
        "“{name}” isn’t what the feed of {host} says it is.",
        "Nothing was kept. Try again later, as it may have a new version, or tell whoever runs that store.",
        code="feed.lies",
        name=item.name,
        host=_host(found.address),
    )


def _answered(address: str, status: int) -> GalleryError:
    return GalleryError(
        "{host} answered with status {status}.",
        "Check the address, or try again later.",
        code="feed.status",
        host=_host(address),
        status=status,
    )


def _host(address: str) -> str:
    with suppress(HttpError):
        url = parse_url(address)
        return f"{host_of(url)}:{url.port}" if url.port else host_of(url)
    return address
