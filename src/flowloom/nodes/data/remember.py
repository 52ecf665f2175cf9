"""Keep a value for later turns of the conversation, or about the person for good."""

from typing import Any

from pydantic import BaseModel, Field

from flowloom.kinds.context import NodeContext
from flowloom.kinds.kind import node_kind
from flowloom.nodes.data.memory import MemoryName, Scope, check_name
from flowloom.nodes.readable import first_words


class Config(BaseModel):
    name: MemoryName = "memory"
    scope: Scope = "conversation"


class Inputs(BaseModel):
    value: Any = Field(title="Value")


class Outputs(BaseModel):
    value: Any = Field(title="Value")


TEXTS = {
    "zh": {
        "Remember": "记住",
        "Saves a value under a name, for this conversation or as a fact about the person.": (
            "用一个名称保存一个值，供这次对话之后使用，或作为关于本人的信息。"
        ),
        "Value": "值",
    },
    "fr": {
        "Remember": "Retenir",
        "Saves a value under a name, for this conversation or as a fact about the person.": (
            "Garde une valeur sous un nom, pour la suite de la conversation ou comme un fait sur la personne."
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
    summarise=lambda config: first_words(config.name),
    check=lambda config: check_name(config.name),
    texts=TEXTS,
)
def remember(config: Config, inputs: Inputs, ctx: NodeContext) -> Outputs:
    """Saves a value under a name, for this conversation or as a fact about the person."""
    name = config.name.strip()
    if config.scope == "conversation":
        ctx.variables.set(name, inputs.value)
    else:
        ctx.facts.set(name, inputs.value, here=config.scope == "here")
    return Outputs(value=inputs.value)
