"""Vectors on their way into an index, kept on disk as they are made, so that no text is embedded twice."""

import contextlib
import hashlib
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path

import numpy as np

from flowloom.errors import KnowledgeError
from flowloom.services.disk_failures import DAMAGED, disk_problem
from flowloom.services.files import make_private
from flowloom.services.knowledge.embedder import Embedder
from flowloom.services.knowledge.loaders.document import OnProgress
from flowloom.services.knowledge.vectors import Rows, Vectors

BATCH = 128
"""Texts embedded at once: a second or so of work, which is all that a crash loses."""
_TABLES = """
PRAGMA auto_vacuum=FULL;
CREATE TABLE IF NOT EXISTS maker (one INTEGER PRIMARY KEY CHECK (one = 1), name TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS vectors (text BLOB PRIMARY KEY, vector BLOB NOT NULL) WITHOUT ROWID;
"""


class VectorJournal:
    """The journal of one base. Several threads and processes may write it at once."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / "vectors.sqlite"

    def vectors_of(
        self,
        batches: Iterable[Sequence[str]],
        count: int,
        embedder: Embedder,
        on_progress: OnProgress = lambda done: None,
    ) -> Rows:
        """A row for each of `count` texts: kept ones as they are, others embedded and kept batch by batch.

        Raises FlowloomError; what was made until then is kept.
        """
        found, done = Rows.to_fill(0, 1), 0
        on_progress(0.0)
        with self._opened(embedder.name) as db:
            for some in batches:
                vectors = _made(db, some, embedder)
                if not done:
                    found = Rows.to_fill(count, vectors.shape[1])
                if vectors.shape[1] != found.vectors.shape[1]:
                    db.execute("DELETE FROM vectors")  # the model behind this name was changed meanwhile
                    raise _uneven()
                found.vectors[done : done + len(some)] = vectors
                done += len(some)
                on_progress(done / count)
        return found

    def forget(self) -> None:
        """Let go of what was kept, once it is in an index."""
        if self._path.exists():  # not unlinked, as another process may be writing to it
            with contextlib.suppress(sqlite3.Error, OSError), contextlib.closing(_connect(self._path, "")):
                """Under no name nothing is kept."""

    def _discard(self) -> None:
        for path in (self._path, self._path.with_name(self._path.name + "-journal")):
            with contextlib.suppress(OSError):
                path.unlink()

    @contextlib.contextmanager
    def _opened(self, name: str) -> Iterator[sqlite3.Connection]:
        try:
            with contextlib.closing(self._connected(name)) as db:
                yield db
        except (sqlite3.Error, OSError) as error:
            problem = disk_problem(error)
            if problem is None or problem == DAMAGED:
                self._discard()  # all in it can be made again
                raise KnowledgeError(
                    "Preparing the documents for search was interrupted.", "Try again. Your documents are safe."
                ) from None
            raise KnowledgeError.from_problem(problem) from None

    def _connected(self, name: str) -> sqlite3.Connection:
        try:
            return _connect(self._path, name)
        except sqlite3.DatabaseError as error:
            if disk_problem(error) != DAMAGED:
                raise
            self._discard()
            return _connect(self._path, name)


def _connect(path: Path, name: str) -> sqlite3.Connection:
    make_private(path)
    db = sqlite3.connect(path, timeout=30, isolation_level=None)
    try:
        db.executescript(_TABLES)
        known = db.execute("SELECT name FROM maker").fetchone()
        if known != (name,):
            db.execute("BEGIN IMMEDIATE")
            db.execute("DELETE FROM vectors")
            db.execute("INSERT OR REPLACE INTO maker VALUES (1, ?)", (name,))
            db.execute("COMMIT")
    except BaseException:
        db.close()
        raise
    return db


def _made(db: sqlite3.Connection, texts: Sequence[str], embedder: Embedder) -> Vectors:
    """The vectors of a batch, those that are missing made now and kept in one transaction."""
    digests = [hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest() for text in texts]
    marks = ", ".join("?" * len(digests))
    known = {
        digest: np.frombuffer(vector, np.float32)
        for digest, vector in db.execute(f"SELECT text, vector FROM vectors WHERE text IN ({marks})", digests)
    }
    missing = {digest: text for digest, text in zip(digests, texts, strict=True) if digest not in known}
    if missing:
        made = embedded(embedder, list(missing.values()))
        fresh = dict(zip(missing, made, strict=True))
        db.execute("BEGIN IMMEDIATE")
        db.executemany(
            "INSERT OR REPLACE INTO vectors VALUES (?, ?)",
            [(digest, vector.tobytes()) for digest, vector in fresh.items()],
        )
        db.execute("COMMIT")
        known |= fresh
    if len({len(vector) for vector in known.values()}) > 1:
        db.execute("DELETE FROM vectors")
        raise _uneven()
    return np.stack([known[digest] for digest in digests])


def embedded(embedder: Embedder, texts: list[str]) -> Vectors:
    """A row for each text. Raises FlowloomError."""
    try:
        made = np.ascontiguousarray(np.asarray(embedder.embed_documents(texts), dtype=np.float32))
    except ValueError:  # rows of several lengths
        raise _uneven() from None
    if made.ndim != 2 or len(made) != len(texts):
        raise _uneven()
    return made


def batched(texts: Iterable[str]) -> Iterator[list[str]]:
    """The texts, so many at once as are embedded together."""
    several = iter(texts)
    while some := list(islice(several, BATCH)):
        yield some


def _uneven() -> KnowledgeError:
    return KnowledgeError(
        "The embedding model gave vectors that don’t fit together.",
        "Try again. If it happens again, choose another embedding model in Settings.",
    )
