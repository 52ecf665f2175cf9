"""What models thought for a block: told beside its work, and kept from the block itself."""

from collections.abc import Callable

from flowloom.kinds.services import Models, OnText
from flowloom.kinds.values import ModelReply, ModelRequest

Tell = Callable[[str], None]


class Thinking:
    """Fulfils `Models`. A block gets the answers only, so that no thought goes on by any of its ways."""

    def __init__(self, models: Models, tell: Tell) -> None:
        self._models, self._tell = models, tell

    async def reply(self, request: ModelRequest, on_text: OnText) -> ModelReply:
        """The model's reply without its thoughts. Raises ModelError."""
        reply = await self._models.reply(request, on_text)
        if not reply.thoughts:
            return reply
        self._tell(reply.thoughts)
        return reply.model_copy(update={"thoughts": ""})
