"""Where a value leaves a flow that is used as a block."""

from typing import Any

from pydantic import BaseModel, Field

from flowloom.kinds.context import NodeContext
from flowloom.kinds.kind import OpenPorts, node_kind
from flowloom.kinds.port import Port
from flowloom.nodes.port_names import port_id
from flowloom.nodes.readable import first_words


class Config(BaseModel):
    name: str = Field(
        default="Result",
        title="Name",
        description="Name of the output on the block.",
        min_length=1,
        max_length=60,
        json_schema_extra={"example": "Summary"},
    )


class Inputs(BaseModel):
    value: Any = Field(title="Value")


Outputs = OpenPorts

TEXTS = {
    "zh": {
        "Output": "输出",
        "A value that goes out when this flow is used as a block in another GPT.": (
            "当这个流程作为模块用在另一个流程里时，传出去的值。"
        ),
        "Result": "结果",
        "Name": "名称",
        "Name of the output on the block.": "这个流程变成模块后，这个输出的名称。",
        "Summary": "摘要",
        "Value": "值",
    },
    "fr": {
        "Output": "Sortie",
        "A value that goes out when this flow is used as a block in another GPT.": (
            "Une valeur qui sort, là où ce flux sert de bloc dans un autre."
        ),
        "Result": "Résultat",
        "Name": "Nom",
        "Name of the output on the block.": "Le nom de la sortie sur le bloc que devient ce flux.",
        "Summary": "Résumé",
        "Value": "Valeur",
    },
}


# Run by itself, its flow answers with what goes out, so that it can be tried in the chat.
@node_kind(
    id="flow.output",
    label="Output",
    icon="logout",
    group="flows",
    answers=True,
    leaves=lambda config: Port(id=port_id(config.name), label=config.name, verbatim=True),
    relays=lambda config: {"value": ["value"]},
    summarise=lambda config: first_words(config.name),
    texts=TEXTS,
)
def output(config: Config, inputs: Inputs, ctx: NodeContext) -> OpenPorts:
    """A value that goes out when this flow is used as a block in another GPT."""
    return OpenPorts(value=inputs.value)
