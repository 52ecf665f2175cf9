"""What turns texts into vectors, as knowledge bases see it."""

from collections.abc import Sequence
from typing import Protocol


class Embedder(Protocol):
    """`name` tells which vectors belong together: those of another name cannot be compared."""

    @property
    def name(self) -> str: ...

    def embed_documents(self, texts: list[str]) -> Sequence[Sequence[float]]:
        """A vector for each text. Raises FlowloomError."""
        ...

    def embed_query(self, text: str) -> Sequence[float]:
        """The vector to look for. Raises FlowloomError."""
        ...
