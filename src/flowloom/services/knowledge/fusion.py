"""Two ways of searching brought together by the ranks they give (reciprocal rank fusion)."""

from collections.abc import Sequence
from typing import NamedTuple

DEPTH = 60
"""How little the first ranks stand out among the next; the usual value."""
Hits = Sequence[tuple[int, float]]


class Fused(NamedTuple):
    """A passage with its ranks from 1; `score` is how well it fits by itself, `fused` what its ranks make."""

    id: int
    fused: float
    score: float
    by_words: int | None
    by_meaning: int | None


def fuse(words: Hits, meaning: Hits | None) -> list[Fused]:
    """Best first, 1 being first in every search; `meaning` is None where only words are searched."""
    lists = [words] if meaning is None else [words, meaning]
    ranks = [{id: at for at, (id, _) in enumerate(hits, 1)} for hits in lists]
    scores: dict[int, float] = {}
    for id, score in (hit for hits in lists for hit in hits):
        scores[id] = max(scores.get(id, 0.0), min(1.0, max(0.0, score)))
    best = len(lists) / (DEPTH + 1)
    found = [
        Fused(
            id,
            round(sum(1 / (DEPTH + rank[id]) for rank in ranks if id in rank) / best, 6),
            round(score, 6),
            ranks[0].get(id),
            ranks[1].get(id) if len(ranks) > 1 else None,
        )
        for id, score in scores.items()
    ]
    return sorted(found, key=lambda each: (-each.fused, -each.score, each.id))
