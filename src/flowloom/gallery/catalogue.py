"""What stands in the store now: each GPT with its figures, by category and language, searched and ranked."""

import time
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from threading import Lock

from flowloom.errors import FlowloomError
from flowloom.flow.model import Flow
from flowloom.gallery.categories import CATEGORIES
from flowloom.gallery.ranking import BEFORE, GOOD, RECENT, WINDOW, Figures
from flowloom.gallery.search import Meaning, WordIndex
from flowloom.money import Price
from flowloom.store.marks import MarkStore
from flowloom.store.publications import Publication, PublicationStore
from flowloom.store.real_use import Counted, UseStore

FRESH, COUNTED = 30.0, 60.0
"""Seconds after which it is looked again what other processes changed, and after which use is counted again."""
MOST_FOUND = 60


@dataclass(frozen=True, slots=True)
class Entry:
    """A GPT of the store, with what a card shows of it. `owner` is the account it belongs to, "" for none."""

    flow: str
    slug: str
    version: int
    name: str
    description: str
    starters: tuple[str, ...]
    icon: str
    picture: str
    language: str
    category: str
    from_age: int
    may_copy: bool
    owner: str
    featured: float | None
    figures: Figures
    price: Price | None = None
    """None where it is free."""

    @property
    def text(self) -> str:
        """What it is about, for searching by meaning."""
        return f"{self.name}: {self.description}"


@dataclass(frozen=True, slots=True)
class _Snapshot:
    entries: dict[str, Entry]
    texts: dict[str, str]


@dataclass(frozen=True, slots=True)
class Shelf:
    """Which part of the store is looked at; "" for all of it."""

    category: str = ""
    language: str = ""

    def holds(self, entry: Entry) -> bool:
        return self.category in ("", entry.category) and self.language in ("", entry.language)


