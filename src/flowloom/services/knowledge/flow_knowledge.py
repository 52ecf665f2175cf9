"""The knowledge bases of one flow, as its blocks see them."""

import asyncio

from flowloom.kinds.values import OWNER, Filter, Passage, Reader
from flowloom.services.knowledge.bases import KnowledgeBases


class FlowKnowledge:
    """Fulfils `Knowledge` for one reader: searched without holding up other runs."""

    def __init__(self, bases: KnowledgeBases, flow_id: str, reader: Reader = OWNER) -> None:
        self._bases = bases
        self._flow_id = flow_id
        self._reader = reader

    def of(self, flow_id: str) -> "FlowKnowledge":
        """The bases of another flow, for the same reader."""
        return FlowKnowledge(self._bases, flow_id, self._reader)

    async def search(self, base: str, question: str, top_k: int, only: Filter | None = None) -> list[Passage]:
        """The passages that fit a question best, best first. Raises KnowledgeError."""
        key = f"{self._flow_id}/{base}"
        return await asyncio.to_thread(self._bases.search, key, question, top_k, only, self._reader)
