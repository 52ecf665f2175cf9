"""Who works on what, where several processes have the same data folder."""

from typing import Protocol


class Claims(Protocol):
    """Who works on what, among the processes on the same data."""

    def claim(self, name: str) -> bool:
        """Whether this process works on it from now on."""
        ...

    def release(self, name: str) -> None: ...


class Alone:
    """Where there is no other process."""

    def claim(self, name: str) -> bool:
        return True

    def release(self, name: str) -> None:
        """Holds nothing."""
