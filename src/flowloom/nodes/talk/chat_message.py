"""What the person wrote: where a conversation enters the flow."""

from typing import Any

from pydantic import BaseModel, Field

from flowloom.kinds.context import NodeContext
from flowloom.kinds.kind import NoPorts, node_kind
from flowloom.kinds.port import Port, ports_of
from flowloom.kinds.values import Attachment
from flowloom.kinds.values import Message as ChatMessage


class Outputs(BaseModel):
    message: str = Field(title="Message")
    history: list[ChatMessage] = Field(title="Conversation so far")
    attachments: list[Attachment] = Field(title="Files")


TEXTS = {
    "zh": {
        "Chat message": "聊天消息",
        "Starts the flow with what the person wrote, what was said before, and the files they added.": (
            "流程从这里开始：给出用户写的内容、之前的对话，以及用户添加的文件。"
        ),
        "Message": "消息",
        "Conversation so far": "之前的对话",
        "Files": "文件",
    },
    "fr": {
        "Chat message": "Message reçu",
        "Starts the flow with what the person wrote, what was said before, and the files they added.": (
            "Démarre le flux avec ce que la personne a écrit, ce qui a été dit avant et les fichiers joints."
        ),
        "Message": "Message",
        "Conversation so far": "Conversation jusqu’ici",
        "Files": "Fichiers",
    },
}


def ports(config: NoPorts) -> list[Port]:
    """What it needs where its flow is used as a block: a message, and perhaps the rest."""
    return [port.model_copy(update={"required": port.id == "message"}) for port in ports_of(Outputs)]


@node_kind(
    id="chat.message", label="Chat message", icon="chat", group="talk", starts=True, enters=ports, texts=TEXTS
)
def message(config: NoPorts, inputs: NoPorts, ctx: NodeContext) -> Outputs:
    """Starts the flow with what the person wrote, what was said before, and the files they added."""
    if ctx.given is not None:
        nothing: dict[str, Any] = {"message": "", "history": [], "attachments": []}
        return Outputs.model_validate(nothing | {name: ctx.given[name] for name in nothing if name in ctx.given})
    turn = ctx.turn
    return Outputs(message=turn.message, history=list(turn.history), attachments=list(turn.attachments))
