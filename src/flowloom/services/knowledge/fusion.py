"""Two ways of searching brought together: how near a passage is in meaning, and how many words it shares.

Tuned on one half of the question set of `python -m benchmarks.retrieval`, which shows the other half: nearness plus
a little for words finds what either alone does not, and ranks alone (reciprocal rank fusion) lose what is known of
how near a passage is.
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

WORDS = 0.25
"""What a passage with every word of the question has over one with none. Words count by the square of their share,
as a few in common say little."""
AS_NEAR = 0.6
"""How near a passage that says all words is taken to be where no vector tells: 0.57 on average."""

Hits = Sequence[tuple[int, float]]


class Fused(NamedTuple):
    """A passage, how well it fits from 0 to 1, how near it is, its share of the words, and its ranks from 1."""

    id: int
    score: float
    nearness: float
    words: float
    by_words: int | None
    by_meaning: int | None


def fuse(words: Hits, meaning: Hits | None, nearness: Mapping[int, float] | None = None) -> list[Fused]:
    """Best first. `meaning` is None where only words are searched; `nearness` is that of more passages."""
    shares = dict(words)
    near = {**(nearness or {}), **dict(meaning or ())}
    ranks = [{id: at for at, (id, _) in enumerate(hits, 1)} for hits in (words, meaning or ())]
    found = []
    for id in dict.fromkeys(id for ranked in ranks for id in ranked):
        share = min(1.0, shares.get(id, 0.0))
        close = near.get(id, AS_NEAR * share)
        score = share if meaning is None else relevance(close, share)
        found.append(Fused(id, round(score, 6), close, share, ranks[0].get(id), ranks[1].get(id)))
    return sorted(found, key=lambda each: (-each.score, each.by_words or len(found), each.id))


def relevance(nearness: float, words: float) -> float:
    """How well a passage fits, of how near it is in meaning and the share of words it has."""
    return min(1.0, max(0.0, nearness) + WORDS * words**2)
