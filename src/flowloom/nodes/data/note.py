"""A note on the canvas, for people only."""

from pydantic import BaseModel, Field

from flowloom.kinds.context import NodeContext
from flowloom.kinds.kind import NoPorts, node_kind
from flowloom.nodes.readable import first_words


class Config(BaseModel):
    text: str = Field(
        default="",
        title="Note",
        description="Anything that helps people who read this canvas.",
        max_length=20_000,
        json_schema_extra={"widget": "textarea", "example": "Ask Lea before changing the prompt."},
    )


TEXTS = {
    "zh": {
        "Note": "便签",
        "A comment on the canvas. It does nothing when the flow runs.": (
            "给看画布的人一些说明。流程运行时它什么也不做。"
        ),
        "Anything that helps people who read this canvas.": "写下任何对看这张画布的人有用的内容。",
        "Ask Lea before changing the prompt.": "修改提示词之前请先问小林。",
    },
    "fr": {
        "Note": "Note",
        "A comment on the canvas. It does nothing when the flow runs.": (
            "Explique quelque chose à qui lit le canevas. Elle ne fait rien quand le flux s’exécute."
        ),
        "Anything that helps people who read this canvas.": (
            "Écrivez tout ce qui peut aider la personne qui lit ce canevas."
        ),
        "Ask Lea before changing the prompt.": "Demander à Léa avant de modifier la consigne.",
    },
}


@node_kind(
    id="note",
    label="Note",
    icon="sticky_note_2",
    group="data",
    annotates=True,
    summarise=lambda config: first_words(config.text),
    texts=TEXTS,
)
def note(config: Config, inputs: NoPorts, ctx: NodeContext) -> NoPorts:
    """A comment on the canvas. It does nothing when the flow runs."""
    return NoPorts()
