"""A knowledge base as a vector store of LangChain, for programs that are written for those."""

import itertools
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Self

from langchain_core.documents import Document
from langchain_core.embeddings import Embeddings
from langchain_core.vectorstores import VectorStore

from flowloom.kinds.values import Passage
from flowloom.services.knowledge.embedder import Embedder
from flowloom.services.knowledge.faiss_store import FaissStore


class LangChainStore(VectorStore):
    """The base in a folder; it is searched as the app searches it, by words and by meaning."""

    def __init__(self, folder: Path, embedder: Embedder | None) -> None:
        self._embedder = embedder
        self._store = FaissStore(folder, embedder)

    @property
    def embeddings(self) -> Embeddings | None:
        return self._embedder if isinstance(self._embedder, Embeddings) else None

    @classmethod
    def from_texts(
        cls, texts: list[str], embedding: Any, metadatas: list[dict[str, Any]] | None = None, **kwargs: Any
    ) -> Self:
        """LangChain's way to make one; `folder` says where."""
        store = cls(Path(kwargs["folder"]), embedding)
        store.add_texts(texts, metadatas)
        return store

    def add_texts(
        self, texts: Iterable[str], metadatas: list[dict[str, Any]] | None = None, **kwargs: Any
    ) -> list[str]:
        """Add passages; their ids. Raises FlowloomError."""
        passages = [
            Passage.model_validate({"file": about.get("source", ""), **about, "text": text})
            for text, about in zip(texts, metadatas or itertools.repeat({}), strict=False)
        ]
        return [str(id) for id in self._store.change(add=passages)]

    def delete(self, ids: list[str] | None = None, **kwargs: Any) -> bool:
        """Remove passages by their ids. Raises FlowloomError."""
        self._store.change(remove=[int(id) for id in ids or ()])
        return True

    def similarity_search(self, query: str, k: int = 4, **kwargs: Any) -> list[Document]:
        """The passages that fit best, best first."""
        return [
            Document(page_content=passage.text, metadata=passage.model_dump(exclude={"text"}))
            for passage in self._store.find(query, k)
        ]
