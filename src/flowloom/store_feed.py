"""The store of this installation as a feed that others can read, from its server or from any web host of files."""

import hashlib
import shutil
import time
from collections.abc import Callable, Iterator
from functools import lru_cache, partial
from pathlib import Path
from threading import Lock
from typing import Any, NamedTuple

from flowloom.capsules import author_key, export_capsule
from flowloom.errors import FlowloomError
from flowloom.exchange.contents import Label
from flowloom.exchange.feed import ENDING, FILE, FOLDER, LARGEST_CAPSULE, MOST, write_feed
from flowloom.exchange.packing import CapsuleOptions, documents_of
from flowloom.exchange.signing import public_of
from flowloom.flow.file import write_flow
from flowloom.flow.model import Flow
from flowloom.gallery.catalogue import Entry
from flowloom.services.files import private_folder, sha256_of, write_whole
from flowloom.workspace import Workspace

NAME, USUAL_NAME = "store_name", "Flowloom"
FRESH = 30.0
"""Seconds for which a feed that was written is given out again."""


class Offered(NamedTuple):
    """What a GPT is in the feed, and where its capsule lies."""

    facts: dict[str, Any]
    path: Path


class StoreFeed:
    """What one installation offers: those of its store whose builders let others copy them."""

    def __init__(self, home: Workspace, clock: Callable[[], float] = time.monotonic) -> None:
        self._home, self._clock, self._lock = home, clock, Lock()
        self._folder = home.home / "feed"
        self._kept: tuple[float, bytes, dict[str, Offered]] | None = None

    def feed(self) -> bytes:
        """The feed, signed. Raises FlowloomError."""
        return self._now()[0]

    def capsule(self, slug: str) -> Path | None:
        """Where the capsule of a GPT lies; None where it is not offered."""
        found = self._now()[1].get(slug)
        return found.path if found else None

    def write(self, folder: Path) -> int:
        """Write all of it into a folder for a web host; what is no longer offered goes. How many GPTs there are."""
        feed, offered = self._now()
        capsules = folder / FOLDER
        capsules.mkdir(parents=True, exist_ok=True)
        for slug, each in offered.items():
            with each.path.open("rb") as file:
                write_whole(capsules / f"{slug}{ENDING}", partial(shutil.copyfileobj, file))
        # The feed comes last, as it names what has to be there.
        write_whole(folder / FILE, feed)
        for path in capsules.glob(f"*{ENDING}"):
            if path.name.removesuffix(ENDING) not in offered:
                path.unlink()
        return len(offered)

    def _now(self) -> tuple[bytes, dict[str, Offered]]:
        with self._lock:
            if self._kept is None or self._clock() - self._kept[0] > FRESH:
                offered = dict(self._offered())
                key = author_key(self._home)
                facts = [each.facts for each in offered.values()]
                feed = write_feed(self.name, facts, key, public_of(key))
                self._forget_others({each.path for each in offered.values()})
                self._kept = (self._clock(), feed, offered)
            return self._kept[1:]

    @property
    def name(self) -> str:
        """What this store calls itself."""
        return self._home.team.console.kept.get(NAME) or USUAL_NAME

    def rename(self, name: str) -> None:
        """Call it otherwise from now on."""
        self._home.team.console.kept.set(NAME, " ".join(name.split())[:120])
        self._kept = None

    def _offered(self) -> Iterator[tuple[str, Offered]]:
        for entry in self._home.gallery.catalogue.entries():
            if entry.may_copy:
                try:
                    flow = self._home.publications.version(entry.flow, entry.version)
                    path = self._capsule_of(entry, flow)
                except FlowloomError:  # One that is too large, or cannot be read, is left out.
                    continue
                if path.stat().st_size <= LARGEST_CAPSULE:
                    yield entry.slug, Offered(self._facts(entry, path), path)

    def _facts(self, entry: Entry, path: Path) -> dict[str, Any]:
        found = path.stat()
        return {
            "slug": entry.slug,
            "name": entry.name,
            "description": entry.description[:4_000],
            "language": entry.language,
            "categories": [entry.category] if entry.category else [],
            "builder": self._author(entry),
            "version": entry.version,
            "sha256": _digest_of(path, found.st_mtime_ns),
            "size": found.st_size,
        }

    def _author(self, entry: Entry) -> str:
        return (self._home.gallery.builder_of(entry) or self.name)[:120]

    def _capsule_of(self, entry: Entry, flow: Flow) -> Path:
        """The capsule of a version with its documents as they are, written once for each state of both."""
        held = [f"{each.base} {each.name} {each.file.hash}" for each in documents_of(flow, self._home.knowledge)[0]]
        author = self._author(entry)
        said = "\n".join([write_flow(flow), author, *held])
        path = self._folder / f"{hashlib.sha256(said.encode()).hexdigest()}{ENDING}"
        if not path.exists():
            private_folder(self._folder)
            options = CapsuleOptions(tests=False, label=Label(author=author))
            write_whole(path, lambda out: export_capsule(self._home, flow, out, options))
        return path

    def _forget_others(self, there: set[Path]) -> None:
        for path in self._folder.glob(f"*{ENDING}"):
            if path not in there:
                path.unlink(missing_ok=True)


@lru_cache(MOST)
def _digest_of(path: Path, changed: int) -> str:
    """Of a file that was last `changed` at that nanosecond, read once."""
    return sha256_of(path)
