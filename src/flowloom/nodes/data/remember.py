"""Keep a value for later turns of the conversation."""

from typing import Any

from pydantic import BaseModel, Field

from flowloom.kinds.context import NodeContext
from flowloom.kinds.kind import node_kind
from flowloom.nodes.data.memory import MemoryName, check_name


class Config(BaseModel):
    name: MemoryName = "memory"


class Inputs(BaseModel):
    value: Any = Field(title="Value")


class Outputs(BaseModel):
    value: Any = Field(title="Value")


TEXTS = {
    "zh": {
        "Remember": "记住",
        "Keeps a value for the rest of the conversation, under a name.": (
            "用一个名称保存一个值，供之后的对话使用。"
        ),
        "Value": "值",
    },
    "fr": {
        "Remember": "Retenir",
        "Keeps a value for the rest of the conversation, under a name.": (
            "Garde une valeur sous un nom pour la suite de la conversation."
        ),
        "Value": "Valeur",
    },
}


@node_kind(
    id="memory.remember",
    label="Remember",
    icon="bookmark_add",
    group="data",
    effects=frozenset({"writes memory"}),
    summarise=lambda config: config.name,
    check=lambda config: check_name(config.name),
    texts=TEXTS,
)
def remember(config: Config, inputs: Inputs, ctx: NodeContext) -> Outputs:
    """Keeps a value for the rest of the conversation, under a name."""
    ctx.variables.set(config.name.strip(), inputs.value)
    return Outputs(value=inputs.value)
