"""The files of a conversation: those a person added, and those a GPT saves."""

from typing import Protocol

from flowloom.errors import NodeError
from flowloom.kinds.values import Attachment


class Files(Protocol):
    """Where a GPT saves files, and those of the conversation it is in."""

    def save(self, name: str, text: str, *, replace: bool) -> Attachment:
        """Keep a text as a file of that name, or one near it. Raises StoreError."""
        ...

    def save_bytes(self, name: str, data: bytes, media_type: str, *, replace: bool) -> Attachment:
        """Keep a picture or a sound as a file of that name, or one near it. Raises StoreError."""
        ...

    def read(self, file: Attachment) -> bytes:
        """The bytes of a file that was added or made in this conversation. Raises StoreError."""
        ...


class NoFiles:
    """Fulfils `Files` where nothing is kept."""

    def save(self, name: str, text: str, *, replace: bool) -> Attachment:
        raise self._none()

    def save_bytes(self, name: str, data: bytes, media_type: str, *, replace: bool) -> Attachment:
        raise self._none()

    def read(self, file: Attachment) -> bytes:
        raise NodeError("Files aren’t available here.", "Send the message in the chat instead.", code="files.none")

    @staticmethod
    def _none() -> NodeError:
        return NodeError("Files can’t be saved here.", "Send the message in the chat instead.", code="files.none")
