"""The store, put together: what stands in it, what people think of it, and who looks after it."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

from flowloom.flow.model import Flow
from flowloom.gallery.abilities import effects_of
from flowloom.gallery.builders import Builders
from flowloom.gallery.catalogue import Catalogue, Entry
from flowloom.gallery.mail_proofs import MailProofs
from flowloom.gallery.moderation import MOST_STRIKES, By, Moderation
from flowloom.gallery.opinions import Opinions
from flowloom.gallery.problems import FOR_ADMINS, GalleryError
from flowloom.gallery.proofs import DnsOverHttps
from flowloom.gallery.reviews import PassingTalk, Reviews
from flowloom.gallery.search import Meaning
from flowloom.kinds.mail import Mailer
from flowloom.kinds.services import Models
from flowloom.people.team import Team
from flowloom.publishing import Publications, PublishError
from flowloom.rehearsal import Rehearsals
from flowloom.services.knowledge.bases import KnowledgeBases
from flowloom.services.network.local_network import OwnHosts
from flowloom.store.builders import BuilderStore
from flowloom.store.db import Database
from flowloom.store.decisions import DecisionStore
from flowloom.store.marks import MarkStore
from flowloom.store.publications import PublicationStore, Terms
from flowloom.store.real_use import UseStore
from flowloom.store.reviews import ReviewStore
from flowloom.store.runs import PAGE
from flowloom.store.store_vectors import VectorStore
from flowloom.visits.visits import Visits

REVIEWER = "review"
"""Who asks in a review, as conversations keep it: no browser has this token."""


class Gallery:
    """The store of one installation. Safe to use from several threads."""

    def __init__(
        self,
        db: Database,
        publications: Publications,
        published: PublicationStore,
        team: Team,
        visits: Visits,
        own_hosts: OwnHosts,
        mailer: Mailer,
    ) -> None:
        self.publications, self.team, self._visits = publications, team, visits
        self.use, self.marks, self._vectors = UseStore(db), MarkStore(db), VectorStore(db)
        self._reviewed, self._decisions = ReviewStore(db), DecisionStore(db)
        self.meaning = Meaning(self._vectors)
        self.catalogue = Catalogue(
            published,
            published.load,
            publications.exists,
            lambda: team.owners.all("gpt"),
            self.use,
            self.marks,
            self.meaning,
        )
        self.opinions = Opinions(self.use, visits.pace)
        self.moderation = Moderation(
            self._decisions,
            self._reviewed,
            self.marks,
            lambda flow: team.owners.of("gpt", flow),
            self._name,
            self._log,
            self.catalogue.look_again,
        )
        self.builders = Builders(
            BuilderStore(db),
            self._shown,
            lambda: DnsOverHttps(own_hosts.http()),
            own_hosts.http,
            team.note,
        )
        self.mail_proofs = MailProofs(mailer)
        visits.note_use, visits.forget_use = self.use.note, self.use.forget
        publications.is_down, publications.let_in = self.moderation.is_down, self._let_in
        publications.changed = self.catalogue.look_again
        self.check_terms: Callable[[Terms], None] = lambda terms: None
        """Raises PublishError where a GPT may not stand in the store with this price."""

    def review_with(
        self,
        knowledge: KnowledgeBases,
        rehearsals: Rehearsals,
        hosts_of: Callable[[Flow], tuple[str, ...]],
        models: Callable[[str], Models],
        roles: Callable[[], dict[str, str]],
    ) -> None:
        """From now on, GPTs can be reviewed."""
        runner = self._visits.runner
        self.reviews = Reviews(
            self._reviewed, knowledge, runner, rehearsals, hosts_of, models, roles, self._passing_talk
        )

    def _passing_talk(self, flow: str) -> PassingTalk:
        talk = self._visits.runs.new_conversation(flow, visitor=REVIEWER, via=PAGE)
        return PassingTalk(talk, lambda: self._visits.records.delete(talk))

    def _let_in(self, flow: Flow, terms: Terms) -> None:
        """Raises PublishError where a GPT may not be published so."""
        if terms.audience != "store":
            return
        self.publications.require_up(flow.id)
        self.check_terms(terms)
        found = self.reviews.find(flow)
        if found is None or not found.is_good:
            raise PublishError(
                "This GPT hasn’t passed the review for the store.",
                "Open Publish, choose the store, and start the review there.",
                code="publish.review",
            )
        owner = self.team.owners.of("gpt", flow.id)
        if self.publications.of(flow.id) is None and self.moderation.strikes(owner) >= MOST_STRIKES:
            raise PublishError(
                "You can’t put new GPTs into the store for now.",
                "{count} of yours were taken down within a year. Appeal against what was wrong.",
                code="publish.strikes",
                count=self.moderation.strikes(owner),
            )

    def feature(self, flow: str, yes: bool, by: By) -> None:
        """Put a GPT in front, or back. Raises GalleryError for whoever is no admin."""
        if not by.admin:
            raise GalleryError.from_problem(FOR_ADMINS)
        self.marks.feature(flow, yes)
        self._log("store_featured" if yes else "store_not_featured", by, self._name(flow))
        self.catalogue.look_again()

    def as_rows(self) -> Iterator[dict[str, Any]]:
        """What stands in the store, as a table of GPTs has it."""
        for entry in self.catalogue.entries():
            first = self.publications.versions(entry.flow)[-1:]
            yield {
                "title": entry.name,
                "description": entry.description,
                "author": self.builder_of(entry) or entry.owner or "–",
                "categories": entry.category,
                "tools": effects_of(self.publications.version(entry.flow, entry.version)),
                "starters": "||".join(entry.starters),
                "created": datetime.fromtimestamp(first[0].at, UTC).date() if first else None,
                "conversations": entry.figures.conversations,
                "rating": entry.figures.mean_stars,
                "ratings": entry.figures.ratings,
                "language": entry.language,
            }

    def builder_of(self, entry: Entry) -> str:
        """Who made a GPT, as others see them; "" for whoever runs the app and has no profile."""
        found = self.builders.of(entry.owner)
        return found.shown if found else ""

    def _shown(self, account: str) -> str:
        found = self.team.accounts.get(account)
        return found.shown if found else ""

    def _name(self, flow: str) -> str:
        found = self.publications.of(flow)
        return found.slug if found else flow

    def _log(self, what: str, by: By, about: str) -> None:
        """In the log of a team; what strangers do is nobody’s there."""
        acting = self.team.owners.acting()
        account, shown = (by.account, by.shown) if by.account or acting is None else (acting.id, acting.shown)
        if self.team.accounts.any():
            self.team.deeds.add(what, account, shown or self._shown(account), about)

    def delete_of(self, flow: str) -> None:
        """Let go of all that the store keeps of a GPT."""
        for store in (self.use, self.marks, self._vectors, self._reviewed, self._decisions):
            store.delete_of(flow)
