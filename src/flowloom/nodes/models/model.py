"""Ask a language model, for a text or for named fields."""

from collections.abc import Mapping, Sequence
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field
from pydantic.config import JsonDict

from flowloom.errors import NodeError
from flowloom.kinds.context import NodeContext
from flowloom.kinds.kind import ModelCalls, node_kind
from flowloom.kinds.values import Message, ModelRequest, Passage
from flowloom.nodes.models.answer_fields import (
    AnswerField,
    check_fields,
    field_ports,
    json_of,
    lines_of,
    schema,
    schema_keys,
    values_of,
)
from flowloom.nodes.models.asking import (
    HistoryTurns,
    Instructions,
    ModelName,
    Temperature,
    conversation,
    guidance,
    named_model,
    recent,
)
from flowloom.nodes.models.examples import ShowsExamples, told_examples
from flowloom.nodes.models.message_rows import MessageRows, row_ports, written_out
from flowloom.nodes.models.recollection import Memory, Recollection, recollect, summary_calls
from flowloom.nodes.readable import first_words

TAKEN = ("answer",)
AnswerAs = Literal["lines", "json"]
ANSWER_LABELS: JsonDict = {"lines": "a line for each field", "json": "JSON"}


class Config(BaseModel):
    instructions: Instructions = ""
    model: ModelName = "default"
    temperature: Temperature = None
    memory: Memory = "turns"
    history_turns: HistoryTurns = 10
    messages: MessageRows
    examples: ShowsExamples = True
    fields: list[AnswerField] = Field(
        default_factory=list,
        title="Fields",
        description="Asks for named parts instead of free text. Each becomes an output of this block.",
        max_length=50,
    )
    answer_as: AnswerAs = Field(
        default="lines",
        title="Whole answer",
        description="With fields: how they read together, for people or for another program.",
        json_schema_extra={"labels": ANSWER_LABELS},
    )


class Inputs(BaseModel):
    model_config = ConfigDict(extra="allow")

    prompt: str = Field(default="", title="Prompt")
    history: list[Message] = Field(default_factory=list, title="Conversation so far")
    passages: list[Passage] | None = Field(default=None, title="Passages")


class Outputs(BaseModel):
    model_config = ConfigDict(extra="allow")

    answer: str = Field(title="Answer")


TEXTS = {
    "zh": {
        "Asks a language model and returns its answer, as text or as fields.": (
            "向语言模型提问并传出它的回答，可以是文本，也可以是你命名的字段。"
        ),
        "Prompt": "提示词",
        "Passages": "段落",
        "Answer": "回答",
        "Conversation so far": "之前的对话",
        "Fields": "字段",
        "Whole answer": "完整回答",
        "With fields: how they read together, for people or for another program.": (
            "有字段时：它们合在一起怎样呈现，给人看或给另一个程序用。"
        ),
        "a line for each field": "每个字段一行",
        "Asks for named parts instead of free text. Each becomes an output of this block.": (
            "不要自由文本，而是要几个命名的部分；每个部分都会成为这个模块的一个输出。"
        ),
        "The prompt for the model is missing.": "没有可以问模型的内容。",
        "The incoming text is empty. Check the block before this one.": "传来的文本是空的。请检查前一个模块。",
    },
    "fr": {
        "Asks a language model and returns its answer, as text or as fields.": (
            "Interroge un modèle de langage et transmet sa réponse, en texte ou dans les champs que vous nommez."
        ),
        "Prompt": "Consigne",
        "Passages": "Passages",
        "Answer": "Réponse",
        "Conversation so far": "Conversation jusqu’ici",
        "Fields": "Champs",
        "Whole answer": "Réponse entière",
        "With fields: how they read together, for people or for another program.": (
            "Avec des champs : leur présentation d’ensemble, pour des personnes ou pour un autre programme."
        ),
        "a line for each field": "une ligne par champ",
        "Asks for named parts instead of free text. Each becomes an output of this block.": (
            "Demander des parties nommées plutôt qu’un texte libre ; chacune devient une sortie du bloc."
        ),
        "The prompt for the model is missing.": "Il n’y a rien à demander au modèle.",
        "The incoming text is empty. Check the block before this one.": (
            "Le texte reçu est vide. Vérifiez le bloc précédent."
        ),
    },
}


@node_kind(
    id="model",
    label="Model",
    icon="smart_toy",
    group="models",
    effects=frozenset({"spends money"}),
    calls=lambda config, tools: [ModelCalls(config.model, 1, 1), *summary_calls(config)],
    summarise=lambda config: first_words(config.instructions) or named_model(config.model),
    tune="instructions",
    check=lambda config: check_fields(config.fields),
    dynamic_inputs=lambda config: row_ports(config.messages, "prompt", "Prompt"),
    dynamic_outputs=lambda config: field_ports(config.fields, TAKEN),
    texts=TEXTS,
)
async def model(config: Config, inputs: Inputs, ctx: NodeContext) -> Outputs:
    """Asks a language model and returns its answer, as text or as fields."""
    before = await recollect(config, inputs.history, ctx)
    # Where parts are asked for, examples of whole answers would mislead.
    shown = await told_examples(ctx, inputs.prompt) if config.examples and not config.fields else ""
    messages = messages_of(config, inputs, ctx, before, shown)
    keys = schema_keys(config.fields, TAKEN)
    # Pieces of a structured reply are raw JSON, which nobody should see.
    reply = await ctx.models.reply(
        make_request(config, inputs, keys, messages),
        (lambda piece: None) if keys else (lambda piece: ctx.stream("answer", piece)),
    )
    ctx.spend(reply.usage)
    if not keys:
        return Outputs(answer=reply.text)
    found = values_of(config.fields, reply.fields, TAKEN)
    answer = json_of(config.fields, found) if config.answer_as == "json" else lines_of(found)
    return Outputs(answer=answer, **{port: value for port, (_, value) in found.items()})


def messages_of(
    config: Config, inputs: Inputs, ctx: NodeContext, before: Recollection, examples: str = ""
) -> list[Message]:
    """What is sent: the messages written out, or else instructions and the prompt. Raises NodeError for nothing."""
    instructions = (ctx.instructions, config.instructions, examples, before.instruction)
    if not config.messages:
        if inputs.prompt.strip():
            return conversation(inputs.prompt, instructions, before.said, len(before.said), inputs.passages)
        raise NodeError(
            "The prompt for the model is missing.",
            "The incoming text is empty. Check the block before this one.",
            code="model.nothing_to_ask",
        )
    values = {"prompt": inputs.prompt, **(inputs.model_extra or {})}
    said = written_out(config.messages, values, recent(before.said, len(before.said)), "prompt")
    return [*guidance(instructions, inputs.passages), *said]


def make_request(
    config: Config, inputs: Inputs, keys: Mapping[str, AnswerField], messages: Sequence[Message]
) -> ModelRequest:
    return ModelRequest(
        messages=messages,
        model=config.model,
        temperature=config.temperature,
        response_schema=schema(keys) if keys else None,
        passages=inputs.passages,
    )
