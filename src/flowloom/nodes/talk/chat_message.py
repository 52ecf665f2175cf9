"""What the person wrote: where a conversation enters the flow."""

from collections.abc import Sequence
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from flowloom.kinds.context import NodeContext
from flowloom.kinds.kind import NoPorts, node_kind
from flowloom.kinds.media import Picture
from flowloom.kinds.port import Port, PortType, ports_of
from flowloom.kinds.values import Attachment
from flowloom.kinds.values import Message as ChatMessage


class Config(BaseModel):
    picture: bool = Field(
        default=False,
        title="Pass on the first image",
        description="Adds an output for the first picture of a message.",
    )
    recording: bool = Field(
        default=False,
        title="Pass on the first recording",
        description="Adds an output for the first recording of a message.",
    )


class Outputs(BaseModel):
    model_config = ConfigDict(extra="allow")

    message: str = Field(title="Message")
    history: list[ChatMessage] = Field(title="Conversation so far")
    attachments: list[Attachment] = Field(title="Files")


PICTURE = Port(id="picture", label="First image", type=PortType.IMAGE)
RECORDING = Port(id="recording", label="First recording", type=PortType.FILE)

TEXTS = {
    "zh": {
        "Chat message": "聊天消息",
        "Starts the flow with the person’s message, the conversation so far and attached files.": (
            "流程从这里开始：给出用户写的内容、之前的对话，以及用户添加的文件。"
        ),
        "Message": "消息",
        "Conversation so far": "之前的对话",
        "Files": "文件",
        "First image": "第一张图片",
        "First recording": "第一段录音",
        "Pass on the first image": "传出第一张图片",
        "Adds an output for the first picture of a message.": (
            "为消息里的第一张图片单设一个输出。没有图片时，什么都不传出。"
        ),
        "Pass on the first recording": "传出第一段录音",
        "Adds an output for the first recording of a message.": (
            "为消息里的第一段录音单设一个输出；可以在聊天里直接说话录音。"
        ),
    },
    "fr": {
        "Chat message": "Message reçu",
        "Starts the flow with the person’s message, the conversation so far and attached files.": (
            "Démarre le flux avec ce que la personne a écrit, ce qui a été dit avant et les fichiers joints."
        ),
        "Message": "Message",
        "Conversation so far": "Conversation jusqu’ici",
        "Files": "Fichiers",
        "First image": "Première image",
        "First recording": "Premier enregistrement",
        "Pass on the first image": "Transmettre la première image",
        "Adds an output for the first picture of a message.": (
            "Une sortie à part pour la première image d’un message. Sans image, rien n’en sort."
        ),
        "Pass on the first recording": "Transmettre le premier enregistrement",
        "Adds an output for the first recording of a message.": (
            "Une sortie à part pour le premier enregistrement d’un message, que l’on peut dicter dans le chat."
        ),
    },
}


def ports(config: Config) -> list[Port]:
    """What it needs where its flow is used as a block: a message, and perhaps the rest."""
    every = [*ports_of(Outputs), *first_ports(config)]
    return [port.model_copy(update={"required": port.id == "message"}) for port in every]


def first_ports(config: Config) -> list[Port]:
    return [PICTURE] * config.picture + [RECORDING] * config.recording


@node_kind(
    id="chat.message",
    label="Chat message",
    icon="chat",
    group="talk",
    starts=True,
    enters=ports,
    dynamic_outputs=first_ports,
    texts=TEXTS,
)
def message(config: Config, inputs: NoPorts, ctx: NodeContext) -> Outputs:
    """Starts the flow with the person’s message, the conversation so far and attached files."""
    if ctx.given is not None:
        given: dict[str, Any] = {"message": "", "history": [], "attachments": []}
        given |= {port.id: ctx.given[port.id] for port in ports(config) if port.id in ctx.given}
        return Outputs.model_validate(given)
    turn = ctx.turn
    return Outputs(
        message=turn.message,
        history=list(turn.history),
        attachments=list(turn.attachments),
        **first_of_each(config, turn.attachments),
    )


def first_of_each(config: Config, files: Sequence[Attachment]) -> dict[str, Any]:
    """The first picture and the first recording, where they are wished for and there are any."""
    # The store told them by their content as they came in.
    first = {file.media_type.partition("/")[0]: file for file in reversed(files) if not file.text}
    found: dict[str, Any] = {}
    if config.picture and "image" in first:
        found["picture"] = Picture(**first["image"].model_dump())
    if config.recording and "audio" in first:
        found["recording"] = first["audio"]
    return found