class Catalogue:
    """The store as it stands. Safe to use from several threads."""

    def __init__(
        self,
        publications: PublicationStore,
        load: Callable[[str, int], Flow],
        exists: Callable[[str], bool],
        owner_of: Callable[[], dict[str, str]],
        use: UseStore,
        marks: MarkStore,
        meaning: Meaning,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """`load` gives the flow of a version, `owner_of` the account each GPT belongs to."""
        self._publications, self._load, self._exists, self._owner_of = publications, load, exists, owner_of
        self._use, self._marks, self._meaning, self._clock = use, marks, meaning, clock
        self._lock, self._words = Lock(), WordIndex()
        self._kept: _Snapshot = _Snapshot({}, {})
        self._looked = self._counted = float("-inf")
        self._figures: dict[str, Figures] = {}
        self._flows: dict[tuple[str, int], Flow] = {}

    def look_again(self) -> None:
        """With the next question, read anew what there is, and count."""
        self._looked = self._counted = float("-inf")

    def entries(self) -> list[Entry]:
        """All of them, by name in the address."""
        return list(self._now().entries.values())

    def find(self, slug: str) -> Entry | None:
        """The one under a name in the address."""
        return next((each for each in self._now().entries.values() if each.slug == slug), None)

    def shelves(self) -> list[tuple[str, int]]:
        """The categories with how many stand in each: ours in their order, then those of builders."""
        counts = Counter(entry.category for entry in self.entries())
        own = sorted((each for each in counts if each and each not in CATEGORIES), key=str.casefold)
        return [(each, counts[each]) for each in (*CATEGORIES, *own, "") if counts[each]]

    def languages(self) -> list[str]:
        """Those in which there are GPTs, the most frequent first."""
        return [language for language, _ in Counter(each.language for each in self.entries()).most_common()]

    def ranked(self, shelf: Shelf, most: int) -> list[Entry]:
        """The leaderboard of a shelf: the highest score first, then by name."""
        return sorted(filter(shelf.holds, self.entries()), key=lambda e: (-e.figures.score, e.slug))[:most]

    def trending(self, shelf: Shelf, most: int) -> list[Entry]:
        """Those used more than before, the strongest first."""
        found = [each for each in filter(shelf.holds, self.entries()) if each.figures.trend > 1]
        return sorted(found, key=lambda e: (-e.figures.trend, e.slug))[:most]

    def featured(self, shelf: Shelf, most: int) -> list[Entry]:
        """Those that whoever looks after the store chose, the latest first."""
        found = [each for each in filter(shelf.holds, self.entries()) if each.featured]
        return sorted(found, key=lambda e: -(e.featured or 0.0))[:most]

    def of_builder(self, owner: str) -> list[Entry]:
        """All of one builder, the highest score first."""
        found = [each for each in self.entries() if each.owner == owner]
        return sorted(found, key=lambda e: (-e.figures.score, e.slug))

    def search(self, wanted: str, shelf: Shelf = Shelf()) -> tuple[list[Entry], list[Entry]]:
        """Those that say what is searched for, and those that mean nearly the same."""
        now = self._now()
        with self._lock:
            scores = self._words.find(wanted)
        said = _on(shelf, (now.entries.get(id) for id in scores))
        said.sort(key=lambda e: (-scores[e.flow], -e.figures.score, e.slug))
        near = self._meaning.near(wanted, now.texts, scores)
        return said[:MOST_FOUND], _on(shelf, (now.entries.get(id) for id in near))

    def _now(self) -> _Snapshot:
        with self._lock:
            if self._clock() - self._counted > COUNTED:
                self._figures, self._counted = self._count(), self._clock()
                self._looked = float("-inf")
            if self._clock() - self._looked > FRESH:
                self._kept, self._looked = self._read(), self._clock()
            return self._kept

    def _count(self) -> dict[str, Figures]:
        use, rated = self._use.counted(WINDOW, RECENT, BEFORE), self._use.rated(GOOD)
        return {id: Figures(*use.get(id, Counted()), *rated.get(id, (0, 0, 0))) for id in use.keys() | rated.keys()}

    def _read(self) -> _Snapshot:
        marks, owners = self._marks.all(), self._owner_of()
        entries: dict[str, Entry] = {}
        for each in self._publications.in_store():
            mark = marks.get(each.flow)
            if (mark is None or mark.down is None) and self._exists(each.flow):
                flow = self._flow(each)
                if flow is not None:
                    featured = mark.featured if mark else None
                    entries[each.flow] = self._entry(each, flow, owners.get(each.flow, ""), featured)
        if entries == self._kept.entries:
            return self._kept
        self._words.use(
            {id: (e.name, " ".join((e.description, *e.starters, e.category))) for id, e in entries.items()}
        )
        return _Snapshot(entries, {id: entry.text for id, entry in entries.items()})

    def _entry(self, publication: Publication, flow: Flow, owner: str, featured: float | None) -> Entry:
        terms = publication.terms
        return Entry(
            flow=publication.flow,
            slug=publication.slug,
            version=publication.version,
            name=flow.name,
            description=flow.description,
            starters=tuple(flow.starters),
            icon=flow.icon,
            picture="yes" if flow.picture else "",
            language=flow.language,
            category=terms.category,
            from_age=terms.from_age,
            may_copy=terms.may_copy,
            owner=owner,
            featured=featured,
            figures=self._figures.get(publication.flow, Figures()),
            price=terms.price,
        )

    def _flow(self, publication: Publication) -> Flow | None:
        """What a version says of itself, which never changes; one that cannot be read is not shown."""
        key = (publication.flow, publication.version)
        if key not in self._flows:
            try:
                flow = self._load(*key)
            except FlowloomError:
                return None
            # Of ten thousand, only what is shown is kept.
            bare: dict[str, object] = {
                "nodes": (),
                "edges": (),
                "layout": {},
                "picture": "yes" if flow.picture else "",
            }
            self._flows[key] = flow.model_copy(update=bare)
        return self._flows[key]


def _on(shelf: Shelf, found: Iterable[Entry | None]) -> list[Entry]:
    return [each for each in found if each is not None and shelf.holds(each)]


def names_of(entries: Sequence[Entry]) -> list[str]:
    """Their names in the address."""
    return [each.slug for each in entries]
