"""Passages in SQLite and their vectors in a FAISS index, changed together or not at all."""

import contextlib
import itertools
import sqlite3
import threading
from collections import OrderedDict
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

from flowloom.kinds.values import OWNER, Filter, Match, Passage, Reader
from flowloom.services.files import private_folder
from flowloom.services.knowledge.best_sentences import COMPARED, Candidate, compared, is_enough
from flowloom.services.knowledge.embedder import Embedder
from flowloom.services.knowledge.files import read_files
from flowloom.services.knowledge.fusion import fuse
from flowloom.services.knowledge.loaders.document import OnProgress
from flowloom.services.knowledge.meaning_index import Made, MeaningIndex
from flowloom.services.knowledge.passage_terms import packed, terms_of, unpacked
from flowloom.services.knowledge.rows import (
    BaseGone,
    ids_of,
    indexed_text,
    insert_row,
    opened,
    put_file,
    read_row,
    state_of,
)
from flowloom.services.knowledge.sentence_rows import kept_of, prepare_some
from flowloom.services.knowledge.vectors import Rows, nearest, nearness
from flowloom.services.knowledge.word_files import WordFiles
from flowloom.services.knowledge.word_index import WordIndex

_WIDER = 4
_LEAST_CANDIDATES = 50
"""Each search hands more on than is asked for, as the other may know which of them are best."""
_ROUNDS = 20
"""How often a renewal begins again because documents came or went meanwhile; what is embedded is kept."""
_READERSHIPS = 4
"""Word indexes kept in memory: one for each set of files that someone may read."""


