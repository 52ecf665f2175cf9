"""The store, put together: what stands in it, what people think of it, and who looks after it."""

from flowloom.gallery.catalogue import Catalogue, Entry
from flowloom.gallery.opinions import Opinions
from flowloom.gallery.problems import FOR_ADMINS, GalleryError
from flowloom.gallery.search import Meaning
from flowloom.people.team import Team
from flowloom.publishing import Publications
from flowloom.store.db import Database
from flowloom.store.marks import MarkStore
from flowloom.store.publications import PublicationStore
from flowloom.store.real_use import UseStore
from flowloom.store.store_vectors import VectorStore
from flowloom.visits.visits import Visits


class Gallery:
    """The store of one installation. Safe to use from several threads."""

    def __init__(self, db: Database, publications: Publications, store: PublicationStore, team: Team) -> None:
        self.publications, self.team = publications, team
        self.use, self.marks, self._vectors = UseStore(db), MarkStore(db), VectorStore(db)
        self.catalogue = Catalogue(
            store,
            store.load,
            publications.exists,
            lambda: team.owners.all("gpt"),
            self.use,
            self.marks,
            Meaning(self._vectors),
        )

    def open_to(self, visits: Visits) -> None:
        """Count visits from now on, and let visitors rate."""
        visits.note_use, visits.forget_use = self._note_use, self.use.forget
        self.opinions = Opinions(self.use, visits.pace)

    def _note_use(self, flow: str, visitor: str) -> None:
        self.use.note(flow, visitor)

    def feature(self, flow: str, yes: bool, *, admin: bool) -> None:
        """Put a GPT in front, or back. Raises GalleryError for whoever is no admin."""
        if not admin:
            raise GalleryError.from_problem(FOR_ADMINS)
        self.marks.feature(flow, yes)
        self.team.note("store_featured" if yes else "store_not_featured", self._name(flow))
        self.catalogue.look_again()

    def builder_of(self, entry: Entry) -> str:
        """Who made a GPT, as others see them; "" for whoever runs the app."""
        account = self.team.accounts.get(entry.owner) if entry.owner else None
        return account.shown if account else ""

    def _name(self, flow: str) -> str:
        found = self.publications.of(flow)
        return found.slug if found else flow

    def delete_of(self, flow: str) -> None:
        """Let go of all that the store keeps of a GPT."""
        self.use.delete_of(flow)
        self.marks.delete_of(flow)
        self._vectors.delete_of(flow)
