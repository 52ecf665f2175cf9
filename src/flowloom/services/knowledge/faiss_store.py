"""Passages in SQLite and their vectors in a FAISS index, changed together or not at all."""

import contextlib
import hashlib
import itertools
import sqlite3
import threading
from collections import OrderedDict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Self

import faiss
import numpy as np
from langchain_core.documents import Document as LangChainDocument
from langchain_core.embeddings import Embeddings
from langchain_core.vectorstores import VectorStore

from flowloom.errors import KnowledgeError
from flowloom.kinds.values import OWNER, Filter, Match, Passage, Reader
from flowloom.services.files import private_folder, write_whole
from flowloom.services.knowledge.best_sentences import COMPARED, Candidate, compared, is_enough, is_measured
from flowloom.services.knowledge.embedder import Embedder
from flowloom.services.knowledge.files import read_files
from flowloom.services.knowledge.fusion import fuse
from flowloom.services.knowledge.rows import all_rows, ids_of, indexed_text, insert_row, opened, put_file, read_row
from flowloom.services.knowledge.vectors import Vectors, changed, nearest, nearness, new_index
from flowloom.services.knowledge.word_files import WordFiles
from flowloom.services.knowledge.word_index import WordIndex, indexed_terms

_WIDER = 4
_LEAST_CANDIDATES = 50
"""Each search hands more on than is asked for, as the other may know which of them are best."""
_READERSHIPS = 4
"""Word indexes kept in memory: one for each set of files that someone may read."""


