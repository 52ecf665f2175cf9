"""From draft to something others use: a frozen version under a short name, changed by publishing alone."""

import re
import unicodedata
from collections.abc import Callable
from itertools import count
from typing import NamedTuple

from flowloom.differences import differences
from flowloom.errors import FlowloomError, Problem
from flowloom.flow.model import Flow
from flowloom.runner import require_runnable
from flowloom.store.publications import Publication, PublicationStore, PublishedVersion, Terms

SHORTEST, LONGEST = 2, 60
"""Characters of a name in an address."""
KEPT = 32
"""How many published flows stay in memory."""
_BETWEEN = re.compile(r"[^\w]+|_+")


class PublishError(FlowloomError):
    """What cannot be published, or is not."""

    code = "publish"


class Published(NamedTuple):
    """A published GPT as it is served."""

    publication: Publication
    flow: Flow


class Publications:
    """The published GPTs of one installation. Safe to use from several threads."""

    def __init__(
        self,
        store: PublicationStore,
        exists: Callable[[str], bool],
        lacking: Callable[[Flow], list[Problem]],
        note: Callable[[str, str], None] = lambda what, about: None,
    ) -> None:
        """`exists` tells whether a GPT was not deleted, `lacking` what it needs and has not, such as documents.

        `note` is told what was done, and to which name in the address.
        """
        self._note = note
        self._store, self.exists, self._lacking = store, exists, lacking
        self.is_down: Callable[[str], Problem | None] = lambda flow_id: None
        """Why a GPT is taken down for now, by its id."""
        self.let_in: Callable[[Flow, Terms], None] = lambda flow, terms: None
        """Raises PublishError where a flow may not be published with these terms."""
        self.changed: Callable[[], None] = lambda: None
        """Told when something else is served, or otherwise."""
        self._kept: dict[tuple[str, int], Flow] = {}

    def of(self, flow_id: str) -> Publication | None:
        """How a GPT is published; None for one that never was."""
        return self._store.of(flow_id)

    def versions(self, flow_id: str) -> list[PublishedVersion]:
        """Every version that was published, the newest first."""
        return self._store.versions(flow_id)

    def live(self) -> list[Published]:
        """All that is served now, by name."""
        return [Published(each, self._flow(each)) for each in self._store.live() if self.exists(each.flow)]

    def shared(self) -> frozenset[str]:
        """The ids of all GPTs that are served now."""
        return frozenset(each.flow for each in self._store.live())

    def find(self, slug: str, also_down: bool = False) -> Published:
        """What is served under a name. Raises PublishError where nothing is.

        What is taken down is only found with `also_down`, for those who were talking with it.
        """
        found = self._store.at(unicodedata.normalize("NFC", slug).lower())
        if found is None or not found.live or not self.exists(found.flow):
            raise nothing_here()
        if not also_down:
            self.require_up(found.flow)
        return Published(found, self._flow(found))

    def require_up(self, flow_id: str) -> None:
        """Raises PublishError where a GPT is taken down."""
        down = self.is_down(flow_id)
        if down is not None:
            raise PublishError.from_problem(down)

    def publish(self, flow: Flow, slug: str, terms: Terms, note: str = "") -> Publication:
        """Freeze the flow as it is and serve it. Raises PublishError, StoreError."""
        name = self._named(slug)
        require_runnable(flow, PublishError)
        self.let_in(flow, terms)
        before = self._store.of(flow.id)
        same = before is not None and self._flow(before) == flow
        version = before.version if before and same else self._store.add_version(flow, note.strip()[:200])
        publication = Publication(flow.id, name, version, True, terms)
        self._put(publication)
        self._note("published", f"{name} ({terms.audience})")
        return publication

    def change(self, flow_id: str, slug: str, terms: Terms) -> Publication:
        """Other terms or another name for the same version. Raises PublishError, StoreError."""
        before = self._known(flow_id)
        self.let_in(self._flow(before), terms)
        publication = before._replace(slug=self._named(slug), terms=terms)
        self._put(publication)
        self._note("terms_changed", f"{publication.slug} ({terms.audience})")
        return publication

    def roll_back(self, flow_id: str, number: int) -> Publication:
        """Serve an earlier version. Raises PublishError, StoreError."""
        earlier, before = self._store.load(flow_id, number), self._known(flow_id)
        self.let_in(earlier, before.terms)
        publication = before._replace(version=number, live=True)
        self._put(publication)
        self._note("rolled_back", publication.slug)
        return publication

    def unpublish(self, flow_id: str) -> None:
        """Serve it to nobody; its name and versions are kept. Raises PublishError."""
        publication = self._known(flow_id)._replace(live=False)
        self._put(publication)
        self._note("unpublished", publication.slug)

    def _put(self, publication: Publication) -> None:
        self._store.put(publication)
        self.changed()

    def served(self, flow_id: str) -> Flow | None:
        """The version that visitors get; None where there is none."""
        found = self._store.of(flow_id)
        return self._flow(found) if found else None

    def version(self, flow_id: str, number: int) -> Flow:
        """A GPT as it was in one of its versions. Raises StoreError where there is none."""
        return self._store.load(flow_id, number)

    def pending(self, draft: Flow, language: str) -> list[str]:
        """What the draft says otherwise than what is published, a sentence each."""
        served = self.served(draft.id)
        return differences(served, draft, language) if served else []

    def warnings(self, flow: Flow) -> list[Problem]:
        """What visitors would miss, such as documents that are not there."""
        return self._lacking(flow)

    def free_slug(self, flow: Flow) -> str:
        """A name for the address that no other GPT has, made of the GPT’s own."""
        stem = slug_of(flow.name) or "gpt"
        names = (stem if number == 1 else f"{stem[: LONGEST - 5]}-{number}" for number in count(1))
        return next(name for name in names if (found := self._store.at(name)) is None or found.flow == flow.id)

    def _named(self, slug: str) -> str:
        name = slug_of(slug)
        if len(name) < SHORTEST:
            raise PublishError(
                "The name in the address is too short.",
                "Use at least {least} letters or digits, such as “school-trips”.",
                code="publish.name",
                least=SHORTEST,
            )
        return name

    def _known(self, flow_id: str) -> Publication:
        found = self._store.of(flow_id)
        if found is None:
            raise PublishError("This GPT isn’t published.", "Publish it first.", code="publish.not")
        return found

    def _flow(self, publication: Publication) -> Flow:
        """A version never changes, so it is read once."""
        key = (publication.flow, publication.version)
        found = self._kept.pop(key, None) or self._store.load(*key)
        self._kept[key] = found
        for old in list(self._kept)[:-KEPT]:
            self._kept.pop(old, None)
        return found


def nothing_here() -> PublishError:
    """What anybody is told of an address where nothing is served to them, whether or not something is there."""
    return PublishError(
        "There is no GPT at this address.",
        "Check the address. Whoever shared it may have stopped sharing it.",
        code="publish.none",
    )


def slug_of(text: str) -> str:
    """The text as a name in an address: small letters and digits of any script, joined by hyphens."""
    plain = unicodedata.normalize("NFKC", text).lower()
    return unicodedata.normalize("NFC", _BETWEEN.sub("-", plain)).strip("-")[:LONGEST].strip("-")
