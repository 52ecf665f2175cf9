"""Bring the values of several edges together."""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field
from pydantic.config import JsonDict

from flowloom.errors import NodeError
from flowloom.kinds.context import NodeContext
from flowloom.kinds.kind import node_kind
from flowloom.kinds.port import Many
from flowloom.nodes.readable import readable

Mode = Literal["first", "join", "list"]
Separator = Literal["blank_line", "line", "comma", "space", "nothing"]
MODE_LABELS: JsonDict = {"first": "the first one", "join": "all, joined into one text", "list": "all, as a list"}
SEPARATOR_LABELS: JsonDict = {
    "blank_line": "an empty line",
    "line": "a new line",
    "comma": "a comma",
    "space": "a space",
    "nothing": "nothing",
}
SEPARATORS = {"blank_line": "\n\n", "line": "\n", "comma": ", ", "space": " ", "nothing": ""}


class Config(BaseModel):
    mode: Mode = Field(
        default="first",
        title="Pass on",
        description="After a branch only one path has a value: choose the first one. Otherwise join them.",
        json_schema_extra={"labels": MODE_LABELS},
    )
    separator: Separator = Field(
        default="blank_line",
        title="Separator",
        description="Text between the joined values.",
        json_schema_extra={"labels": SEPARATOR_LABELS},
    )


class Inputs(BaseModel):
    values: Annotated[list[Any], Many()] = Field(title="Values")


class Outputs(BaseModel):
    value: Any = Field(title="Value")
    text: str = Field(title="Text")
    items: list[Any] = Field(title="List")


TEXTS = {
    "zh": {
        "Merge": "合并",
        "Joins several paths of the flow into one.": "把流程的几条路径合并成一条。",
        "Pass on": "传出",
        "After a branch only one path has a value: choose the first one. Otherwise join them.": (
            "分支之后只有一条路径会送来内容，请选“第一个”；否则请把它们连接起来。"
        ),
        "the first one": "第一个",
        "all, joined into one text": "全部，连成一段文本",
        "all, as a list": "全部，作为列表",
        "Separator": "分隔符",
        "Text between the joined values.": "连成一段文本时，各个值之间放什么。",
        "an empty line": "空一行",
        "a new line": "换行",
        "a comma": "逗号",
        "a space": "空格",
        "nothing": "什么都不放",
        "Values": "多个值",
        "Value": "值",
        "Text": "文本",
        "List": "列表",
        "No value arrived.": "没有收到可以合并的值。",
        "Connect at least one block to this one.": "请至少把一个模块连到这里。",
    },
    "fr": {
        "Merge": "Réunir",
        "Joins several paths of the flow into one.": "Réunit plusieurs chemins du flux en un seul.",
        "Pass on": "Transmettre",
        "After a branch only one path has a value: choose the first one. Otherwise join them.": (
            "Après une bifurcation, un seul chemin apporte quelque chose : choisissez le premier. "
            "Sinon, assemblez-les."
        ),
        "the first one": "le premier",
        "all, joined into one text": "tous, assemblés en un texte",
        "all, as a list": "tous, en liste",
        "Separator": "Séparateur",
        "Text between the joined values.": "Ce qui sépare les valeurs quand elles sont assemblées en un texte.",
        "an empty line": "une ligne vide",
        "a new line": "un retour à la ligne",
        "a comma": "une virgule",
        "a space": "une espace",
        "nothing": "rien",
        "Values": "Valeurs",
        "Value": "Valeur",
        "Text": "Texte",
        "List": "Liste",
        "No value arrived.": "Aucune valeur n’est arrivée.",
        "Connect at least one block to this one.": "Reliez au moins un bloc à celui-ci.",
    },
}


@node_kind(
    id="merge",
    label="Merge",
    icon="merge",
    group="logic",
    relays=lambda config: {"values": ["value", "text"]} if config.mode == "first" else {},
    summarise=lambda config: MODE_LABELS[config.mode],
    texts=TEXTS,
)
def merge(config: Config, inputs: Inputs, ctx: NodeContext) -> Outputs:
    """Joins several paths of the flow into one."""
    values = inputs.values
    if not values and config.mode == "first":
        raise NodeError("No value arrived.", "Connect at least one block to this one.", code="merge.none")
    joined = SEPARATORS[config.separator].join(readable(value) for value in values)
    value = {"first": values[:1], "join": [joined], "list": [values]}[config.mode][0]
    return Outputs(value=value, text=readable(value) if config.mode == "first" else joined, items=values)
