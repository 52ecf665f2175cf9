"""Take one part out of structured data."""

from collections.abc import Iterable
from typing import Any

from pydantic import BaseModel, Field

from flowloom.errors import NodeError, Problem
from flowloom.kinds.context import NodeContext
from flowloom.kinds.kind import node_kind
from flowloom.nodes.data.json_paths import parse_path, pick
from flowloom.nodes.data.json_values import structured
from flowloom.nodes.readable import first_words, readable


class Config(BaseModel):
    path: str = Field(
        default="",
        title="Path",
        description=("The path to the part: names separated by dots, [0] for the first item, * for all items."),
        max_length=1_000,
        json_schema_extra={"example": "items[0].name"},
    )


class Inputs(BaseModel):
    data: Any = Field(title="Data")


class Outputs(BaseModel):
    value: Any = Field(title="Value")
    text: str = Field(title="Text")


def check(config: Config) -> Iterable[Problem]:
    try:
        parse_path(config.path)
    except NodeError as error:
        yield error.problem


TEXTS = {
    "zh": {
        "Pick from JSON": "从 JSON 中取值",
        "Picks one part out of structured data, such as the answer of a web service.": (
            "从结构化数据（例如网络服务的返回内容）中取出一部分。"
        ),
        "Path": "路径",
        "The path to the part: names separated by dots, [0] for the first item, * for all items.": (
            "通往那一部分的路径：名称之间用点号，[0] 表示第一项，* 表示全部。"
        ),
        "items[0].name": "items[0].name",
        "Data": "数据",
        "Value": "值",
        "Text": "文本",
    },
    "fr": {
        "Pick from JSON": "Extraire du JSON",
        "Picks one part out of structured data, such as the answer of a web service.": (
            "Extrait une partie de données structurées, par exemple de la réponse d’un service web."
        ),
        "Path": "Chemin",
        "The path to the part: names separated by dots, [0] for the first item, * for all items.": (
            "Le chemin vers cette partie : des noms séparés par des points, [0] pour le premier élément, * "
            "pour tous."
        ),
        "items[0].name": "items[0].name",
        "Data": "Données",
        "Value": "Valeur",
        "Text": "Texte",
    },
}


@node_kind(
    id="json.pick",
    label="Pick from JSON",
    icon="data_object",
    group="data",
    summarise=lambda config: first_words(config.path),
    check=check,
    texts=TEXTS,
)
def json_pick(config: Config, inputs: Inputs, ctx: NodeContext) -> Outputs:
    """Picks one part out of structured data, such as the answer of a web service."""
    value = pick(structured(inputs.data), config.path)
    return Outputs(value=value, text=readable(value))
