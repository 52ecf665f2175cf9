"""What turns texts into vectors, as knowledge bases see it."""

from typing import Any, Protocol, runtime_checkable


class Embedder(Protocol):
    """`name` tells which vectors belong together, with its version: those of another name cannot be compared.

    A vector of zeros says that nothing is known of a text, which is found by its words then.
    """

    @property
    def name(self) -> str: ...

    def embed_documents(self, texts: list[str]) -> Any:
        """A vector for each text, as lists of numbers or the rows of an array. Raises FlowloomError."""
        ...

    def embed_query(self, text: str) -> Any:
        """The vector to look for. Raises FlowloomError."""
        ...


@runtime_checkable
class Loadable(Protocol):
    """An embedder on this computer, which takes a moment to be read from disk."""

    def load(self) -> None:
        """Read it now, so that the first question need not wait. Raises FlowloomError."""
        ...
