"""What every way of talking to a model has in common."""

from typing import Protocol

from flowloom.kinds.services import OnText
from flowloom.kinds.values import ModelReply, ModelRequest


class Chat(Protocol):
    """The chat models of one provider."""

    async def reply(self, model: str, request: ModelRequest, on_text: OnText) -> ModelReply:
        """Ask one of its models. Raises ModelError."""
        ...

    async def aclose(self) -> None:
        """Close the connections it keeps."""
        ...
