"""Ask a language model, for a text or for named fields."""

from collections.abc import Callable, Iterable, Sequence
from math import isfinite
from re import fullmatch
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field
from pydantic.config import JsonDict

from flowloom.errors import NodeError, Problem
from flowloom.kinds.context import NodeContext
from flowloom.kinds.kind import ModelCalls, node_kind
from flowloom.kinds.port import Port, PortType
from flowloom.kinds.values import Message, ModelRequest, Passage
from flowloom.nodes.models.asking import HistoryTurns, Instructions, ModelName, Temperature, conversation
from flowloom.nodes.models.recollection import Memory, Recollection, recollect, summary_calls
from flowloom.nodes.numbers import parse_number
from flowloom.nodes.port_names import named_ports, repeated
from flowloom.nodes.readable import first_words, readable
from flowloom.nodes.yes_no import parse_yes_no

FieldType = Literal["text", "number", "yes_no", "list", "json"]
FIELD_LABELS: JsonDict = {
    "text": "text",
    "number": "number",
    "yes_no": "yes or no",
    "list": "list of texts",
    "json": "structured data",
}
PORT_TYPES = {
    "text": PortType.TEXT,
    "number": PortType.NUMBER,
    "yes_no": PortType.BOOLEAN,
    "list": PortType.LIST,
    "json": PortType.JSON,
}
SCHEMAS: dict[str, dict[str, Any]] = {
    "text": {"type": "string"},
    "number": {"type": "number"},
    "yes_no": {"type": "boolean"},
    "list": {"type": "array", "items": {"type": "string"}},
    "json": {"type": "object"},
}


class AnswerField(BaseModel):
    """One thing to pull out of the answer."""

    name: str = Field(
        default="",
        title="Name",
        description="What this part of the answer is called. It becomes an output.",
        max_length=80,
        json_schema_extra={"example": "Order number"},
    )
    type: FieldType = Field(
        default="text",
        title="Type",
        description="What kind of value it is.",
        json_schema_extra={"labels": FIELD_LABELS},
    )
    description: str = Field(
        default="",
        title="Description",
        description="Tells the model what to put here.",
        max_length=2_000,
        json_schema_extra={"example": "The number on the invoice, without spaces"},
    )
    required: bool = Field(
        default=True,
        title="Required",
        description="Off: the model may leave it out, and then nothing leaves by this output.",
    )


class Config(BaseModel):
    instructions: Instructions = ""
    model: ModelName = "default"
    temperature: Temperature = None
    memory: Memory = "turns"
    history_turns: HistoryTurns = 10
    fields: list[AnswerField] = Field(
        default_factory=list,
        title="Fields",
        description="Ask for named parts instead of free text; each one becomes an output of this block.",
        max_length=50,
    )


class Inputs(BaseModel):
    prompt: str = Field(title="Prompt")
    history: list[Message] = Field(default_factory=list, title="Conversation so far")
    passages: list[Passage] | None = Field(default=None, title="Passages")


class Outputs(BaseModel):
    model_config = ConfigDict(extra="allow")

    answer: str = Field(title="Answer")


def named_fields(config: Config) -> list[AnswerField]:
    """The rows that have a name; a row still being typed is no port yet."""
    return [field for field in config.fields if field.name.strip()]


def field_ports(config: Config) -> Sequence[Port]:
    fields = named_fields(config)
    ports = named_ports((field.name.strip() for field in fields), taken=("answer",))
    return [
        port.model_copy(update={"type": PORT_TYPES[field.type]}) for port, field in zip(ports, fields, strict=True)
    ]


def check(config: Config) -> Iterable[Problem]:
    if len(named_fields(config)) < len(config.fields):
        yield Problem.of(
            "model.unnamed_field", "A field has no name.", "Give every field a name, or remove the row."
        )
    for name in repeated(field.name.strip() for field in named_fields(config)):
        yield Problem.of(
            "model.same_field", "Two fields are called “{name}”.", "Give each field its own name.", name=name
        )


