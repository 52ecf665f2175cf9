"""The index of vectors that belongs to the rows of a base: whose vectors it holds, and how it is renewed."""

import sqlite3
import threading
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from flowloom.errors import FlowloomError
from flowloom.services.knowledge.embedder import Embedder, Loadable
from flowloom.services.knowledge.index_files import IndexFiles
from flowloom.services.knowledge.loaders.document import OnProgress
from flowloom.services.knowledge.rows import State, ids_of, indexed_text, rows_after, state_of
from flowloom.services.knowledge.vector_journal import BATCH, VectorJournal, batched, embedded
from flowloom.services.knowledge.vectors import Rows, Vectors, changed, ids_in

_NONE = Rows(np.zeros((0, 1), np.float32))
_ASKED = 4
"""Texts of which vectors from elsewhere are compared with those made here."""
_ALIKE = 0.02
"""How far such vectors may lie apart: other processors round in other ways."""


@dataclass(frozen=True)
class Loaded:
    """The index of a state of the rows, and the embedder whose vectors it holds; None where words are all."""

    revision: int
    index: Any | None
    embedder: Embedder | None


@dataclass(frozen=True)
class Made:
    """Vectors, a row each, and the name of the embedder that made them."""

    maker: str
    vectors: Vectors


class MeaningIndex:
    """An index of another embedder than the one in use answers until it is replaced.

    A base of few passages gets its new one while the person waits; for any other `stale` is told each time it is
    asked. `former` opens an earlier embedder by its name, None where it is gone.
    """

    def __init__(
        self,
        folder: Path,
        embedder: Embedder | None,
        former: Callable[[str], Embedder | None],
        stale: Callable[[], None],
    ) -> None:
        self._embedder, self._former, self._tell_stale = embedder, former, stale
        self._lock = threading.RLock()
        self._loaded: Loaded | None = None
        self.files = IndexFiles(folder)
        self._journal = VectorJournal(folder)

    def load(self, db: sqlite3.Connection) -> Loaded:
        """The index that belongs to the rows: remembered, read or made anew."""
        if self._embedder is None:
            return Loaded(-1, None, None)
        with self._lock:
            state = state_of(db)
            if self._loaded is None or self._loaded.revision != state.revision:
                self._loaded = self._read(db, state, self._embedder)
            if not self._is_ours(self._loaded):
                self._tell_stale()
            return self._loaded

    def look_up(self, db: sqlite3.Connection, question: str) -> tuple[Any, Vectors | None, Embedder | None]:
        """The index that answers now, the vector to look for in it, and its embedder; None where none can answer.

        Raises FlowloomError where the embedder in use is elsewhere and fails.
        """
        loaded = self.load(db)
        if loaded.index is None or loaded.embedder is None or not loaded.index.ntotal:
            return None, None, None
        try:
            vector = np.asarray(loaded.embedder.embed_query(question), dtype=np.float32)
        except FlowloomError:
            if self._is_ours(loaded) and not isinstance(loaded.embedder, Loadable):
                raise
            return None, None, None  # no longer in use, or this computer cannot load it: words answer
        if vector.shape != (loaded.index.d,):
            db.execute("BEGIN IMMEDIATE")
            self._disown(db)
            db.execute("COMMIT")
            self._tell_stale()
            return None, None, None
        return loaded.index, vector if vector.any() else None, loaded.embedder

    def make_ready(self, db: sqlite3.Connection) -> None:
        """Read or make what the first question would wait for. Raises FlowloomError."""
        index = self.load(db).index
        if index is not None and index.ntotal and isinstance(self._embedder, Loadable):
            self._embedder.load()

    def is_current(self, db: sqlite3.Connection, fitting: Rows = _NONE) -> bool:
        """Whether the index is of the embedder in use; one that does not fit these vectors is let go of."""
        loaded = self.load(db)
        index, vectors = loaded.index, fitting.vectors
        if index is not None and index.ntotal and vectors.size and vectors.shape[1] != index.d:
            self._disown(db)
            return False
        return self._is_ours(loaded)

    def needs_renewal(self, db: sqlite3.Connection) -> bool:
        """Whether the index is of another embedder, or cannot be read."""
        return self._embedder is not None and not self._is_ours(self.load(db))

    def vectors_of(self, texts: Iterable[str], count: int, on_progress: OnProgress = lambda done: None) -> Rows:
        """A row for each of so many texts. Raises FlowloomError; of many, what was made until then is kept."""
        if not count or self._embedder is None:
            return _NONE
        if count <= BATCH:
            return Rows(embedded(self._embedder, list(texts)))
        return self._journal.vectors_of(batched(texts), count, self._embedder, on_progress)

    def taken(self, made: Made, texts: Sequence[str]) -> Rows | None:
        """Vectors from elsewhere, where they are what the embedder in use gives for these texts; else None.

        A model on this computer is asked of a few: two may have one name. Another is not, as that would contact it.
        """
        if self._embedder is None or made.maker != self._embedder.name or len(made.vectors) != len(texts):
            return None
        if isinstance(self._embedder, Loadable) and not _as_made_by(self._embedder, made.vectors, texts):
            return None
        return Rows(made.vectors)

    def vectors_in(self, db: sqlite3.Connection, ids: Sequence[int]) -> Made | None:
        """The vectors of some passages and who made them; None where any has none."""
        loaded = self.load(db)
        if loaded.index is None or loaded.embedder is None or not ids:
            return None
        try:
            return Made(loaded.embedder.name, np.stack([loaded.index.reconstruct(id) for id in ids]))
        except RuntimeError:  # one that came while an index of another embedder stands in
            return None

    def all_vectors(self, db: sqlite3.Connection, on_progress: OnProgress) -> tuple[list[int], Rows]:
        """The passages there are and a row for each. Raises FlowloomError; what was made until then is kept."""
        assert self._embedder is not None
        every, ids = ids_of(db, None), list[int]()

        def texts() -> Iterator[list[str]]:
            # No row is being read while a batch is embedded: that would keep others from changing the base.
            while some := rows_after(db, ids[-1] if ids else 0, BATCH, upto=every[-1]):
                ids.extend(id for id, _ in some)
                yield [indexed_text(row) for _, row in some]

        return ids, self._journal.vectors_of(texts() if every else (), len(every), self._embedder, on_progress)

    def replace(self, db: sqlite3.Connection, ids: list[int], rows: Rows) -> bool:
        """Put a new index in the place of the old, unless the passages are others by now."""
        assert self._embedder is not None
        if ids_of(db, None) != ids:
            return False
        self.files.save(db, rows.indexed(ids), self._embedder.name)
        return True

    def change(self, db: sqlite3.Connection, gone: Collection[int], ids: Sequence[int], rows: Rows) -> None:
        """Go on to the index without some passages and with others. Raises KnowledgeError."""
        loaded = self.load(db)
        index = loaded.index
        if index is not None:
            live = ids_of(db, None) if self._is_ours(loaded) else sorted({*ids_in(index)} - {*gone})
            index = changed(index, gone, ids, rows, live)
        self.files.save(db, index, loaded.embedder.name if loaded.embedder else "")

    def forget_loaded(self) -> None:
        """What is in memory may be of a state that was taken back."""
        self._loaded = None

    def forget_kept(self) -> None:
        """Let go of the vectors that are in the index by now."""
        self._journal.forget()

    def _is_ours(self, loaded: Loaded) -> bool:
        return self._embedder is not None and loaded.index is not None and loaded.embedder is self._embedder

    def _read(self, db: sqlite3.Connection, state: State, embedder: Embedder) -> Loaded:
        index = self.files.load(state) if state.embedder else None
        if index is None and state_of(db) != state:
            return self._read(db, state_of(db), embedder)  # another process changed the base at this moment
        if index is not None and state.embedder == embedder.name:
            return Loaded(state.revision, index, embedder)
        made = self._made_at_once(db, embedder)
        if made is not None:
            return made
        former = self._former(state.embedder) if index is not None else None
        return Loaded(state.revision, index if former else None, former)

    def _made_at_once(self, db: sqlite3.Connection, embedder: Embedder) -> Loaded | None:
        """The index of a base of few passages; None where there are more, or they cannot be embedded now."""
        rows = rows_after(db, 0, BATCH + 1)
        if len(rows) > BATCH:
            return None
        try:
            made = self.vectors_of((indexed_text(row) for _, row in rows), len(rows))
            index = made.indexed([id for id, _ in rows])
        except FlowloomError:
            return None
        if not db.in_transaction:
            db.execute("BEGIN IMMEDIATE")
            same = ids_of(db, None) == [id for id, _ in rows]
            if same:
                self.files.save(db, index, embedder.name)
            db.execute("COMMIT")
            if not same:
                return self._read(db, state_of(db), embedder)
        return Loaded(state_of(db).revision, index, embedder)

    def _disown(self, db: sqlite3.Connection) -> None:
        """The model behind the name of the index gives other vectors than before, so it is nobody's."""
        self.files.save(db, None, "")
        self._loaded = Loaded(state_of(db).revision, None, None)


def _as_made_by(embedder: Embedder, vectors: Vectors, texts: Sequence[str]) -> bool:
    some = sorted({len(texts) * part // _ASKED for part in range(_ASKED)})
    made = embedded(embedder, [texts[at] for at in some])
    return made.shape[1] == vectors.shape[1] and bool(np.abs(made - vectors[some]).max() < _ALIKE)
