"""What can go wrong, in words."""

from typing import Any


class NodeError(Exception):
    """A block cannot do its work; the text says why, and what to do."""

    def __init__(self, message: str, hint: str = "", *, code: str = "", **values: Any) -> None:
        super().__init__(f"{message} {hint}".strip().format(**values))
        self.code = code
