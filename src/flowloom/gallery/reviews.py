"""The automatic review before a GPT goes into the store: what it could leak, say, send and carry.

What is found lets it in, holds it back until a person decides, or is told beside it. A review counts for exactly
what was looked at: a GPT or a document that changed is reviewed anew.
"""

import asyncio
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from dataclasses import dataclass, field
from hashlib import sha256
from typing import TYPE_CHECKING

from flowloom.errors import FlowloomError, NodeError, Problem
from flowloom.exchange.personal_data import KEY, UNREAD, personal_data_in
from flowloom.flow.file import write_flow
from flowloom.flow.model import Flow
from flowloom.flow.secrets import find_secrets, looks_secret
from flowloom.gallery import policy
from flowloom.gallery.abilities import effects_of
from flowloom.gallery.problems import GalleryError
from flowloom.kinds.services import Models
from flowloom.locales import Verbatim
from flowloom.rehearsal import Rehearsal, Rehearsals
from flowloom.runner import Runner
from flowloom.services.knowledge.bases import KnowledgeBases
from flowloom.store.reviews import Reviewed, ReviewStore, State

if TYPE_CHECKING:
    from flowloom.exchange.packing import Found

FAILS, WARNS = ("D", "F"), ("C",)
"""Grades of the leak test that hold a protected GPT back, and those that are told beside it."""
GRAVE = frozenset({"card", "iban"})
"""Kinds of personal data that hold a GPT back."""


@dataclass(slots=True)
class Review:
    """One under way: what was found so far, and how far the leak test has come."""

    digest: str
    findings: list[Problem] = field(default_factory=list)
    rehearsal: Rehearsal | None = None
    future: "Future[None] | None" = None
    problem: Problem | None = None
    """Why it could not be ended."""

    @property
    def ended(self) -> bool:
        return self.future is not None and self.future.done()

    @property
    def share(self) -> float:
        """How much is done, from 0 to 1."""
        return len(self.rehearsal.outcomes) / max(1, self.rehearsal.of) if self.rehearsal else 0.0


class Reviews:
    """Reviews under way and kept. Safe to use from several threads."""

    def __init__(
        self,
        store: ReviewStore,
        knowledge: KnowledgeBases,
        runner: Runner,
        rehearsals: Rehearsals,
        hosts_of: Callable[[Flow], tuple[str, ...]],
        models_for: Callable[[str], Models],
        roles: Callable[[], dict[str, str]],
        passing: "Callable[[str], PassingTalk]",
    ) -> None:
        """`passing` gives a conversation of a stranger with a GPT, which goes once it is over."""
        self._store, self._knowledge, self._runner, self._rehearsals = store, knowledge, runner, rehearsals
        self._hosts_of, self._models_for, self._roles, self._passing = hosts_of, models_for, roles, passing
        self._under_way: dict[str, Review] = {}

    def digest(self, flow: Flow) -> str:
        """Of the GPT with its documents: another one is another GPT to the review."""
        state = sha256(write_flow(flow, indent=None).encode())
        for found in sorted(self._documents(flow), key=lambda each: (each.base, each.name)):
            state.update(f"{found.base}\0{found.name}\0{found.file.hash}\n".encode())
        return state.hexdigest()[:32]

    def find(self, flow: Flow) -> Reviewed | None:
        """The review of this GPT as it is; None where there is none yet."""
        return self._store.find(flow.id, self.digest(flow))

    def under_way(self, flow_id: str) -> Review | None:
        return self._under_way.get(flow_id)

    def start(self, flow: Flow) -> Review:
        """Look at what can be read at once, and begin what takes a while. Raises KnowledgeError, FlowFileError."""
        review = Review(self.digest(flow), [*self._scan(flow)])
        talk = self._passing(flow.id)
        try:
            started = self._rehearsals.start(flow, talk.id)
            review.rehearsal = self._rehearsals.find(started)
        except NodeError:  # Nothing it has is long enough to be worth protecting.
            talk.end()
        except BaseException:
            talk.end()
            raise
        review.future = self._runner.begin(self._go(flow, review, talk))
        self._under_way[flow.id] = review
        return review

    def finished(self, flow: Flow, timeout: float = 300.0) -> Reviewed | None:
        """Wait for the review that is under way."""
        review = self._under_way.get(flow.id)
        if review and review.future:
            review.future.result(timeout)
        return self._store.find(flow.id, review.digest) if review else None

    def cancel(self, flow_id: str) -> None:
        review = self._under_way.pop(flow_id, None)
        if review and review.future:
            review.future.cancel()

    async def _go(self, flow: Flow, review: Review, talk: "PassingTalk") -> None:
        try:
            if review.rehearsal and review.rehearsal.future:
                await asyncio.wrap_future(review.rehearsal.future)
                review.findings += _leaks(review.rehearsal, flow)
            review.findings += await self._judged(flow)
            findings = tuple(review.findings)
            state: State = "held" if any(each.severity == "error" for each in findings) else "passed"
            self._store.keep(flow.id, review.digest, state, findings)
        except FlowloomError as error:
            review.problem = error.problem
        finally:
            talk.end()

    async def _judged(self, flow: Flow) -> list[Problem]:
        """What a model says against it, where one is set up."""
        text = policy.said_by(flow)
        if not policy.asks_a_model(self._roles()) or not text.strip():
            return []
        reply = await self._models_for(flow.id).reply(policy.request_for(text), lambda piece: None)
        if reply.fields.get("unwanted") is False:
            return []
        why = " ".join(str(reply.fields.get("why") or "").split())[:300]
        return [
            Problem.of(
                "review.model",
                "A model found that it may break the rules of the store: {why}",
                "Models make mistakes. Change it, or ask whoever looks after the store to decide.",
                why=Verbatim(why or "–"),
            )
        ]

    def _scan(self, flow: Flow) -> Iterator[Problem]:
        texts = [
            (found.name, self._knowledge.readable(found.key, found.file.name)) for found in self._documents(flow)
        ]
        yield from find_secrets(flow)
        for name, text in texts:
            if looks_secret(text):
                yield _secret_in(name)
        yield from _personal(flow, texts)
        yield from policy.against_words(policy.said_by(flow))
        yield from self._outward(flow)

    def _documents(self, flow: Flow) -> "list[Found]":
        from flowloom.exchange.packing import documents_of

        try:
            return list(documents_of(flow, self._knowledge)[0])
        except FlowloomError:
            return []

    def _outward(self, flow: Flow) -> Iterator[Problem]:
        """What it does to the world, told beside it."""
        hosts = self._hosts_of(flow)
        if hosts:
            yield Problem.of(
                "review.hosts",
                "It can send what people write to: {hosts}.",
                "The store tells people so.",
                hosts=Verbatim(", ".join(hosts)),
            ).as_warning()
        if "saves files" in effects_of(flow):
            yield Problem.of(
                "review.files", "It can save files where Flowloom runs.", "The store tells people so."
            ).as_warning()