TEXTS = {
    "zh": {
        "Asks a language model and hands on its answer, as text or as the fields you name.": (
            "向语言模型提问并传出它的回答，可以是文本，也可以是你命名的字段。"
        ),
        "Prompt": "提示词",
        "Passages": "段落",
        "Answer": "回答",
        "Conversation so far": "之前的对话",
        "Name": "名称",
        "What this part of the answer is called. It becomes an output.": (
            "回答中这一部分的名称，它会成为一个输出。"
        ),
        "Order number": "订单号",
        "Type": "类型",
        "What kind of value it is.": "这个值属于哪一类。",
        "Description": "描述",
        "Tells the model what to put here.": "告诉模型这里该填什么。",
        "The number on the invoice, without spaces": "发票上的号码，不带空格",
        "Required": "必填",
        "Off: the model may leave it out, and then nothing leaves by this output.": (
            "关闭后，模型可以不填；那样这个输出就不会传出任何内容。"
        ),
        "Fields": "字段",
        "Ask for named parts instead of free text; each one becomes an output of this block.": (
            "不要自由文本，而是要几个命名的部分；每个部分都会成为这个模块的一个输出。"
        ),
        "text": "文本",
        "number": "数字",
        "yes or no": "是或否",
        "list of texts": "文本列表",
        "structured data": "结构化数据",
        "A field has no name.": "有一个字段没有名称。",
        "Give every field a name, or remove the row.": "请给每个字段起名，或删除这一行。",
        "Two fields are called “{name}”.": "有两个字段都叫“{name}”。",
        "Give each field its own name.": "请给每个字段起不同的名称。",
        "There is nothing to ask the model.": "没有可以问模型的内容。",
        "The text that arrived is empty. Look at the block before this one.": (
            "传来的文本是空的。请检查前一个模块。"
        ),
        "The model left out “{name}”.": "模型没有给出“{name}”。",
        "Describe the field more clearly, or do not require it.": "请把这个字段描述得更清楚，或取消“必填”。",
        "The model put something unfitting into “{name}”: {value}": "模型给“{name}”填了不合适的内容：{value}",
        "Describe the field more clearly, or choose another type.": ("请把这个字段描述得更清楚，或换一个类型。"),
    },
    "fr": {
        "Asks a language model and hands on its answer, as text or as the fields you name.": (
            "Interroge un modèle de langage et transmet sa réponse, en texte ou dans les champs que vous nommez."
        ),
        "Prompt": "Consigne",
        "Passages": "Passages",
        "Answer": "Réponse",
        "Conversation so far": "Conversation jusqu’ici",
        "Name": "Nom",
        "What this part of the answer is called. It becomes an output.": (
            "Le nom de cette partie de la réponse. Il devient une sortie."
        ),
        "Order number": "Numéro de commande",
        "Type": "Type",
        "What kind of value it is.": "De quelle sorte de valeur il s’agit.",
        "Description": "Description",
        "Tells the model what to put here.": "Indique au modèle ce qu’il doit mettre ici.",
        "The number on the invoice, without spaces": "Le numéro de la facture, sans espaces",
        "Required": "Obligatoire",
        "Off: the model may leave it out, and then nothing leaves by this output.": (
            "Désactivé : le modèle peut l’omettre, et rien ne part alors par cette sortie."
        ),
        "Fields": "Champs",
        "Ask for named parts instead of free text; each one becomes an output of this block.": (
            "Demander des parties nommées plutôt qu’un texte libre ; chacune devient une sortie du bloc."
        ),
        "text": "texte",
        "number": "nombre",
        "yes or no": "oui ou non",
        "list of texts": "liste de textes",
        "structured data": "données structurées",
        "A field has no name.": "Un champ n’a pas de nom.",
        "Give every field a name, or remove the row.": "Donnez un nom à chaque champ, ou supprimez la ligne.",
        "Two fields are called “{name}”.": "Deux champs s’appellent « {name} ».",
        "Give each field its own name.": "Donnez à chaque champ son propre nom.",
        "There is nothing to ask the model.": "Il n’y a rien à demander au modèle.",
        "The text that arrived is empty. Look at the block before this one.": (
            "Le texte reçu est vide. Vérifiez le bloc précédent."
        ),
        "The model left out “{name}”.": "Le modèle a omis « {name} ».",
        "Describe the field more clearly, or do not require it.": (
            "Décrivez le champ plus clairement, ou ne le rendez pas obligatoire."
        ),
        "The model put something unfitting into “{name}”: {value}": (
            "Le modèle a mis une valeur qui ne convient pas dans « {name} » : {value}"
        ),
        "Describe the field more clearly, or choose another type.": (
            "Décrivez le champ plus clairement, ou choisissez un autre type."
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
    summarise=lambda config: first_words(config.instructions) or config.model,
    tune="instructions",
    check=check,
    dynamic_outputs=field_ports,
    texts=TEXTS,
)
async def model(config: Config, inputs: Inputs, ctx: NodeContext) -> Outputs:
    """Asks a language model and hands on its answer, as text or as the fields you name."""
    if not inputs.prompt.strip():
        raise NodeError(
            "There is nothing to ask the model.",
            "The text that arrived is empty. Look at the block before this one.",
            code="model.nothing_to_ask",
        )
    keys = schema_keys(config)
    before = await recollect(config, inputs.history, ctx)
    # Pieces of a structured reply are raw JSON, which nobody should see.
    reply = await ctx.models.reply(
        make_request(config, inputs, ctx, keys, before),
        (lambda piece: None) if keys else (lambda piece: ctx.stream("answer", piece)),
    )
    ctx.spend(reply.usage)
    return fields_of(config, keys, reply.fields) if keys else Outputs(answer=reply.text)


def make_request(
    config: Config, inputs: Inputs, ctx: NodeContext, keys: dict[str, AnswerField], before: Recollection
) -> ModelRequest:
    instructions = (ctx.instructions, config.instructions, before.instruction)
    return ModelRequest(
        messages=conversation(inputs.prompt, instructions, before.said, len(before.said), inputs.passages),
        model=config.model,
        temperature=config.temperature,
        response_schema=schema(keys) if keys else None,
        passages=inputs.passages or (),
    )


def schema_keys(config: Config) -> dict[str, AnswerField]:
    """The fields by the key a model sees: some providers take no letters beyond ASCII."""
    ports = field_ports(config)
    plain = r"[A-Za-z][A-Za-z0-9_-]{0,59}"
    return {
        port.id if fullmatch(plain, port.id) else f"_{number}": field
        for number, (port, field) in enumerate(zip(ports, named_fields(config), strict=True), 1)
    }


def schema(keys: dict[str, AnswerField]) -> dict[str, Any]:
    properties = {
        key: {"title": field.name.strip(), "description": field.description or field.name.strip()}
        | SCHEMAS[field.type]
        for key, field in keys.items()
    }
    required = [key for key, field in keys.items() if field.required]
    return {"title": "Answer", "type": "object", "properties": properties, "required": required}


def fields_of(config: Config, keys: dict[str, AnswerField], found: dict[str, Any]) -> Outputs:
    """The fields as outputs, each in its type, and all of them as a text to read."""
    values: dict[str, Any] = {}
    lines: list[str] = []
    for (key, field), port in zip(keys.items(), field_ports(config), strict=True):
        if found.get(key) is not None:
            values[port.id] = shaped(field, found[key])
            lines.append(f"{field.name.strip()}: {readable(values[port.id])}")
        elif field.required:
            raise NodeError(
                "The model left out “{name}”.",
                "Describe the field more clearly, or do not require it.",
                code="model.field_missing",
                name=field.name,
            )
    return Outputs(answer="\n".join(lines), **values)


def shaped(field: AnswerField, value: Any) -> Any:
    """A value in its field's type, where it can be read as one."""
    found = READERS[field.type](value)
    if found is None:
        raise NodeError(
            "The model put something unfitting into “{name}”: {value}",
            "Describe the field more clearly, or choose another type.",
            code="model.field_type",
            name=field.name,
            value=first_words(readable(value), 80),
        )
    return found


def read_number(value: Any) -> float | None:
    if isinstance(value, str):
        return parse_number(value)
    return value if isinstance(value, int | float) and isfinite(value) else None


READERS: dict[str, Callable[[Any], Any]] = {
    "text": readable,
    "number": read_number,
    "yes_no": parse_yes_no,
    "list": lambda value: value if isinstance(value, list) else [value],
    "json": lambda value: value,
}
