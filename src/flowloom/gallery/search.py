"""Searching the store by words and by meaning: what says it first, then what is about it in other words.

Words answer from an index that is changed where a GPT changed. Vectors are made when somebody first searches, and
kept; where there are many to be made, nobody waits for them.
"""

import math
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from hashlib import sha256
from threading import Lock, Thread
from typing import TYPE_CHECKING

from flowloom.errors import FlowloomError
from flowloom.services.knowledge.sentence_encoder import SentenceEncoder, built_in
from flowloom.services.knowledge.text_nearness import near_enough
from flowloom.store.store_vectors import VectorStore
from flowloom.words import terms

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

LONGEST = 600
"""Characters of a text that tell what it is about."""
TOGETHER = 64
"""Texts that get their vectors at once: so many during a search, and more while nobody waits."""
MOST_NEAR = 12
NAME = 3
"""How much more a word counts in a name."""


class WordIndex:
    """Which GPTs say which words, as BM25 weighs them without the length of texts, which are all short."""

    def __init__(self) -> None:
        self._texts: dict[str, tuple[str, str]] = {}
        self._where: dict[str, dict[str, int]] = {}

    def use(self, texts: Mapping[str, tuple[str, str]]) -> None:
        """Index these, by id: a name and all else that it says."""
        for id in [id for id in self._texts if self._texts[id] != texts.get(id)]:
            self._take_out(id)
        for id, said in texts.items():
            if id not in self._texts:
                self._put_in(id, said)

    def _put_in(self, id: str, said: tuple[str, str]) -> None:
        self._texts[id] = said
        for term, count in _weighed(said).items():
            self._where.setdefault(term, {})[id] = count

    def _take_out(self, id: str) -> None:
        for term in _weighed(self._texts.pop(id)):
            found = self._where[term]
            found.pop(id, None)
            if not found:
                del self._where[term]

    def find(self, wanted: str) -> dict[str, float]:
        """How well each fits that has at least half of the words, by id."""
        words = list(dict.fromkeys(terms(wanted)))
        scores: dict[str, float] = {}
        hits: Counter[str] = Counter()
        for word in words:
            where = self._where.get(word, {})
            weight = math.log(1 + (len(self._texts) + 1) / (len(where) + 0.5))
            for id, count in where.items():
                scores[id] = scores.get(id, 0.0) + weight * count / (count + 1.2)
                hits[id] += 1
        least = math.ceil(len(words) / 2)
        return {id: score for id, score in scores.items() if hits[id] >= least}


def _weighed(said: tuple[str, str]) -> Counter[str]:
    name, rest = said
    found = Counter(terms(rest))
    for term in terms(name):
        found[term] += NAME
    return found


class Meaning:
    """What texts are about, in any of the languages of the encoder."""

    def __init__(self, store: VectorStore, encoder: Callable[[], SentenceEncoder | None] = built_in) -> None:
        self._store, self._encoder = store, encoder
        self._lock = Lock()
        self._known: dict[str, tuple[str, bytes]] | None = None
        self._complete: Mapping[str, str] | None = None
        self._matrix: tuple[tuple[str, ...], NDArray[np.float32]] | None = None
        self._preparing: Thread | None = None

    def near(self, wanted: str, texts: Mapping[str, str], besides: Iterable[str] = ()) -> list[str]:
        """The ids of texts near in meaning, the nearest first; none where nothing is known of the meaning."""
        encoder = self._encoder()
        if encoder is None or not wanted.strip() or not texts:
            return []
        try:
            vector = encoder.embed_query(wanted[:LONGEST])
            if not vector.any():
                return []
            ids, matrix = self._of(texts, encoder)
        except FlowloomError:
            return []
        if not ids:
            return []
        left_out, nearness = set(besides), (matrix @ vector).tolist()
        found = ((id, near) for id, near in zip(ids, nearness, strict=True) if id not in left_out)
        return [id for id, _ in near_enough(found, MOST_NEAR)]

    def wait(self, seconds: float = 60.0) -> bool:
        """Whether all vectors that a search found missing are made within that time."""
        preparing = self._preparing
        if preparing is not None:
            preparing.join(seconds)
        return self._preparing is None

    def _of(
        self, texts: Mapping[str, str], encoder: SentenceEncoder
    ) -> "tuple[tuple[str, ...], NDArray[np.float32]]":
        """Those whose vectors are there; of many that are missing, none is waited for."""
        with self._lock:
            if self._matrix is not None and self._complete is texts:
                return self._matrix
        missing = self._missing(texts, encoder.name)
        if len(missing) > TOGETHER:
            self._prepare(texts, missing, encoder)
        else:
            self._make(texts, missing, encoder)
        with self._lock:
            self._complete = texts if len(missing) <= TOGETHER else None
            return self._matrix_of(texts)

    def _matrix_of(self, texts: Mapping[str, str]) -> "tuple[tuple[str, ...], NDArray[np.float32]]":
        import numpy as np

        known = self._known or {}
        ids = tuple(id for id in texts if id in known)
        if self._matrix is None or self._matrix[0] != ids:
            rows = [np.frombuffer(known[id][1], np.float16) for id in ids]
            self._matrix = ids, np.array(rows, np.float32)
        return self._matrix

    def _missing(self, texts: Mapping[str, str], maker: str) -> list[str]:
        with self._lock:
            if self._known is None:
                self._known = self._store.all(maker)
            known = self._known
            return [id for id, text in texts.items() if id not in known or known[id][0] != _digest(text)]

    def _prepare(self, texts: Mapping[str, str], missing: list[str], encoder: SentenceEncoder) -> None:
        """Make all that are missing in a thread, which need not end before the app."""
        with self._lock:
            if self._preparing is None:
                self._preparing = Thread(
                    target=self._make_all, args=(texts, missing, encoder), name="store vectors", daemon=True
                )
                self._preparing.start()

    def _make_all(self, texts: Mapping[str, str], missing: list[str], encoder: SentenceEncoder) -> None:
        try:
            for begin in range(0, len(missing), TOGETHER):
                self._make(texts, missing[begin : begin + TOGETHER], encoder)
        except (FlowloomError, sqlite3.Error):
            pass  # The next search asks for what is missing then.
        finally:
            self._preparing = None

    def _make(self, texts: Mapping[str, str], missing: list[str], encoder: SentenceEncoder) -> None:
        """Vectors of some texts, kept; while they are made, searches go on with those that are there."""
        import numpy as np

        if not missing:
            return
        made = encoder.embed_documents([texts[id][:LONGEST] for id in missing]).astype(np.float16)
        fresh = {id: (_digest(texts[id]), row.tobytes()) for id, row in zip(missing, made, strict=True)}
        with self._lock:
            self._store.keep(encoder.name, fresh)
            self._known = {**(self._known or {}), **fresh}
            self._matrix = None


def _digest(text: str) -> str:
    return sha256(text.encode()).hexdigest()[:24]
