"""What is published of each GPT: its address, its terms, and every version that ever was."""

import re
import time
from collections.abc import Iterable
from functools import lru_cache
from typing import Literal, NamedTuple

from pydantic import BaseModel, ConfigDict

from flowloom.errors import StoreError
from flowloom.flow.file import read_flow, write_flow
from flowloom.flow.model import Flow
from flowloom.money import Price
from flowloom.store.db import Database

Audience = Literal["me", "people", "workspace", "link", "store"]
WIDER: tuple[Audience, ...] = ("me", "people", "workspace", "link", "store")
"""Each lets in whom the one before does, and more."""
FACTS = "flow, slug, version, live, terms"
_LABEL = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_SITE = re.compile(rf"(https?://{_LABEL}(?:\.{_LABEL}){{0,9}}(?::[0-9]{{1,5}})?)(?:/[^\s'\";]{{0,500}})?")


class Terms(BaseModel):
    """Who may use what is published, and what they may do with it."""

    model_config = ConfigDict(frozen=True)

    audience: Audience = "link"
    """Only whose it is; those of a team who are named; everybody in the team; whoever has the address; or all who
    come to the store, which shows it."""
    people: tuple[str, ...] = ()
    """The ids of the accounts that are named."""
    groups: tuple[str, ...] = ()
    """The groups that are named."""
    may_copy: bool = False
    """Whether they may see how it is made and take a copy of it."""
    hosts: tuple[str, ...] = ()
    """Where it may send what visitors write, as its blocks name it: nobody asks them."""
    origins: tuple[str, ...] = ()
    """The sites that may show it inside their own pages, as `https://example.com`."""

    category: str = ""
    """In which shelf of the store it stands: one that every store has, or a word of its builder’s."""
    from_age: int = 0
    """From which age it is meant to be used."""
    price: Price | None = None
    """What people of the store pay for it; None where it is free."""

    def with_sites(self, sites: Iterable[str]) -> "Terms":
        """The same for these sites. Raises StoreError where one is no address of a site."""
        return self.model_copy(update={"origins": tuple(dict.fromkeys(map(_origin, sites)))})


def _origin(site: str) -> str:
    """Scheme, name and port of a site, as a browser says them."""
    found = _SITE.fullmatch(site.strip().lower())
    if found is None:
        raise StoreError(
            "“{site}” isn’t the address of a website.",
            "Write it as https://www.example.org, one per line.",
            code="publish.site",
            site=site.strip()[:100],
        )
    return found[1]


class Publication(NamedTuple):
    """A published GPT. `slug` is its name in the address, `version` the one that is served."""

    flow: str
    slug: str
    version: int
    live: bool
    terms: Terms


class PublishedVersion(NamedTuple):
    """One frozen version; `at` is seconds since the epoch, `note` what its author said of it."""

    number: int
    at: float
    note: str


class PublicationStore:
    """Every method raises StoreError where the database cannot be used."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def of(self, flow: str) -> Publication | None:
        """How a GPT is published; None for one that never was."""
        row = self._db.one(f"SELECT {FACTS} FROM publications WHERE flow = ?", flow)
        return _read(row) if row else None

    def at(self, slug: str) -> Publication | None:
        """What is published under a name, also where it is not live."""
        row = self._db.one(f"SELECT {FACTS} FROM publications WHERE slug = ?", slug)
        return _read(row) if row else None

    def live(self) -> list[Publication]:
        """All that is published now, by name."""
        return [_read(row) for row in self._db.all(f"SELECT {FACTS} FROM publications WHERE live ORDER BY slug")]

    def in_store(self) -> list[Publication]:
        """All that the store may show, by name."""
        rows = self._db.all(
            f'SELECT {FACTS} FROM publications WHERE live AND terms LIKE \'%"audience":"store"%\' ORDER BY slug'
        )
        return [each for each in map(_read, rows) if each.terms.audience == "store"]

    def put(self, publication: Publication) -> None:
        """Keep how a GPT is published; if fewer people may use it, what visitors share is shared no longer.

        Raises StoreError where another has this name.
        """
        with self._db.transaction():
            other = self.at(publication.slug)
            if other and other.flow != publication.flow:
                raise StoreError(
                    "Another GPT is published as “{name}” already.",
                    "Choose another name.",
                    code="publish.taken",
                    name=publication.slug,
                )
            before = self.of(publication.flow)
            if before and _shuts_out(before.terms, publication.terms):
                # Somebody who can no longer open the page could not end it.
                self._db.do("UPDATE conversations SET shared = NULL WHERE flow = ?", publication.flow)
            self._db.do(
                "INSERT INTO publications (flow, slug, version, live, terms) VALUES (?, ?, ?, ?, ?) "
                "ON CONFLICT (flow) DO UPDATE SET slug = excluded.slug, version = excluded.version, "
                "live = excluded.live, terms = excluded.terms",
                publication.flow,
                publication.slug,
                publication.version,
                publication.live,
                publication.terms.model_dump_json(),
            )

    def add_version(self, flow: Flow, note: str = "") -> int:
        """Freeze the flow as it is now; the number of this version, from 1."""
        with self._db.transaction():
            (last,) = self._db.one(
                "SELECT coalesce(max(number), 0) FROM published_versions WHERE flow = ?", flow.id
            )
            data = write_flow(flow, indent=None).encode()
            self._db.do(
                "INSERT INTO published_versions VALUES (?, ?, ?, ?, ?)", flow.id, last + 1, time.time(), note, data
            )
        return int(last) + 1

    def versions(self, flow: str) -> list[PublishedVersion]:
        """Every version of a GPT that was published, the newest first."""
        rows = self._db.all(
            "SELECT number, at, note FROM published_versions WHERE flow = ? ORDER BY number DESC", flow
        )
        return [PublishedVersion(*row) for row in rows]

    def load(self, flow: str, number: int) -> Flow:
        """The flow of a version. Raises StoreError where there is none."""
        row = self._db.one("SELECT data FROM published_versions WHERE flow = ? AND number = ?", flow, number)
        if row is None:
            raise StoreError("This version no longer exists.", "Choose another one.")
        return read_flow(row[0])

    def delete_of(self, flow: str) -> None:
        """Let go of all that was published of a GPT."""
        self._db.do("DELETE FROM publications WHERE flow = ?", flow)
        self._db.do("DELETE FROM published_versions WHERE flow = ?", flow)


def _shuts_out(before: Terms, after: Terms) -> bool:
    """Whether somebody who could use it no longer can."""
    if before.audience == after.audience == "people":
        return not (set(before.people) <= set(after.people) and set(before.groups) <= set(after.groups))
    return WIDER.index(after.audience) < WIDER.index(before.audience)


def _read(row: tuple[str, str, int, int, str]) -> Publication:
    flow, slug, version, live, terms = row
    return Publication(flow, slug, version, bool(live), _terms(terms))


@lru_cache(2_048)
def _terms(said: str) -> Terms:
    """Most GPTs of a store have the same terms."""
    return Terms.model_validate_json(said)
