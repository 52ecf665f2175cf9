"""The pieces of an answer as they are handed on: the longer it has grown, the more of it at a time."""

from flowloom.kinds.services import Afresh, OnText

SHARE = 500
"""A piece has at least this part of all before it, so that who joins them copies each letter a bounded number
of times; at ten pages of text that is a word or two."""


class Pieces:
    """Hands on what was gathered as soon as it is enough; `hand_on` gives the rest."""

    def __init__(self, on_text: OnText) -> None:
        self._on_text = on_text
        self._gathered: list[str] = []
        self._length = self._handed = 0

    @property
    def begun(self) -> bool:
        """Whether anything was handed on."""
        return self._handed > 0

    def add(self, piece: str) -> None:
        if isinstance(piece, Afresh):
            self._gathered, self._handed, self._length = [], len(piece), 0
            self._on_text(piece)
            return
        self._gathered.append(piece)
        self._length += len(piece)
        if self._length >= self._handed // SHARE:
            self.hand_on()

    def hand_on(self) -> None:
        if self._gathered:
            said, self._gathered = "".join(self._gathered), []
            self._handed, self._length = self._handed + self._length, 0
            self._on_text(said)
