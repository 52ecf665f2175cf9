"""Keep a value for later turns of the conversation, or about the person for good."""

from typing import Any

from pydantic import BaseModel, Field

from flowloom.kinds.context import NodeContext
from flowloom.kinds.kind import node_kind
from flowloom.nodes.data.memory import LONGEST, MemoryName, Scope, check_name
from flowloom.nodes.readable import first_words


class Config(BaseModel):
    name: MemoryName = "memory"
    scope: Scope = "conversation"


class Inputs(BaseModel):
    value: Any = Field(title="Value", description="What to remember.")
    name: str = Field(
        default="",
        title="Name",
        description="What this value is called, such as “favourite colour”; empty for the name set in the block.",
    )


class Outputs(BaseModel):
    value: Any = Field(title="Value")


TEXTS = {
    "zh": {
        "Remember": "记住",
        "Saves a value under a name, for this conversation or as a fact about the person.": (
            "用一个名称保存一个值，供这次对话之后使用，或作为关于本人的信息。"
        ),
        "Value": "值",
        "What to remember.": "要记住的内容。",
        "What this value is called, such as “favourite colour”; empty for the name set in the block.": (
            "这个值的名称，例如“最喜欢的颜色”；留空则用模块里设定的名称。"
        ),
    },
    "fr": {
        "Remember": "Retenir",
        "Saves a value under a name, for this conversation or as a fact about the person.": (
            "Garde une valeur sous un nom, pour la suite de la conversation ou comme un fait sur la personne."
        ),
        "Value": "Valeur",
        "What to remember.": "Ce qu’il faut retenir.",
        "What this value is called, such as “favourite colour”; empty for the name set in the block.": (
            "Comment s’appelle cette valeur, par exemple « couleur préférée » ; vide : le nom réglé dans le bloc."
        ),
    },
}


@node_kind(
    id="memory.remember",
    label="Remember",
    icon="bookmark_add",
    group="data",
    can_be_tool=True,
    effects=frozenset({"writes memory"}),
    summarise=lambda config: first_words(config.name),
    check=lambda config: check_name(config.name),
    texts=TEXTS,
)
def remember(config: Config, inputs: Inputs, ctx: NodeContext) -> Outputs:
    """Saves a value under a name, for this conversation or as a fact about the person."""
    name = (inputs.name.strip() or config.name.strip())[:LONGEST]
    if config.scope == "conversation":
        ctx.variables.set(name, inputs.value)
    else:
        ctx.facts.set(name, inputs.value, here=config.scope == "here")
    return Outputs(value=inputs.value)