class FaissStore(VectorStore):
    """One knowledge base in a folder; without an embedder it is searched by words alone.

    A change writes the new index beside the old one; the transaction that changes the rows also names the
    index that belongs to them. So a crash at any point leaves either the old state or the new one.
    """

    def __init__(self, folder: Path, embedder: Embedder | None) -> None:
        self._folder = folder
        self._embedder = embedder
        self._lock = threading.RLock()
        self._loaded: tuple[int, Any] | None = None
        # A lock of their own: who reads must never wait for a writer, who waits for the readers to be done.
        self._words_lock = threading.Lock()
        self._word_files = WordFiles(folder)
        self._words: OrderedDict[tuple[int, frozenset[str] | None], WordIndex] = OrderedDict()

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

    def find(self, question: str, top_k: int, only: Filter | None = None, reader: Reader = OWNER) -> list[Passage]:
        """The passages that fit a question best, best first, of those the reader may read."""
        if top_k < 1 or not question.strip():
            return []
        with self.reading() as db:
            index = self._index(db)
            vector = self._vector(question) if index is not None and index.ntotal else None
            db.execute("BEGIN")  # what follows sees one state of the base
            readable, wanted = self._files(db, only, reader)
            most = max(_LEAST_CANDIDATES, top_k * _WIDER)
            words = self._word_index(db, readable)
            by_words = words.find(question, most, wanted)
            by_meaning, near = None, {}
            if vector is not None:
                allowed = self._allowed(db, index, wanted if wanted is not None else readable)
                by_meaning = nearest(index, vector, most, allowed)
                near = nearness(index, vector, [hit.id for hit in by_words])
            fused = fuse([(hit.id, hit.score) for hit in by_words], by_meaning or None, near)
            found = (Candidate(each, row) for each in fused if (row := read_row(db, each.id)))
            first = list(itertools.islice(found, max(top_k, COMPARED)))
            if vector is not None and self._embedder is not None and is_measured(self._embedder):
                first = compared(first, vector, self._embedder)
            maker = self._embedder if by_meaning else None
            return [_found(each, words, question, maker) for each in first[:top_k]]

    def make_ready(self) -> None:
        """Read or make the indexes that the first question would wait for. Raises KnowledgeError."""
        with self.reading() as db:
            self._index(db)
            db.execute("BEGIN")
            self._word_index(db, None)

    def change(
        self,
        add: Sequence[Passage] = (),
        remove: Sequence[int] = (),
        remove_file: str | None = None,
        file_row: Mapping[str, Any] | None = None,
    ) -> list[int]:
        """Remove and add passages in one step; the ids of those added."""
        texts = [indexed_text(passage) for passage in add]
        vectors = self._embed(texts)
        terms = [" ".join(indexed_terms(text)) for text in texts]
        with self._lock, self._writing() as db:
            index = self._index(db)
            of_file = db.execute("SELECT id FROM passages WHERE file = ?", (remove_file,))
            gone = {*remove, *(row[0] for row in of_file)}
            db.executemany("DELETE FROM passages WHERE id = ?", [(id,) for id in gone])
            if file_row:
                put_file(db, dict(file_row))
            else:
                db.execute("DELETE FROM files WHERE name = ?", (remove_file,))
            ids = [insert_row(db, passage, words) for passage, words in zip(add, terms, strict=True)]
            if index is not None:
                index = changed(index, gone, ids, vectors, ids_of(db, None))
            self._save(db, index)
        self._sweep()
        return ids

    def say(self, name: str, said: Mapping[str, Any]) -> None:
        """Keep what is said of a file; its passages stay."""
        with self._writing() as db:
            put_file(db, {"name": name, **said})

    @contextlib.contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """A connection to the rows."""
        private_folder(self._folder)
        with opened(self._folder / "rows.sqlite") as db:
            yield db

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

    def _files(
        self, db: sqlite3.Connection, only: Filter | None, reader: Reader
    ) -> tuple[frozenset[str] | None, frozenset[str] | None]:
        """The files the reader may read, and those of them to search; None is all there are."""
        if reader.owner and (only is None or only == Filter()):
            return None, None
        may = [file for file in read_files(db) if file.may_be_read_by(reader)]
        readable = None if reader.owner else frozenset(file.name for file in may)
        wanted = None if only is None else frozenset(file.name for file in may if file.fits(only))
        return readable, wanted

    def _word_index(self, db: sqlite3.Connection, readable: frozenset[str] | None) -> WordIndex:
        """The words of what may be read: kept in memory until the base changes."""
        revision = self._revision(db)[0]
        key = (revision, readable)
        with self._words_lock:
            if key not in self._words:
                self._words[key] = self._words_of(db, revision, readable)
                for old in [old for old in self._words if old[0] != revision]:
                    del self._words[old]
            self._words.move_to_end(key)
            while len(self._words) > _READERSHIPS:
                self._words.popitem(last=False)
            return self._words[key]

    def _words_of(self, db: sqlite3.Connection, revision: int, readable: frozenset[str] | None) -> WordIndex:
        """The words of all passages as they lie on disk, or made and kept there; those of a reader made."""
        kept = self._word_files.load(revision) if readable is None else None
        if kept is not None:
            return kept
        rows = db.execute("SELECT id, file, terms, heading, text FROM passages ORDER BY id")
        made = WordIndex.of(
            (id, file, _terms(*said)) for id, file, *said in rows if readable is None or file in readable
        )
        if readable is None:
            self._word_files.save(revision, made)
        return made

    def _allowed(self, db: sqlite3.Connection, index: Any, files: frozenset[str] | None) -> list[int] | None:
        """The passages to compare; None where that is every one of the index."""
        live = db.execute("SELECT count(*) FROM passages").fetchone()[0]
        return None if files is None and live == index.ntotal else ids_of(db, files)

    def _revision(self, db: sqlite3.Connection) -> tuple[int, str, str]:
        revision, checksum, embedder = db.execute("SELECT revision, checksum, embedder FROM state").fetchone()
        return int(revision), str(checksum), str(embedder)

    def _index(self, db: sqlite3.Connection) -> Any:
        """The index that belongs to the rows: remembered, read or made anew; None where words are all."""
        if self._embedder is None:
            return None
        with self._lock:
            revision, checksum, embedder = self._revision(db)
            if self._loaded is None or self._loaded[0] != revision:
                data = self._read(revision)
                trusted = hashlib.sha256(data).hexdigest() == checksum and embedder == self._embedder.name
                if not trusted and self._revision(db)[0] != revision:
                    return self._index(db)  # another process changed the base at this moment
                index = faiss.deserialize_index(np.frombuffer(data, np.uint8)) if trusted else self._rebuilt(db)
                self._loaded = (self._revision(db)[0], index)
            return self._loaded[1]

    def _read(self, revision: int) -> bytes:
        try:
            return self._path(revision).read_bytes()
        except OSError:
            return b""

    def _rebuilt(self, db: sqlite3.Connection) -> Any:
        """An index made of the rows, where the file is missing, altered or made by another embedder."""
        rows = list(all_rows(db))
        index = new_index([id for id, _ in rows], self._embed([indexed_text(row) for _, row in rows]))
        if db.in_transaction:
            return index
        db.execute("BEGIN IMMEDIATE")
        self._save(db, index)
        db.execute("COMMIT")
        return index

    def _save(self, db: sqlite3.Connection, index: Any) -> None:
        revision, checksum, name = self._revision(db)[0] + 1, "", ""
        if index is not None and self._embedder is not None:
            data = faiss.serialize_index(index).tobytes()
            checksum, name = hashlib.sha256(data).hexdigest(), self._embedder.name
            try:
                write_whole(self._path(revision), data)
            except OSError as error:
                raise KnowledgeError(
                    "The knowledge base couldn’t be saved ({reason}).",
                    "Check that there is free disk space and you can write to the folder.",
                    reason=error.strerror or type(error).__name__,
                ) from None
        db.execute("UPDATE state SET revision = ?, checksum = ?, embedder = ?", (revision, checksum, name))

    def _sweep(self) -> None:
        """Remove the indexes of earlier states, also those that a crash left behind."""
        with self._lock, self._writing() as db:  # what others are writing now is not to be swept
            revision = self._revision(db)[0]
            self._word_files.forget(revision)
            current = self._path(revision).name
            for path in self._folder.glob("*index-*.faiss*"):
                if path.name != current:
                    with contextlib.suppress(OSError):
                        path.unlink()

    def _path(self, revision: int) -> Path:
        return self._folder / f"index-{revision}.faiss"

    def _embed(self, texts: list[str]) -> Vectors:
        if not texts or self._embedder is None:
            return np.zeros((0, 1), np.float32)
        return np.ascontiguousarray(np.asarray(self._embedder.embed_documents(texts), dtype=np.float32))

    def _vector(self, question: str) -> Vectors:
        assert self._embedder is not None
        return np.asarray(self._embedder.embed_query(question), dtype=np.float32)


def _terms(kept: str | None, heading: str, text: str) -> list[str]:
    # Bases of earlier versions did not keep them.
    return indexed_terms(f"{heading}\n{text}") if kept is None else kept.split()


def _found(each: Candidate, words: WordIndex, question: str, embedder: Embedder | None) -> Passage:
    fused = each.fused
    matched = words.matched(question, indexed_text(each.passage)) if fused.by_words else ()
    why = Match(
        words=matched,
        by_words=fused.by_words,
        by_meaning=fused.by_meaning,
        sentence=each.sentence,
        enough=is_enough(fused.score, embedder),
    )
    return each.passage.model_copy(update={"score": fused.score, "why": why})
