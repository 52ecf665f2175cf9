"""What the person reads: where an answer leaves the flow."""

from typing import Annotated

from pydantic import BaseModel, Field

from flowloom.kinds.context import NodeContext
from flowloom.kinds.kind import NoPorts, node_kind
from flowloom.kinds.port import Many, Port, PortType
from flowloom.kinds.values import Attachment

ANSWER = Port(id="answer", label="Answer", type=PortType.TEXT)


class Inputs(BaseModel):
    text: str = Field(title="Text")
    files: Annotated[list[Attachment], Many()] = Field(default_factory=list, title="Files")


class Outputs(BaseModel):
    text: str = Field(title="Text")


TEXTS = {
    "zh": {
        "Answer": "回答",
        "Shows a text as the answer in the chat.": "把一段文本作为回答显示在聊天里。",
        "Text": "文本",
        "Files": "文件",
    },
    "fr": {
        "Answer": "Réponse",
        "Shows a text as the answer in the chat.": (
            "Affiche un texte à la personne comme réponse dans la conversation."
        ),
        "Text": "Texte",
        "Files": "Fichiers",
    },
}


@node_kind(
    id="chat.answer",
    label="Answer",
    icon="forum",
    group="talk",
    answers=True,
    leaves=lambda config: ANSWER,
    relays=lambda config: {"text": ["text"]},
    texts=TEXTS,
)
def answer(config: NoPorts, inputs: Inputs, ctx: NodeContext) -> Outputs:
    """Shows a text as the answer in the chat."""
    return Outputs(text=inputs.text)