def _secret_in(name: str) -> Problem:
    return Problem.of(
        "review.secret",
        "The document “{name}” contains what looks like a key or password.",
        "Take it out of the document, and change the key: somebody may have seen it.",
        name=Verbatim(name),
    )


def _personal(flow: Flow, texts: list[tuple[str, str]]) -> Iterator[Problem]:
    for place in personal_data_in(flow, texts):
        counts = {kind: count for kind, count in place.counts.items() if kind not in (KEY, UNREAD)}
        if not counts:
            continue
        found = Problem.of(
            "review.personal",
            "There is personal data in “{name}”: {count} pieces.",
            "Take it out, unless it is meant for everybody.",
            name=Verbatim(place.name or flow.name),
            count=sum(counts.values()),
        )
        yield found if GRAVE & counts.keys() else found.as_warning()


def _leaks(rehearsal: Rehearsal, flow: Flow) -> Iterator[Problem]:
    """What the leak test says of the protection; of what is not protected, only that it is not."""
    if len(rehearsal.silent) == len(rehearsal.outcomes):
        yield Problem.of(
            "review.silent",
            "It answered nothing in the leak test.",
            "Send it a message in the chat to see why, then review it again.",
        )
        return
    protects = flow.protection.knowledge or flow.protection.instructions
    grade = rehearsal.grade
    if protects and grade in (*FAILS, *WARNS):
        found = Problem.of(
            "review.leaks",
            "The leak test gives grade {grade}: {count} of {of} attempts got what is protected.",
            "Shorten the longest quote under Privacy protection, then review it again.",
            grade=grade,
            count=len(rehearsal.leaks),
            of=len(rehearsal.outcomes),
        )
        yield found if grade in FAILS else found.as_warning()
    elif not protects and rehearsal.leaks:
        yield Problem.of(
            "review.open",
            "People can get its documents and instructions word for word.",
            "Turn on Privacy protection if they are not meant for everybody.",
        ).as_warning()


class PassingTalk:
    """A conversation that nobody sees and that goes once it is over."""

    def __init__(self, id: str, end: Callable[[], None]) -> None:
        self.id, self.end = id, end


def require_state(reviewed: Reviewed | None, *states: State) -> Reviewed:
    """Raises GalleryError where a review is not in one of these states."""
    if reviewed is None or reviewed.state not in states:
        raise GalleryError(
            "This review is no longer open.", "Load the page again to see how it stands.", code="store.review_over"
        )
    return reviewed
