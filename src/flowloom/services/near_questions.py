"""How near questions are to each other: by meaning, and by the words they share where meaning is not known."""

from collections.abc import Sequence

from flowloom.services.same_question import Nearness
from flowloom.words import terms


class NearQuestions:
    """Fulfils `Services.nearness`."""

    def __init__(self, meaning: Nearness) -> None:
        self._meaning = meaning

    def __call__(self, text: str, others: Sequence[str]) -> Sequence[float]:
        """A number for each of the others, 1 for the same."""
        return self._meaning(text, others) or [_overlap(text, other) for other in others]


def _overlap(one: str, other: str) -> float:
    left, right = set(terms(one)), set(terms(other))
    return len(left & right) / max(1, len(left | right))
