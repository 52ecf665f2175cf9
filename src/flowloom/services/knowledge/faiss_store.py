"""Passages in SQLite and their vectors in a FAISS index, changed together or not at all."""

import contextlib
import hashlib
import itertools
import sqlite3
import threading
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, Self

import faiss
import numpy as np
from langchain_core.documents import Document as LangChainDocument
from langchain_core.embeddings import Embeddings
from langchain_core.vectorstores import VectorStore
from numpy.typing import NDArray

from flowloom.errors import KnowledgeError
from flowloom.kinds.values import Passage
from flowloom.services.files import write_whole
from flowloom.services.knowledge.embedder import Embedder
from flowloom.services.knowledge.rows import TABLES, indexed_text, insert_row, read_row
from flowloom.services.knowledge.word_vectors import WordVectors, in_common, weighed

Vectors = NDArray[np.float32]


class FaissStore(VectorStore):
    """One knowledge base in a folder.

    A change writes the new index beside the old one; the transaction that changes the rows also names the
    index that belongs to them. So a crash at any point leaves either the old state or the new one.
    """

    def __init__(self, folder: Path, embedder: Embedder) -> None:
        self._folder = folder
        self._embedder = embedder
        self._lock = threading.RLock()
        self._loaded: tuple[int, Any, NDArray[np.int64]] | None = None

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
        passages = [
            Passage.model_validate({"file": about.get("source", ""), **about, "text": text})
            for text, about in zip(texts, metadatas or itertools.repeat({}), strict=False)
        ]
        return [str(id) for id in self.change(add=passages)]

    def delete(self, ids: list[str] | None = None, **kwargs: Any) -> bool:
        self.change(remove=[int(id) for id in ids or ()])
        return True

    def similarity_search(self, query: str, k: int = 4, **kwargs: Any) -> list[LangChainDocument]:
        return [
            LangChainDocument(page_content=passage.text, metadata=passage.model_dump(exclude={"text"}))
            for passage in self.find(query, k)
        ]

    def find(self, question: str, top_k: int) -> list[Passage]:
        """The passages nearest to a question, best first; none where nothing matches."""
        with self.reading() as db:
            index, spread = self._index(db)
            if not index.ntotal or top_k < 1 or not question.strip():
                return []
            vector = np.asarray(self._embedder.embed_query(question), dtype=np.float32)
            by_words = isinstance(self._embedder, WordVectors)
            if by_words:
                vector = weighed(vector, spread, index.ntotal)
            scores, ids = index.search(vector.reshape(1, -1), min(index.ntotal, top_k * 3 if by_words else top_k))
            rows = [read_row(db, int(id), float(score)) for score, id in zip(scores[0], ids[0], strict=True)]
            found = [row for row in rows if row]  # one may have been removed meanwhile
        if by_words:
            found = [each for each in found if each.score > 0 and in_common(question, indexed_text(each))]
        return found[:top_k]

    def change(
        self,
        add: Sequence[Passage] = (),
        remove: Sequence[int] = (),
        remove_file: str | None = None,
        file_row: tuple[Any, ...] | None = None,
    ) -> list[int]:
        """Remove and add passages in one step; the ids of those added."""
        vectors = self._embed([indexed_text(passage) for passage in add])
        with self._lock, self._writing() as db:
            index = faiss.clone_index(self._index(db)[0]) if self._revision(db)[0] else _new_index(vectors)
            gone = [
                *remove,
                *(row[0] for row in db.execute("SELECT id FROM passages WHERE file = ?", (remove_file,))),
            ]
            if gone:
                index.remove_ids(faiss.IDSelectorBatch(np.asarray(gone, dtype=np.int64)))
                db.executemany("DELETE FROM passages WHERE id = ?", [(id,) for id in gone])
            db.execute("DELETE FROM files WHERE name = ?", (remove_file,))
            if file_row:
                db.execute("INSERT INTO files VALUES (?, ?, ?, ?, ?, ?)", file_row)
            ids = [insert_row(db, passage) for passage in add]
            if ids:
                index = index if index.ntotal else _new_index(vectors)
                index.add_with_ids(vectors, np.asarray(ids, dtype=np.int64))
            self._save(db, index)
        self._sweep()
        return ids

    @contextlib.contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """A connection whose reads all see one state."""
        self._folder.mkdir(parents=True, exist_ok=True)
        try:
            with contextlib.closing(sqlite3.connect(self._folder / "rows.sqlite", timeout=30)) as db:
                db.isolation_level = None
                if not db.execute("SELECT 1 FROM sqlite_master WHERE name = 'state'").fetchone():
                    db.executescript(TABLES)
                yield db
        except sqlite3.DatabaseError as error:
            raise KnowledgeError(
                "The knowledge base cannot be opened ({reason}).",
                "If this stays so, remove its files and add them again.",
                reason=str(error),
            ) from None

    @contextlib.contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        with self.reading() as db:
            db.execute("BEGIN IMMEDIATE")  # also keeps other processes from changing the base meanwhile
            try:
                yield db
                db.execute("COMMIT")
            except BaseException:
                if db.in_transaction:
                    db.execute("ROLLBACK")
                self._loaded = None
                raise

    def _revision(self, db: sqlite3.Connection) -> tuple[int, str, str]:
        revision, checksum, embedder = db.execute("SELECT revision, checksum, embedder FROM state").fetchone()
        return int(revision), str(checksum), str(embedder)

    def _index(self, db: sqlite3.Connection) -> tuple[Any, NDArray[np.int64]]:
        """The index that belongs to the rows: remembered, read, or made anew from them."""
        with self._lock:
            revision, checksum, embedder = self._revision(db)
            if self._loaded is None or self._loaded[0] != revision:
                data = self._read(revision)
                trusted = hashlib.sha256(data).hexdigest() == checksum and embedder == self._embedder.name
                if not trusted and self._revision(db)[0] != revision:
                    return self._index(db)  # another process changed the base at this moment
                index = faiss.deserialize_index(np.frombuffer(data, np.uint8)) if trusted else self._rebuilt(db)
                self._loaded = (self._revision(db)[0], index, _spread(index))
            return self._loaded[1:]

    def _read(self, revision: int) -> bytes:
        try:
            return self._path(revision).read_bytes()
        except OSError:
            return b""

    def _rebuilt(self, db: sqlite3.Connection) -> Any:
        """An index made of the rows, where the file is missing, altered or made by another embedder."""
        ids = [id for (id,) in db.execute("SELECT id FROM passages ORDER BY id")]
        rows = [row for row in (read_row(db, id, 0.0) for id in ids) if row]
        vectors = self._embed([indexed_text(row) for row in rows])
        index = _new_index(vectors)
        if ids:
            index.add_with_ids(vectors, np.asarray(ids, dtype=np.int64))
        if db.in_transaction:
            return index
        db.execute("BEGIN IMMEDIATE")
        self._save(db, index)
        db.execute("COMMIT")
        return index

    def _save(self, db: sqlite3.Connection, index: Any) -> None:
        data = faiss.serialize_index(index).tobytes()
        revision = self._revision(db)[0] + 1
        try:
            write_whole(self._path(revision), data)
        except OSError as error:
            raise KnowledgeError(
                "The knowledge base could not be saved ({reason}).",
                "Check that the disk has room and the folder is yours.",
                reason=error.strerror or type(error).__name__,
            ) from None
        checksum = hashlib.sha256(data).hexdigest()
        db.execute(
            "UPDATE state SET revision = ?, checksum = ?, embedder = ?",
            (revision, checksum, self._embedder.name),
        )

    def _sweep(self) -> None:
        """Remove the indexes of earlier states, also those that a crash left behind."""
        with self._lock, self._writing() as db:  # what others are writing now is not to be swept
            current = self._path(self._revision(db)[0]).name
            for path in self._folder.glob("*index-*.faiss*"):
                if path.name != current:
                    with contextlib.suppress(OSError):
                        path.unlink()

    def _path(self, revision: int) -> Path:
        return self._folder / f"index-{revision}.faiss"

    def _embed(self, texts: list[str]) -> Vectors:
        if not texts:
            return np.zeros((0, 1), np.float32)
        return np.ascontiguousarray(np.asarray(self._embedder.embed_documents(texts), dtype=np.float32))


def _new_index(vectors: Vectors) -> Any:
    return faiss.IndexIDMap2(faiss.IndexFlatIP(max(1, vectors.shape[1])))


def _spread(index: Any) -> NDArray[np.int64]:
    """In how many passages each place of the vectors is used."""
    if not index.ntotal:
        return np.zeros(index.d, dtype=np.int64)
    flat: Any = faiss.downcast_index(index.index)
    stored = faiss.vector_to_array(flat.codes).view(np.float32).reshape(index.ntotal, index.d)
    counted: NDArray[np.int64] = np.count_nonzero(stored, axis=0).astype(np.int64)
    return counted
