"""How near texts are to each other in meaning, in any of the encoder's languages, where there are only a few."""

import threading
from collections import OrderedDict
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, TypeVar

from flowloom.errors import FlowloomError
from flowloom.services.knowledge.sentence_encoder import SentenceEncoder, built_in

if TYPE_CHECKING:
    from flowloom.services.knowledge.sentence_encoder import Vectors

LEAST = 0.23
"""How near a text has to be to come up in a search: a word and a question about it have 0.24 to 0.6, most other
things up to 0.2."""
SHARE = 0.75
"""How near the others have to come to the first."""
_KEPT = 2_000
"""Texts whose vectors are kept, 2 KB each."""


T = TypeVar("T")


def near_enough(found: Iterable[tuple[T, float]], most: int) -> list[tuple[T, float]]:
    """At most so many of what was found with how near it is, the nearest first; none where nothing is near."""
    ranked = sorted(found, key=lambda each: -each[1])[:most]
    least = max(LEAST, ranked[0][1] * SHARE) if ranked else LEAST
    return [each for each in ranked if each[1] >= least]


class TextNearness:
    """By the encoder that comes with Flowloom, which is loaded when it is first asked (a second)."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._vectors: OrderedDict[str, Vectors] = OrderedDict()

    def __call__(self, text: str, others: Sequence[str]) -> list[float]:
        """A number from -1 to 1 for each other text, 1 for the same; [] where nothing is known of this one.

        Nothing is known of a text that says nothing, or is in a language the encoder never learnt, and on a
        computer where the encoder cannot be loaded. The vectors of the other texts are kept.
        """
        encoder = built_in()
        if encoder is None or not others:
            return []
        try:
            vector = encoder.embed_query(text)
            return [float(other @ vector) for other in self._of(others, encoder)] if vector.any() else []
        except FlowloomError:
            return []

    def _of(self, texts: Sequence[str], encoder: SentenceEncoder) -> "list[Vectors]":
        with self._lock:
            known = {text: self._vectors[text] for text in texts if text in self._vectors}
        missing = [text for text in dict.fromkeys(texts) if text not in known]
        known |= dict(zip(missing, encoder.embed_documents(missing), strict=True))
        with self._lock:
            for text, vector in known.items():
                self._vectors[text] = vector
                self._vectors.move_to_end(text)
            while len(self._vectors) > _KEPT:
                self._vectors.popitem(last=False)
        return [known[text] for text in texts]
