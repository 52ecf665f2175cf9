"""What can go wrong, in words."""

from typing import Any


class NodeError(Exception):
    """A block cannot do its work; the text says why, and what to do."""

    def __init__(self, message: str, hint: str = "", *, code: str = "", **values: Any) -> None:
        text = f"{message} {hint}".strip()
        super().__init__(text.format(**values) if values else text)
        self.code = code
