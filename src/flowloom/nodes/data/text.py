"""A fixed text."""

from pydantic import BaseModel, Field

from flowloom.kinds.context import NodeContext
from flowloom.kinds.kind import NoPorts, node_kind
from flowloom.nodes.readable import first_words


class Config(BaseModel):
    text: str = Field(
        default="",
        title="Text",
        description="The text this block passes on.",
        max_length=1_000_000,
        json_schema_extra={"widget": "textarea", "example": "Our shop is open from 9 to 18."},
    )


class Outputs(BaseModel):
    text: str = Field(title="Text")


TEXTS = {
    "zh": {
        "Text": "文本",
        "Holds a fixed text that other blocks can use.": "保存一段固定的文本，供其他模块使用。",
        "The text this block passes on.": "这个模块每次都原样传出的内容。",
        "Our shop is open from 9 to 18.": "本店营业时间为 9 点到 18 点。",
    },
    "fr": {
        "Text": "Texte",
        "Holds a fixed text that other blocks can use.": (
            "Contient un texte fixe que d’autres blocs peuvent utiliser."
        ),
        "The text this block passes on.": "Ce que ce bloc transmet, toujours à l’identique.",
        "Our shop is open from 9 to 18.": "Notre boutique est ouverte de 9 h à 18 h.",
    },
}


@node_kind(
    id="text",
    label="Text",
    icon="notes",
    group="data",
    summarise=lambda config: first_words(config.text),
    tune="text",
    texts=TEXTS,
)
def text(config: Config, inputs: NoPorts, ctx: NodeContext) -> Outputs:
    """Holds a fixed text that other blocks can use."""
    return Outputs(text=config.text)
