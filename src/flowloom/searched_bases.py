"""The knowledge bases that blocks of GPTs search: whether they hold anything, and which GPTs share them."""

from contextlib import suppress

from flowloom.errors import FlowloomError, Problem
from flowloom.flow.model import Flow
from flowloom.kinds.values import SHARED
from flowloom.nodes.knowledge.shared import Search, bases_in, nothing_to_search, searches_in, shared_in
from flowloom.services.knowledge.bases import KnowledgeBases
from flowloom.services.knowledge.crawls import Crawls
from flowloom.services.knowledge.ingest import Ingest
from flowloom.services.knowledge.readiness import Readiness
from flowloom.services.knowledge.shared import FOLDER, SharedBases, key_of_base, key_of_shared
from flowloom.store.flows import FlowStore


class SearchedBases:
    """What the flows of one installation search."""

    def __init__(
        self,
        flows: FlowStore,
        knowledge: KnowledgeBases,
        ingest: Ingest,
        shared: SharedBases,
        crawls: Crawls,
        readiness: Readiness,
    ) -> None:
        self._flows, self._knowledge, self._ingest = flows, knowledge, ingest
        self._shared, self._crawls, self._readiness = shared, crawls, readiness

    def lacking(self, flow: Flow) -> list[Problem]:
        """A warning for each block that searches documents of which there are none."""
        empty = {search.node.id: search.node for search in searches_in(flow) if not self._can_search(search)}
        return [nothing_to_search(node) for node in empty.values()]

    def _can_search(self, search: Search) -> bool:
        """Whether there are documents, or some that wait to be read; a shared base that is gone has none."""
        with suppress(FlowloomError):
            key = key_of_base(search.flow, search.base)
            return bool(self._knowledge.files(key) or self._ingest.waiting(key))
        return False

    def key_to_fill(self, flow_id: str, base: str) -> str:
        """The key of a base of a block, to add documents to. Raises KnowledgeError where a shared one is gone."""
        if base.startswith(SHARED):
            return self._shared.get(base.removeprefix(SHARED)).key
        return key_of_base(flow_id, base)

    def bases_waiting_for(self, flow: Flow) -> list[str]:
        """The keys of the bases a flow searches, its own and shared ones, that have files waiting."""
        shared = {f"{FOLDER}/{id}" for id in shared_in(flow)}
        return [key for key in self._ingest.bases() if key in shared or key.startswith(f"{flow.id}/")]

    def make_ready_for(self, flow: Flow) -> None:
        """Read or make, in the background, what the first question to a flow's documents would wait for."""
        for name in bases_in(flow):
            key = f"{FOLDER}/{name.removeprefix(SHARED)}" if name.startswith(SHARED) else f"{flow.id}/{name}"
            self._readiness.ask_for(key)

    def gpts_using(self, shared_id: str) -> list[str]:
        """The names of the GPTs whose blocks search a shared knowledge base."""
        return self.users_of_shared().get(shared_id, [])

    def users_of_shared(self) -> dict[str, list[str]]:
        """The names of the GPTs that search shared knowledge bases, by the id of the base."""
        found: dict[str, list[str]] = {}
        for entry in self._flows.entries():
            for id in self._shared_in(entry.id):
                found.setdefault(id, []).append(entry.name)
        return found

    def _shared_in(self, flow_id: str) -> set[str]:
        try:
            return shared_in(self._flows.load(flow_id))
        except FlowloomError:  # a damaged file is shown as such and runs nothing
            return set()

    def delete_shared(self, shared_id: str) -> list[str]:
        """Delete a shared knowledge base with its documents; the names of the GPTs that find nothing in it now."""
        used = self.gpts_using(shared_id)
        self._crawls.forget(key_of_shared(shared_id))
        self._ingest.delete_all(key_of_shared(shared_id))
        self._shared.delete(shared_id)
        return used
