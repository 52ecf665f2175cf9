"""The guard of each run: what its flow protects, read once as long as it stays the same."""

import threading
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from flowloom.kinds.services import Guard, NoGuard
from flowloom.run.planning.plan import Plan
from flowloom.services.knowledge.bases import KnowledgeBases
from flowloom.services.knowledge.shared import key_of_base

if TYPE_CHECKING:
    from flowloom.services.protection.guard import Protected

KEPT = 8
"""Of how many flows the fingerprints stay in memory."""
READS = "reads knowledge"


class Guards:
    """Makes guards. Safe to use from several threads."""

    def __init__(self, bases: KnowledgeBases) -> None:
        self._bases = bases
        self._kept: dict[tuple[object, ...], Protected] = {}
        self._lock = threading.Lock()

    def of(self, plan: Plan, said: Sequence[str] = (), language: str = "en", more: Sequence[str] = ()) -> Guard:
        """The guard of a run in a conversation in which the GPT has `said` something already.

        `more` are texts that belong to its documents in this run alone.
        """
        stamp = tuple(self._stamp(plan))
        if not stamp:
            return NoGuard()
        from flowloom.services.protection.guard import QuoteGuard

        protected = self._protected(plan, stamp).with_more(more if plan.protection.knowledge else ())
        return QuoteGuard(protected, plan.protection.quote, said, language)

    def _protected(self, plan: Plan, stamp: tuple[object, ...]) -> "Protected":
        from flowloom.services.protection.guard import Protected

        with self._lock:
            protected = self._kept.pop(stamp, None) or Protected.of(self.texts(plan))
            self._kept[stamp] = protected
            for old in list(self._kept)[:-KEPT]:
                del self._kept[old]
        return protected

    def texts(self, plan: Plan) -> Iterator[str]:
        """All that is protected in a flow and in the flows within it."""
        for key in sorted(_bases_of(plan)):
            for file in self._bases.files(key):
                yield self._bases.readable(key, file.name)
        yield from _instructions_of(plan)

    def _stamp(self, plan: Plan) -> Iterator[object]:
        for key in sorted(_bases_of(plan)):
            for file in self._bases.files(key):
                yield key, file.name, file.size, file.added_at
        yield from _instructions_of(plan)


def _bases_of(plan: Plan) -> set[str]:
    return {
        key_of_base(owner.flow_id, getattr(step.config, "knowledge", ""))
        for owner, step in plan.all_steps()
        if READS in step.kind.effects and (plan.protection.knowledge or owner.protection.knowledge)
    }


def _instructions_of(plan: Plan) -> Iterator[str]:
    plans = {id(owner): owner for owner, _ in plan.all_steps()} | {id(plan): plan}
    for owner in plans.values():
        if plan.protection.instructions or owner.protection.instructions:
            yield from filter(None, [owner.instructions])
            yield from _own_words(owner)


def _own_words(plan: Plan) -> Iterator[str]:
    """The instructions of single blocks."""
    for step in plan.steps:
        words = getattr(step.config, "instructions", "")
        if isinstance(words, str) and words:
            yield words
