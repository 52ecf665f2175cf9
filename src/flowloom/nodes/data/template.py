"""A text with values, conditions and loops in it."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from pydantic import BaseModel, Field

from flowloom.errors import NodeError, Problem
from flowloom.kinds.context import NodeContext
from flowloom.kinds.kind import OpenPorts, node_kind
from flowloom.kinds.port import Port
from flowloom.nodes.data.json_values import plain
from flowloom.nodes.data.sandbox import FAILURES, MAX_OUTPUT, LimitError, names_in_template, render
from flowloom.nodes.readable import first_words


class Config(BaseModel):
    template: str = Field(
        default="Hello {{ name }}!",
        title="Template",
        description=(
            "{{ name }} inserts a value and becomes an input. Use {% if … %} and {% for … %} for "
            "conditions and loops."
        ),
        max_length=20_000,
        json_schema_extra={
            "widget": "prompt",
            "tags": True,
            "example": "{% for item in items %}- {{ item.name }}: {{ item.price }}\n{% endfor %}",
        },
    )


Inputs = OpenPorts


class Outputs(BaseModel):
    text: str = Field(title="Text")


def value_ports(config: Config) -> Sequence[Port]:
    try:
        return [Port(id=name, label=name, verbatim=True) for name in names_in_template(config.template)]
    except FAILURES:
        return []


def check(config: Config) -> Iterable[Problem]:
    if not config.template.strip():
        yield Problem.of("template.empty", "The template is empty.", "Enter the text to create.")
    try:
        names_in_template(config.template)
    except FAILURES as error:
        yield unreadable(error).problem


def unreadable(error: BaseException) -> NodeError:
    return NodeError(
        "This template doesn’t work: {reason}",
        "Check its braces and names. Templates can only insert values and use conditions and loops.",
        code="template.unreadable",
        reason=first_words(str(error) or type(error).__name__, 200),
    )


TEXTS = {
    "zh": {
        "Template": "模板",
        "Creates a text from values, with conditions and loops.": (
            "用各种值写出一段文本，需要时可以加入条件和重复。"
        ),
        (
            "{{ name }} inserts a value and becomes an input. Use {% if … %} and {% for … %} for "
            "conditions and loops."
        ): ("要写的文本。{{ name }} 会填入一个值并成为一个输入；{% if … %} 和 {% for … %} 用来选择和重复。"),
        "{% for item in items %}- {{ item.name }}: {{ item.price }}\n{% endfor %}": (
            "{% for item in items %}- {{ item.名称 }}：{{ item.价格 }}\n{% endfor %}"
        ),
        "Text": "文本",
        "The template is empty.": "模板是空的。",
        "Enter the text to create.": "请写下要生成的文本。",
        "This template doesn’t work: {reason}": "这个模板无法使用：{reason}",
        "Check its braces and names. Templates can only insert values and use conditions and loops.": (
            "请检查花括号和名称。模板只能填入值、选择和重复。"
        ),
        "This template creates too much text.": "这个模板超出了限制。",
        "The limit is {limit} characters and one second.": "文本最多 {limit} 个字符，处理时间最多一秒。",
    },
    "fr": {
        "Template": "Gabarit",
        "Creates a text from values, with conditions and loops.": (
            "Rédige un texte à partir de valeurs, avec des conditions et des répétitions au besoin."
        ),
        (
            "{{ name }} inserts a value and becomes an input. Use {% if … %} and {% for … %} for "
            "conditions and loops."
        ): (
            "Le texte à rédiger. {{ name }} y place une valeur et devient une entrée ; "
            "{% if … %} et {% for … %} choisissent et répètent."
        ),
        "{% for item in items %}- {{ item.name }}: {{ item.price }}\n{% endfor %}": (
            "{% for item in items %}- {{ item.nom }} : {{ item.prix }}\n{% endfor %}"
        ),
        "Text": "Texte",
        "The template is empty.": "Le gabarit est vide.",
        "Enter the text to create.": "Écrivez le texte qu’il doit produire.",
        "This template doesn’t work: {reason}": "Ce gabarit ne fonctionne pas : {reason}",
        "Check its braces and names. Templates can only insert values and use conditions and loops.": (
            "Vérifiez ses accolades et ses noms. Un gabarit peut placer des valeurs, choisir et répéter, "
            "rien d’autre."
        ),
        "This template creates too much text.": "Ce gabarit dépasse les limites.",
        "The limit is {limit} characters and one second.": (
            "Le maximum est un texte de {limit} caractères et une seconde de travail."
        ),
    },
}


def write(config: Config, values: Mapping[str, Any]) -> str:
    """The template filled in. Raises NodeError where it does not work or asks for too much."""
    try:
        return render(config.template, {name: plain(value) for name, value in values.items()})
    except LimitError as error:
        raise NodeError(
            "This template creates too much text.",
            "The limit is {limit} characters and one second.",
            code="template.limit",
            limit=MAX_OUTPUT,
        ) from error
    except FAILURES as error:
        raise unreadable(error) from error


@node_kind(
    id="template",
    label="Template",
    icon="integration_instructions",
    group="data",
    summarise=lambda config: first_words(config.template),
    check=check,
    # Its values may be counted, sorted or left out, so they bear no mark.
    preview=lambda config, values, mark: write(config, values),
    dynamic_inputs=value_ports,
    tune="template",
    texts=TEXTS,
)
def template(config: Config, inputs: OpenPorts, ctx: NodeContext) -> Outputs:
    """Creates a text from values, with conditions and loops."""
    return Outputs(text=write(config, inputs.model_extra or {}))
