"""A node of another builder that has no counterpart here: kept with its settings until somebody replaces it."""

from collections.abc import Iterable
from typing import Any

from pydantic import BaseModel, Field

from flowloom.errors import NodeError, Problem
from flowloom.kinds.context import NodeContext
from flowloom.kinds.kind import OpenPorts, node_kind
from flowloom.kinds.port import Port
from flowloom.locales import Verbatim
from flowloom.nodes.port_names import named_ports


class Config(BaseModel):
    format: str = Field(
        default="",
        title="Imported from",
        description="The builder it was made with.",
        json_schema_extra={"widget": "hidden"},
    )
    type: str = Field(
        default="",
        title="What it was there",
        description="What that builder calls it.",
        json_schema_extra={"widget": "hidden"},
    )
    settings: dict[str, Any] = Field(
        default_factory=dict,
        title="Original settings",
        description="As they were in the imported file, without keys and passwords.",
        json_schema_extra={"widget": "raw"},
    )
    inputs: list[str] = Field(
        default_factory=list,
        title="Original inputs",
        description="What was connected to it.",
        max_length=100,
        json_schema_extra={"widget": "hidden"},
    )
    outputs: list[str] = Field(
        default_factory=list,
        title="Original outputs",
        description="What it was connected to.",
        max_length=100,
        json_schema_extra={"widget": "hidden"},
    )


Inputs = Outputs = OpenPorts

TEXTS = {
    "zh": {
        "Kept from import": "导入时保留",
        "A part of an imported flow that has no counterpart here yet.": "导入的流程中暂时没有对应模块的部分。",
        "Imported from": "导入自",
        "The builder it was made with.": "它是用哪个工具制作的。",
        "What it was there": "原来的类型",
        "What that builder calls it.": "那个工具对它的叫法。",
        "Original settings": "原来的设置",
        "As they were in the imported file, without keys and passwords.": "与导入文件中的一样，不含密钥和密码。",
        "Original inputs": "原来的输入",
        "What was connected to it.": "原来连到它的内容。",
        "Original outputs": "原来的输出",
        "What it was connected to.": "它原来连到的内容。",
        "“{type}” from {format} has no counterpart here.": "来自 {format} 的“{type}”在这里没有对应的模块。",
        "Replace this block with others that do the same. Its original settings are shown in it.": (
            "请用功能相同的其他模块替换它。它原来的设置显示在模块里。"
        ),
    },
    "fr": {
        "Kept from import": "Conservé de l’import",
        "A part of an imported flow that has no counterpart here yet.": (
            "Une partie d’un flux importé qui n’a pas encore d’équivalent ici."
        ),
        "Imported from": "Importé de",
        "The builder it was made with.": "L’outil avec lequel il a été créé.",
        "What it was there": "Ce qu’il était",
        "What that builder calls it.": "Le nom que cet outil lui donne.",
        "Original settings": "Réglages d’origine",
        "As they were in the imported file, without keys and passwords.": (
            "Tels qu’ils étaient dans le fichier importé, sans clés ni mots de passe."
        ),
        "Original inputs": "Entrées d’origine",
        "What was connected to it.": "Ce qui y était relié.",
        "Original outputs": "Sorties d’origine",
        "What it was connected to.": "Ce à quoi il était relié.",
        "“{type}” from {format} has no counterpart here.": "« {type} » de {format} n’a pas d’équivalent ici.",
        "Replace this block with others that do the same. Its original settings are shown in it.": (
            "Remplacez ce bloc par d’autres qui font la même chose. Ses réglages d’origine y sont affichés."
        ),
    },
}


def unlike_ours(config: Config) -> Problem:
    return Problem.of(
        "imported.kept",
        "“{type}” from {format} has no counterpart here.",
        "Replace this block with others that do the same. Its original settings are shown in it.",
        type=Verbatim(config.type),
        format=Verbatim(config.format),
    )


def check(config: Config) -> Iterable[Problem]:
    yield unlike_ours(config)


def ports(names: list[str], *, required: bool) -> list[Port]:
    return [port.model_copy(update={"required": required}) for port in named_ports(names)]


@node_kind(
    id="imported",
    label="Kept from import",
    icon="move_to_inbox",
    group="flows",
    offered=False,
    summarise=lambda config: Verbatim(f"{config.format} · {config.type}"),
    check=check,
    dynamic_inputs=lambda config: ports(config.inputs, required=False),
    dynamic_outputs=lambda config: ports(config.outputs, required=True),
    texts=TEXTS,
)
def imported(config: Config, inputs: OpenPorts, ctx: NodeContext) -> OpenPorts:
    """A part of an imported flow that has no counterpart here yet."""
    raise NodeError.from_problem(unlike_ours(config))
