"""Hand on all that is known about the person."""

from typing import Any

from pydantic import BaseModel, Field

from flowloom.kinds.context import NodeContext
from flowloom.kinds.kind import node_kind
from flowloom.nodes.readable import readable


class Inputs(BaseModel):
    after: Any = Field(default=None, title="After")


class Outputs(BaseModel):
    text: str = Field(title="Text")
    data: dict[str, Any] = Field(title="Data")


TEXTS = {
    "zh": {
        "About the person": "关于本人",
        "Passes on all saved facts about the person that this GPT can use.": (
            "传出此 GPT 可以使用的所有关于本人的信息，供提示词使用。"
        ),
        "After": "在此之后",
        "Text": "文本",
        "Data": "数据",
    },
    "fr": {
        "About the person": "À propos de la personne",
        "Passes on all saved facts about the person that this GPT can use.": (
            "Transmet tous les faits sur la personne que ce GPT peut utiliser, pour qu’une consigne s’y appuie."
        ),
        "After": "Après",
        "Text": "Texte",
        "Data": "Données",
    },
}


@node_kind(
    id="memory.facts",
    label="About the person",
    icon="badge",
    group="data",
    can_be_tool=True,
    effects=frozenset({"reads memory"}),
    texts=TEXTS,
)
def facts(config: BaseModel, inputs: Inputs, ctx: NodeContext) -> Outputs:
    """Passes on all saved facts about the person that this GPT can use."""
    known = dict(ctx.facts.all())
    return Outputs(text="\n".join(f"{name}: {readable(value)}" for name, value in known.items()), data=known)
