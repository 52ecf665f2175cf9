"""Where a value enters a flow that is used as a block."""

from typing import Literal

from pydantic import BaseModel, Field
from pydantic.config import JsonDict

from flowloom.errors import Problem
from flowloom.kinds.context import NodeContext
from flowloom.kinds.kind import NoPorts, OpenPorts, node_kind
from flowloom.kinds.port import EMPTY, Port, PortType
from flowloom.locales import Verbatim
from flowloom.nodes.port_names import port_id
from flowloom.nodes.readable import first_words

Type = Literal["any", "text", "number", "boolean", "json", "list", "messages", "passages", "file", "image"]
TYPE_LABELS: JsonDict = {
    "any": "anything",
    "text": "text",
    "number": "a number",
    "boolean": "yes or no",
    "json": "structured data",
    "list": "a list",
    "messages": "messages",
    "passages": "passages",
    "file": "a file",
    "image": "a picture",
}


class Config(BaseModel):
    name: str = Field(
        default="Value",
        title="Name",
        description="Name of the input on the block.",
        min_length=1,
        max_length=60,
        json_schema_extra={"example": "Letter"},
    )
    type: Type = Field(
        default="any",
        title="Type",
        description="Type of the value.",
        json_schema_extra={"labels": TYPE_LABELS},
    )
    needed: bool = Field(
        default=True,
        title="Required",
        description="Whether it has to be connected before the block can run.",
    )
    sample: str = Field(
        default="",
        title="Test value",
        description="Used when the flow runs on its own. Leave empty to use your chat message.",
        json_schema_extra={"widget": "textarea", "example": "Dear Ms Lovelace, …"},
    )


Outputs = OpenPorts

TEXTS = {
    "zh": {
        "Input": "输入",
        "A value that comes in when this flow is used as a block in another GPT.": (
            "当这个流程作为模块用在另一个流程里时，从外面传进来的值。"
        ),
        "Value": "值",
        "Name": "名称",
        "Name of the input on the block.": "这个流程变成模块后，这个输入的名称。",
        "Letter": "信件",
        "Type": "类型",
        "Type of the value.": "这里传入什么。",
        "anything": "任意内容",
        "text": "文本",
        "a number": "数字",
        "yes or no": "是或否",
        "structured data": "结构化数据",
        "a list": "列表",
        "messages": "消息",
        "passages": "段落",
        "a file": "文件",
        "a picture": "图片",
        "Required": "必填",
        "Whether it has to be connected before the block can run.": "是否必须有连线通到它，模块才能运行。",
        "Test value": "测试值",
        "Used when the flow runs on its own. Leave empty to use your chat message.": (
            "流程单独运行时使用它；留空则使用你在聊天里写的内容。"
        ),
        "Dear Ms Lovelace, …": "尊敬的洛夫莱斯女士：……",
        "“{name}” got no value, so the blocks that need it didn’t run.": (
            "“{name}”没有得到任何值，因此需要它的模块没有运行。"
        ),
        "Give it a value where this flow is used, or let the next blocks work without it.": (
            "请在使用这个流程的地方给它一个值，或让它后面的模块不依赖它也能运行。"
        ),
    },
    "fr": {
        "Input": "Entrée",
        "A value that comes in when this flow is used as a block in another GPT.": (
            "Une valeur qui vient de l’extérieur, là où ce flux sert de bloc dans un autre."
        ),
        "Value": "Valeur",
        "Name": "Nom",
        "Name of the input on the block.": "Le nom de l’entrée sur le bloc que devient ce flux.",
        "Letter": "Lettre",
        "Type": "Type",
        "Type of the value.": "Ce qui entre ici.",
        "anything": "n’importe quoi",
        "text": "texte",
        "a number": "un nombre",
        "yes or no": "oui ou non",
        "structured data": "données structurées",
        "a list": "une liste",
        "messages": "des messages",
        "passages": "des extraits",
        "a file": "un fichier",
        "a picture": "une image",
        "Required": "Obligatoire",
        "Whether it has to be connected before the block can run.": (
            "Si une ligne doit y mener avant que le bloc puisse travailler."
        ),
        "Test value": "Valeur de test",
        "Used when the flow runs on its own. Leave empty to use your chat message.": (
            "Utilisé là où le flux s’exécute seul. Sans cela, il prend ce que vous écrivez dans la conversation."
        ),
        "Dear Ms Lovelace, …": "Chère Madame Lovelace, …",
        "“{name}” got no value, so the blocks that need it didn’t run.": (
            "Rien n’a été donné pour « {name} » : les blocs qui en ont besoin n’ont pas travaillé."
        ),
        "Give it a value where this flow is used, or let the next blocks work without it.": (
            "Donnez-lui une valeur là où ce flux est utilisé, ou faites que les blocs suivants s’en passent."
        ),
    },
}


def port_of(config: Config) -> Port:
    """The input of the block that the flow becomes."""
    return Port(
        id=port_id(config.name),
        label=config.name,
        type=PortType(config.type),
        required=config.needed,
        verbatim=True,
    )


@node_kind(
    id="flow.input",
    label="Input",
    icon="login",
    group="flows",
    enters=lambda config: [port_of(config)],
    dynamic_outputs=lambda config: [Port(id="value", label="Value", type=PortType(config.type))],
    summarise=lambda config: first_words(config.name),
    texts=TEXTS,
)
def input(config: Config, inputs: NoPorts, ctx: NodeContext) -> OpenPorts:
    """A value that comes in when this flow is used as a block in another GPT."""
    if ctx.given is None:
        return OpenPorts(value=config.sample or ctx.turn.message)
    port = port_of(config)
    if port.id in ctx.given:
        return OpenPorts(value=ctx.given[port.id])
    # Left out, it is empty: what stands behind it works without it, rather than not at all.
    if port.type in EMPTY:
        return OpenPorts(value=EMPTY[port.type])
    ctx.warn(
        Problem.of(
            "input.left_out",
            "“{name}” got no value, so the blocks that need it didn’t run.",
            "Give it a value where this flow is used, or let the next blocks work without it.",
            name=Verbatim(config.name),
        ).as_warning()
    )
    return OpenPorts()
