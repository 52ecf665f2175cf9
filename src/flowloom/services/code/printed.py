"""What code prints."""

from flowloom.services.code.outcomes import MAX_PRINTED


class Printed:
    """What code prints, as far as it is kept."""

    def __init__(self) -> None:
        self._pieces: list[str] = []
        self._room = MAX_PRINTED

    def __call__(self, stream: str, text: str) -> None:
        if self._room > 0:
            self._pieces.append(text[: self._room] + ("…" if len(text) > self._room else ""))
            self._room -= len(text)

    @property
    def text(self) -> str:
        return "".join(self._pieces).encode("utf-8", "replace").decode()
