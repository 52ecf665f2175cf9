"""The knowledge bases of one flow, as its blocks see them."""

import asyncio
from collections.abc import Callable

from flowloom.errors import KnowledgeError
from flowloom.kinds.values import OWNER, SHARED, Filter, Passage, Reader
from flowloom.services.knowledge.bases import KnowledgeBases
from flowloom.services.knowledge.shared import FOLDER, key_of_shared


class FlowKnowledge:
    """Fulfils `Knowledge` for one reader: searched without holding up other runs."""

    def __init__(
        self,
        bases: KnowledgeBases,
        flow_id: str,
        reader: Reader = OWNER,
        may_search: Callable[[str], bool] = lambda base: True,
    ) -> None:
        """`may_search` tells of a shared base whether this flow may."""
        self._may_search = may_search
        self._bases = bases
        self._flow_id = flow_id
        self._reader = reader

    def of(self, flow_id: str) -> "FlowKnowledge":
        """The bases of another flow, for the same reader."""
        return FlowKnowledge(self._bases, flow_id, self._reader, self._may_search)

    async def search(self, base: str, question: str, top_k: int, only: Filter | None = None) -> list[Passage]:
        """The passages that fit a question best, best first. Raises KnowledgeError."""
        key = self._key(base)
        return await asyncio.to_thread(self._bases.search, key, question, top_k, only, self._reader)

    def _key(self, base: str) -> str:
        # A flow that calls itself like the folder of shared bases must not reach them by that name.
        if self._flow_id == FOLDER:
            raise KnowledgeError(
                "“{base}” can’t be used as a knowledge base name.", "Use letters and digits.", base=base
            )
        if not base.startswith(SHARED):
            return f"{self._flow_id}/{base}"
        shared = base.removeprefix(SHARED)
        key = key_of_shared(shared)
        if not self._bases.exists(key) or not self._may_search(shared):
            raise KnowledgeError(
                "The shared knowledge base of this block no longer exists.",
                "Choose another one in the Search knowledge block.",
            )
        return key
