"""Take up a value kept earlier in the conversation, or known about the person."""

from typing import Any, Literal

from pydantic import BaseModel, Field

from flowloom.kinds.context import NodeContext
from flowloom.kinds.kind import node_kind
from flowloom.nodes.data.memory import MemoryName, check_name
from flowloom.nodes.readable import first_words


class Config(BaseModel):
    name: MemoryName = "memory"
    scope: Literal["conversation", "person"] = Field(
        default="conversation",
        title="Belongs to",
        description="Where to look for it.",
        json_schema_extra={"labels": {"conversation": "this conversation", "person": "the person"}},
    )
    default: str = Field(
        default="",
        title="Default value",
        description="Passed on if nothing has been remembered yet.",
        max_length=100_000,
        json_schema_extra={"widget": "textarea", "example": "unknown"},
    )


class Inputs(BaseModel):
    after: Any = Field(default=None, title="After")


class Outputs(BaseModel):
    value: Any = Field(title="Value")


TEXTS = {
    "zh": {
        "Recall": "回忆",
        "Passes on a remembered value, from the conversation or about the person.": (
            "传出之前用某个名称记住的内容，来自这次对话或关于本人。"
        ),
        "Default value": "默认值",
        "Passed on if nothing has been remembered yet.": "还没有记住任何内容时要传出的内容。",
        "unknown": "未知",
        "Where to look for it.": "在哪里查找。",
        "the person": "本人",
        "After": "在此之后",
        "Value": "值",
    },
    "fr": {
        "Recall": "Rappeler",
        "Passes on a remembered value, from the conversation or about the person.": (
            "Transmet ce qui a été retenu sous un nom, dans la conversation ou sur la personne."
        ),
        "Default value": "Valeur par défaut",
        "Passed on if nothing has been remembered yet.": (
            "Ce qu’il faut transmettre tant que rien n’a encore été retenu."
        ),
        "unknown": "inconnu",
        "Where to look for it.": "Où le chercher.",
        "the person": "la personne",
        "After": "Après",
        "Value": "Valeur",
    },
}


@node_kind(
    id="memory.recall",
    label="Recall",
    icon="bookmark",
    group="data",
    effects=frozenset({"reads memory"}),
    summarise=lambda config: first_words(config.name),
    check=lambda config: check_name(config.name),
    texts=TEXTS,
)
def recall(config: Config, inputs: Inputs, ctx: NodeContext) -> Outputs:
    """Passes on a remembered value, from the conversation or about the person."""
    name = config.name.strip()
    value = ctx.variables.get(name) if config.scope == "conversation" else ctx.facts.all().get(name)
    return Outputs(value=config.default if value is None else value)
