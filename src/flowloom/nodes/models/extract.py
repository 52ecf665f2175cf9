"""Take named fields out of a text."""

from collections.abc import Iterable
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from flowloom.errors import NodeError, Problem
from flowloom.kinds.context import NodeContext
from flowloom.kinds.kind import ModelCalls, node_kind
from flowloom.kinds.values import ModelRequest
from flowloom.nodes.models.answer_fields import (
    AnswerField,
    check_fields,
    field_ports,
    lines_of,
    named_fields,
    schema,
    schema_keys,
    values_of,
)
from flowloom.nodes.models.asking import Instructions, ModelName, conversation
from flowloom.nodes.readable import first_words

TAKEN = ("data", "text")
TASK = "Take the fields out of the person's text. Use only what it says; leave out what it does not say."


class Config(BaseModel):
    fields: list[AnswerField] = Field(
        default_factory=lambda: [AnswerField()],
        title="Fields",
        description="What to look for in the text. Each becomes an output of this block.",
        max_length=50,
    )
    instructions: Instructions = ""
    model: ModelName = "default"


class Inputs(BaseModel):
    text: str = Field(title="Text")


class Outputs(BaseModel):
    model_config = ConfigDict(extra="allow")

    data: dict[str, Any] = Field(title="All fields")
    text: str = Field(title="As readable list")


def check(config: Config) -> Iterable[Problem]:
    yield from check_fields(config.fields)
    if not config.fields:
        yield Problem.of("extract.no_fields", "There are no fields.", "Add one under Fields.")


TEXTS = {
    "zh": {
        "Extract fields": "提取字段",
        "Extracts details from a text, each with its own output.": (
            "读一段文本，把你命名的各项信息分别从各自的输出传出。"
        ),
        "Fields": "字段",
        "What to look for in the text. Each becomes an output of this block.": (
            "要在文本中找什么；每一项都会成为这个模块的一个输出。"
        ),
        "Text": "文本",
        "All fields": "所有字段",
        "As readable list": "可读列表",
        "There are no fields.": "没有要查找的字段。",
        "Add one under Fields.": "请在“字段”下添加一个。",
        "The text to extract fields from is missing.": "没有可以提取字段的文本。",
        "The incoming text is empty. Check the block before this one.": "传来的文本是空的。请检查前一个模块。",
    },
    "fr": {
        "Extract fields": "Extraire des champs",
        "Extracts details from a text, each with its own output.": (
            "Lit un texte et transmet les détails que vous nommez, chacun par sa propre sortie."
        ),
        "Fields": "Champs",
        "What to look for in the text. Each becomes an output of this block.": (
            "Ce qu’il faut chercher dans le texte ; chaque champ devient une sortie du bloc."
        ),
        "Text": "Texte",
        "All fields": "Tous les champs",
        "As readable list": "Liste lisible",
        "There are no fields.": "Il n’y a aucun champ à chercher.",
        "Add one under Fields.": "Ajoutez-en un sous « Champs ».",
        "The text to extract fields from is missing.": "Il n’y a pas de texte d’où extraire des champs.",
        "The incoming text is empty. Check the block before this one.": (
            "Le texte reçu est vide. Vérifiez le bloc précédent."
        ),
    },
}


@node_kind(
    id="extract",
    label="Extract fields",
    icon="data_object",
    group="models",
    effects=frozenset({"spends money"}),
    calls=lambda config, tools: [ModelCalls(config.model, 1, 1)],
    summarise=lambda config: first_words(" · ".join(field.name for field in named_fields(config.fields))),
    check=check,
    tune="fields",
    dynamic_outputs=lambda config: field_ports(config.fields, TAKEN),
    texts=TEXTS,
)
async def extract(config: Config, inputs: Inputs, ctx: NodeContext) -> Outputs:
    """Extracts details from a text, each with its own output."""
    if not inputs.text.strip():
        raise NodeError(
            "The text to extract fields from is missing.",
            "The incoming text is empty. Check the block before this one.",
            code="extract.empty",
        )
    request = ModelRequest(
        messages=conversation(inputs.text, (TASK, config.instructions)),
        model=config.model,
        temperature=0,
        response_schema=schema(schema_keys(config.fields, TAKEN)),
    )
    reply = await ctx.models.reply(request, lambda piece: None)
    ctx.spend(reply.usage)
    found = values_of(config.fields, reply.fields, TAKEN)
    record = dict(found.values())
    return Outputs(data=record, text=lines_of(found), **{port: value for port, (_, value) in found.items()})
