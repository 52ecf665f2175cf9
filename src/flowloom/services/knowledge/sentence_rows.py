"""The vectors of the sentences of passages, kept in the rows of a base: a question need not wait for them.

They are made while nobody waits, for bases of a usual size; a passage takes 5 to 10 KB.
"""

import sqlite3
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from flowloom.services.knowledge.best_sentences import LONGEST, is_measured, split
from flowloom.services.knowledge.embedder import Embedder
from flowloom.services.knowledge.vector_journal import embedded

Vectors = NDArray[np.float32]

MOST = 2_000
"""Passages of a base that get theirs: ten seconds of work, and 10 to 20 MB."""
_AT_ONCE = 16
_SPLITTING = 1
"""Counts up when passages are split in another way."""


def prepare_some(db: sqlite3.Connection, embedder: Embedder | None) -> bool:
    """Make those of the next passages; whether there may be more to do. Raises FlowloomError."""
    if embedder is None or not is_measured(embedder):
        return False
    maker = _maker(embedder)
    rows: list[tuple[int, str]] = db.execute(
        "SELECT p.id, p.text FROM (SELECT id, text FROM passages ORDER BY id LIMIT ?) p "
        "LEFT JOIN sentences s ON s.passage = p.id AND s.maker = ? WHERE s.passage IS NULL LIMIT ?",
        (MOST, maker, _AT_ONCE),
    ).fetchall()
    if not rows:
        return False
    texts = [[each[:LONGEST] for each in split(text)] for _, text in rows]
    flat = [each for some in texts for each in some]
    made = embedded(embedder, flat).astype(np.float16) if flat else np.zeros((0, 1), np.float16)
    ends = np.cumsum([len(some) for some in texts])
    parts = np.split(made, ends[:-1])
    db.execute("BEGIN IMMEDIATE")
    # A passage that is gone by now leaves nothing behind.
    db.executemany(
        "INSERT OR REPLACE INTO sentences SELECT id, ?, ?, ? FROM passages WHERE id = ?",
        [(maker, len(part), part.tobytes(), id) for (id, _), part in zip(rows, parts, strict=True)],
    )
    db.execute("COMMIT")
    return True


def kept_of(db: sqlite3.Connection, ids: Sequence[int], embedder: Embedder | None) -> Mapping[int, Vectors]:
    """Those of some passages that are there, a row for each sentence."""
    if embedder is None or not ids:
        return {}
    marks = ", ".join("?" * len(ids))
    found = db.execute(
        f"SELECT passage, count, vectors FROM sentences WHERE maker = ? AND passage IN ({marks})",
        (_maker(embedder), *ids),
    )
    return {
        id: np.frombuffer(vectors, np.float16).reshape(count, -1).astype(np.float32)
        for id, count, vectors in found
        if count
    }


def _maker(embedder: Embedder) -> str:
    return f"{embedder.name}/{_SPLITTING}"
