"""A prompt with placeholders, each of which is an input."""

from collections.abc import Iterable, Mapping
from typing import Any

from pydantic import BaseModel, Field

from flowloom.errors import Problem
from flowloom.kinds.context import NodeContext
from flowloom.kinds.kind import Mark, OpenPorts, node_kind
from flowloom.nodes.readable import first_words, readable
from flowloom.nodes.templates import fill, text_ports


class Config(BaseModel):
    template: str = Field(
        default="{{message}}",
        title="Prompt",
        description="What to ask the model. Each {{name}} in double braces becomes an input of this block.",
        max_length=100_000,
        json_schema_extra={
            "widget": "prompt",
            "improvable": True,
            "example": "Translate this into simple words: {{message}}",
        },
    )


Inputs = OpenPorts


class Outputs(BaseModel):
    prompt: str = Field(title="Prompt")


def preview(config: Config, values: Mapping[str, Any], mark: Mark) -> str:
    return fill(config.template, values, lambda place, value: mark(readable(value)))


def check(config: Config) -> Iterable[Problem]:
    if not config.template.strip():
        yield Problem.of("prompt.empty", "The prompt is empty.", "Enter what the model should do.")


TEXTS = {
    "zh": {
        "Prompt": "提示词",
        "The text sent to the model, filled in from other blocks.": (
            "写好要问模型的文本，并把其他模块的内容填到指定位置。"
        ),
        "What to ask the model. Each {{name}} in double braces becomes an input of this block.": (
            "要问模型的内容。双花括号里的每个 {{name}} 都会成为这个模块的一个输入。"
        ),
        "Translate this into simple words: {{message}}": "请用简单的话改写：{{message}}",
        "The prompt is empty.": "提示词是空的。",
        "Enter what the model should do.": "请写下模型该做什么。",
    },
    "fr": {
        "Prompt": "Consigne",
        "The text sent to the model, filled in from other blocks.": (
            "Rédige le texte adressé au modèle, en y plaçant les valeurs venues d’autres blocs."
        ),
        "What to ask the model. Each {{name}} in double braces becomes an input of this block.": (
            "Ce qu’il faut demander au modèle. Chaque {{name}} entre doubles accolades devient une entrée du bloc."
        ),
        "Translate this into simple words: {{message}}": "Reformule ceci avec des mots simples : {{message}}",
        "The prompt is empty.": "La consigne est vide.",
        "Enter what the model should do.": "Écrivez ce que le modèle doit faire.",
    },
}


@node_kind(
    id="prompt",
    label="Prompt",
    icon="edit_note",
    group="models",
    summarise=lambda config: first_words(config.template),
    check=check,
    preview=preview,
    tune="template",
    dynamic_inputs=lambda config: text_ports(config.template),
    texts=TEXTS,
)
def prompt(config: Config, inputs: OpenPorts, ctx: NodeContext) -> Outputs:
    """The text sent to the model, filled in from other blocks."""
    return Outputs(prompt=fill(config.template, inputs.model_extra or {}))