class FaissStore:
    """One knowledge base in a folder; without an embedder it is searched by words alone.

    A change writes the new index beside the old one; the transaction that changes the rows also names the
    index that belongs to them. So a crash at any point leaves either the old state or the new one.

    An index of another embedder than the one in use answers until `renew` has made the new one. For programs that
    want a vector store of LangChain, `langchain_store.LangChainStore` is one.
    """

    def __init__(
        self,
        folder: Path,
        embedder: Embedder | None,
        former: Callable[[str], Embedder | None] = lambda name: None,
        stale: Callable[[], None] = lambda: None,
    ) -> None:
        self._folder = folder
        self._embedder = embedder
        self._lock = threading.RLock()
        self._meaning = MeaningIndex(folder, embedder, former, stale)
        # A lock of their own: who reads must never wait for a writer, who waits for the readers to be done.
        self._words_lock = threading.Lock()
        self._word_files = WordFiles(folder)
        self._counted = -1, 0
        self._words: OrderedDict[tuple[int, frozenset[str] | None], WordIndex] = OrderedDict()

    def find(self, question: str, top_k: int, only: Filter | None = None, reader: Reader = OWNER) -> list[Passage]:
        """The passages that fit a question best, best first, of those the reader may read."""
        if top_k < 1 or not question.strip():
            return []
        try:
            return self._find(question, top_k, only, reader)
        except BaseGone:
            return []

    def _find(self, question: str, top_k: int, only: Filter | None, reader: Reader) -> list[Passage]:
        with self._there() as db:
            index, vector, embedder = self._meaning.look_up(db, question)
            db.execute("BEGIN")  # what follows sees one state of the base
            readable, wanted = self._files(db, only, reader)
            most = max(_LEAST_CANDIDATES, top_k * _WIDER)
            words = self._word_index(db, readable)
            by_words = words.find(question, most, wanted)
            by_meaning, near = None, {}
            if vector is not None:
                allowed = self._allowed(db, index, wanted if wanted is not None else readable)
                # What is not near at all, such as a passage in a language no vector is made of, is no hit.
                by_meaning = [hit for hit in nearest(index, vector, most, allowed) if hit[1] > 0]
                near = nearness(index, vector, [hit.id for hit in by_words])
            fused = fuse([(hit.id, hit.score) for hit in by_words], by_meaning or None, near)
            found = (Candidate(each, row) for each in fused if (row := read_row(db, each.id)))
            first = list(itertools.islice(found, max(top_k, COMPARED)))
            if not by_meaning:
                embedder = None  # words alone
            kept = kept_of(db, [each.fused.id for each in first[:COMPARED]], embedder)
        ordered = compared(first, vector, embedder, kept)
        return [_found(each, words, question, embedder) for each in ordered[:top_k]]

    def make_ready(self) -> None:
        """Read or make the indexes that the first question would wait for. Raises KnowledgeError."""
        with self._there() as db:
            self._meaning.make_ready(db)
            db.execute("BEGIN")
            self._word_index(db, None)

    def prepare_some(self) -> bool:
        """Make some of what spares a question a moment; whether there may be more. Raises FlowloomError."""
        with self._there() as db:
            return self._meaning.is_current(db) and prepare_some(db, self._embedder)

    def change(
        self,
        add: Sequence[Passage] = (),
        remove: Sequence[int] = (),
        remove_file: str | None = None,
        file_row: Mapping[str, Any] | None = None,
        on_progress: OnProgress = lambda done: None,
        made: Made | None = None,
    ) -> list[int]:
        """Remove and add passages in one step; the ids of those added. Raises FlowloomError.

        Where an index of another embedder stands in for the new one, what is added is found by words until then.
        `made` are vectors of what is added, taken where they are of the embedder in use.
        """
        terms = [packed(passage) for passage in add]
        while True:
            with self.reading() as db:
                current = self._meaning.is_current(db)
            rows = self._rows_of(add, made, on_progress) if current else self._meaning.vectors_of((), 0)
            with self._lock, self._writing() as db:
                if current != self._meaning.is_current(db, rows):
                    continue  # another process has given the base other vectors meanwhile
                of_file = db.execute("SELECT id FROM passages WHERE file = ?", (remove_file,))
                gone = {*remove, *(row[0] for row in of_file)}
                for table, key in (("passages", "id"), ("sentences", "passage")):
                    db.executemany(f"DELETE FROM {table} WHERE {key} = ?", [(id,) for id in gone])
                if file_row:
                    put_file(db, dict(file_row))
                else:
                    db.execute("DELETE FROM files WHERE name = ?", (remove_file,))
                pairs = zip(add, terms, strict=True)
                ids = [insert_row(db, passage, unpacked(words)) for passage, words in pairs]
                self._meaning.change(db, gone, ids if current else [], rows)
            break
        self._sweep()
        if current:  # else they are of a renewal that is under way
            self._meaning.forget_kept()
        return ids

    def _rows_of(self, add: Sequence[Passage], made: Made | None, on_progress: OnProgress) -> Rows:
        if made and (taken := self._meaning.taken(made, [indexed_text(passage) for passage in add])):
            return taken
        return self._meaning.vectors_of((indexed_text(passage) for passage in add), len(add), on_progress)

    def passages_of(self, file: str) -> tuple[list[Passage], Made | None]:
        """The passages of a file in their order with their vectors; without where some have none."""
        with self.reading() as db:
            ids = ids_of(db, [file])
            made = self._meaning.vectors_in(db, ids)
            # Loading may have brought the index of a later state, in which some of these are gone.
            rows = [read_row(db, id) for id in ids]
        return [row for row in rows if row], made if all(rows) else None

    def say(self, name: str, said: Mapping[str, Any]) -> None:
        """Keep what is said of a file; its passages stay."""
        with self._writing() as db:
            put_file(db, {"name": name, **said})

    @contextlib.contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """A connection to the rows, which are made where there are none."""
        private_folder(self._folder)
        with opened(self._folder / "rows.sqlite") as db:
            yield db

    def _there(self) -> AbstractContextManager[sqlite3.Connection]:
        """A connection to rows that are there. Raises BaseGone."""
        return opened(self._folder / "rows.sqlite", is_there=True)

    @contextlib.contextmanager
    def _writing(self, is_there: bool = False) -> Iterator[sqlite3.Connection]:
        with self._there() if is_there else self.reading() as db:
            db.execute("BEGIN IMMEDIATE")  # also keeps other processes from changing the base meanwhile
            try:
                yield db
                db.execute("COMMIT")
            except BaseException:
                if db.in_transaction:
                    db.execute("ROLLBACK")
                self._meaning.forget_loaded()
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
        revision = state_of(db).revision
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
            (id, file, terms_of(*said)) for id, file, *said in rows if readable is None or file in readable
        )
        if readable is None:
            self._word_files.save(revision, made)
        return made

    def _allowed(self, db: sqlite3.Connection, index: Any, files: frozenset[str] | None) -> list[int] | None:
        """The passages to compare; None where that is every one of the index."""
        return None if files is None and self._count(db) == index.ntotal else ids_of(db, files)

    def _count(self, db: sqlite3.Connection) -> int:
        """How many passages there are; counted once for each state of the base."""
        revision, counted = state_of(db).revision, self._counted
        if counted[0] != revision:
            counted = self._counted = revision, db.execute("SELECT count(*) FROM passages").fetchone()[0]
        return counted[1]

    def renew(self, on_progress: OnProgress = lambda done: None) -> bool:
        """Make the index of the embedder in use while the one there answers; whether it stands now.

        Raises FlowloomError: the base is as before then, and what was embedded is kept for the next time.
        """
        for _ in range(_ROUNDS):
            with self._there() as db:
                if not self._meaning.needs_renewal(db):
                    return True
                ids, rows = self._meaning.all_vectors(db, on_progress)
            with self._lock, self._writing(is_there=True) as db:
                done = self._meaning.replace(db, ids, rows)
            if done:
                self._sweep()
                self._meaning.forget_kept()
                return True
        return False

    def _index(self, db: sqlite3.Connection) -> Any | None:
        """The index that answers now; None where words are all."""
        return self._meaning.load(db).index

    def _sweep(self) -> None:
        """Remove the indexes of earlier states, also those that a crash left behind."""
        with self._lock, self._writing(is_there=True) as db:  # what others are writing now is not to be swept
            revision = state_of(db).revision
            self._word_files.forget(revision)
            self._meaning.files.forget(revision)


def _found(each: Candidate, words: WordIndex, question: str, embedder: Embedder | None) -> Passage:
    fused = each.fused
    matched = words.matched(question, indexed_text(each.passage)) if fused.by_words else ()
    why = Match(
        words=matched,
        by_words=fused.by_words,
        by_meaning=fused.by_meaning,
        sentence=each.sentence,
        enough=is_enough(fused, embedder),
    )
    return each.passage.model_copy(update={"score": fused.score, "why": why})
