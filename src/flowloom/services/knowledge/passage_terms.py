"""The terms of passages, as rows keep them, and packed while they wait for their vectors."""

import zlib

from flowloom.kinds.values import Passage
from flowloom.services.knowledge.rows import indexed_text
from flowloom.services.knowledge.word_index import indexed_terms


def packed(passage: Passage) -> bytes:
    """What a passage is found by, in a third of the memory."""
    return zlib.compress(" ".join(indexed_terms(indexed_text(passage))).encode("utf-8", "surrogatepass"), 1)


def unpacked(terms: bytes) -> str:
    """The terms as a row keeps them."""
    return zlib.decompress(terms).decode("utf-8", "surrogatepass")


def terms_of(kept: str | None, heading: str, text: str) -> list[str]:
    """The terms of a row; bases of earlier versions did not keep them."""
    return indexed_terms(f"{heading}\n{text}") if kept is None else kept.split()
