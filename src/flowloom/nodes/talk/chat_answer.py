"""What the person reads: where an answer leaves the flow."""

from collections.abc import Sequence
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from flowloom.kinds.context import NodeContext
from flowloom.kinds.kind import node_kind
from flowloom.kinds.port import Many, Port, PortType
from flowloom.kinds.values import Attachment
from flowloom.nodes.readable import first_words

ANSWER = Port(id="answer", label="Answer", type=PortType.TEXT)


class Config(BaseModel):
    text: str = Field(
        default="",
        title="Fixed text",
        description="What to answer when nothing is connected to “Text”.",
        max_length=100_000,
        json_schema_extra={"widget": "textarea", "example": "Sorry, I can’t help with that."},
    )


class Inputs(BaseModel):
    model_config = ConfigDict(extra="allow")

    text: str | None = Field(default=None, title="Text")
    files: Annotated[list[Attachment], Many()] = Field(default_factory=list, title="Files")


class Outputs(BaseModel):
    text: str = Field(title="Text")


TEXTS = {
    "zh": {
        "Answer": "回答",
        "Shows a text as the answer in the chat.": "把一段文本作为回答显示在聊天里。",
        "Text": "文本",
        "Files": "文件",
        "After": "在此之后",
        "Fixed text": "固定文本",
        "What to answer when nothing is connected to “Text”.": "“文本”没有连接任何模块时的回答。",
        "Sorry, I can’t help with that.": "抱歉，这个我帮不上忙。",
    },
    "fr": {
        "Answer": "Réponse",
        "Shows a text as the answer in the chat.": (
            "Affiche un texte à la personne comme réponse dans la conversation."
        ),
        "Text": "Texte",
        "Files": "Fichiers",
        "After": "Après",
        "Fixed text": "Texte fixe",
        "What to answer when nothing is connected to “Text”.": (
            "Ce qu’il faut répondre quand rien n’est relié à « Texte »."
        ),
        "Sorry, I can’t help with that.": "Désolé, je ne peux pas vous aider pour cela.",
    },
}


def input_ports(config: Config) -> Sequence[Port]:
    """A text must come in where there is none of its own; else a line may tell when to say that."""
    has_own = bool(config.text.strip())
    text = Port(id="text", label="Text", type=PortType.TEXT, required=not has_own)
    return [text, Port(id="after", label="After", required=False)] if has_own else [text]


@node_kind(
    id="chat.answer",
    label="Answer",
    icon="forum",
    group="talk",
    answers=True,
    leaves=lambda config: ANSWER,
    relays=lambda config: {"text": ["text"]},
    fixed_answer=("text", "after"),
    dynamic_inputs=input_ports,
    summarise=lambda config: first_words(config.text),
    texts=TEXTS,
)
def answer(config: Config, inputs: Inputs, ctx: NodeContext) -> Outputs:
    """Shows a text as the answer in the chat."""
    return Outputs(text=config.text if inputs.text is None else inputs.text)
