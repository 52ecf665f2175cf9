"""Take up a value kept earlier in the conversation."""

from typing import Any

from pydantic import BaseModel, Field

from flowloom.kinds.context import NodeContext
from flowloom.kinds.kind import node_kind
from flowloom.nodes.data.memory import MemoryName, check_name


class Config(BaseModel):
    name: MemoryName = "memory"
    default: str = Field(
        default="",
        title="Otherwise",
        description="What to hand on while nothing has been remembered yet.",
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
        "Hands on what was remembered under a name earlier in the conversation.": (
            "传出对话中之前用某个名称记住的内容。"
        ),
        "Otherwise": "否则",
        "What to hand on while nothing has been remembered yet.": "还没有记住任何内容时要传出的内容。",
        "unknown": "未知",
        "After": "在此之后",
        "Value": "值",
    },
    "fr": {
        "Recall": "Rappeler",
        "Hands on what was remembered under a name earlier in the conversation.": (
            "Transmet ce qui a été retenu sous un nom plus tôt dans la conversation."
        ),
        "Otherwise": "Sinon",
        "What to hand on while nothing has been remembered yet.": (
            "Ce qu’il faut transmettre tant que rien n’a encore été retenu."
        ),
        "unknown": "inconnu",
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
    summarise=lambda config: config.name,
    check=lambda config: check_name(config.name),
    texts=TEXTS,
)
def recall(config: Config, inputs: Inputs, ctx: NodeContext) -> Outputs:
    """Hands on what was remembered under a name earlier in the conversation."""
    value = ctx.variables.get(config.name.strip())
    return Outputs(value=config.default if value is None else value)
