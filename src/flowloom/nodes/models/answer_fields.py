"""Named parts of a model's answer, each of which becomes an output: their rows, ports, schema and values."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from math import isfinite
from re import fullmatch
from typing import Any, Literal

from pydantic import BaseModel, Field
from pydantic.config import JsonDict
from pydantic_core import to_json

from flowloom.errors import NodeError, Problem
from flowloom.kinds.port import Port, PortType
from flowloom.locales import add_texts
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


add_texts(
    {
        "zh": {
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
            "text": "文本",
            "number": "数字",
            "yes or no": "是或否",
            "list of texts": "文本列表",
            "structured data": "结构化数据",
            "A field has no name.": "有一个字段没有名称。",
            "Give every field a name, or remove the row.": "请给每个字段起名，或删除这一行。",
            "Two fields are called “{name}”.": "有两个字段都叫“{name}”。",
            "Give each field its own name.": "请给每个字段起不同的名称。",
            "The model left out “{name}”.": "模型没有给出“{name}”。",
            "Describe the field more clearly, or do not require it.": "请把这个字段描述得更清楚，或取消“必填”。",
            "The model put something unfitting into “{name}”: {value}": "模型给“{name}”填了不合适的内容：{value}",
            "Describe the field more clearly, or choose another type.": "请把这个字段描述得更清楚，或换一个类型。",
        },
        "fr": {
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
                "Désactivé : le modèle peut l’omettre, et rien ne part alors par cette sortie."
            ),
            "text": "texte",
            "number": "nombre",
            "yes or no": "oui ou non",
            "list of texts": "liste de textes",
            "structured data": "données structurées",
            "A field has no name.": "Un champ n’a pas de nom.",
            "Give every field a name, or remove the row.": "Donnez un nom à chaque champ, ou supprimez la ligne.",
            "Two fields are called “{name}”.": "Deux champs s’appellent « {name} ».",
            "Give each field its own name.": "Donnez à chaque champ son propre nom.",
            "The model left out “{name}”.": "Le modèle a omis « {name} ».",
            "Describe the field more clearly, or do not require it.": (
                "Décrivez le champ plus clairement, ou ne le rendez pas obligatoire."
            ),
            "The model put something unfitting into “{name}”: {value}": (
                "Le modèle a mis une valeur qui ne convient pas dans « {name} » : {value}"
            ),
            "Describe the field more clearly, or choose another type.": (
                "Décrivez le champ plus clairement, ou choisissez un autre type."
            ),
        },
    }
)


def named_fields(rows: Iterable[AnswerField]) -> list[AnswerField]:
    """The rows that have a name; a row still being typed is no port yet."""
    return [row for row in rows if row.name.strip()]


def field_ports(rows: Sequence[AnswerField], taken: Sequence[str] = ()) -> Sequence[Port]:
    """An output for every named row; `taken` are the outputs a block has besides."""
    fields = named_fields(rows)
    ports = named_ports((field.name.strip() for field in fields), taken=taken)
    return [
        port.model_copy(update={"type": PORT_TYPES[field.type]}) for port, field in zip(ports, fields, strict=True)
    ]


def check_fields(rows: Sequence[AnswerField]) -> Iterable[Problem]:
    if len(named_fields(rows)) < len(rows):
        yield Problem.of(
            "model.unnamed_field", "A field has no name.", "Give every field a name, or remove the row."
        )
    for name in repeated(field.name.strip() for field in named_fields(rows)):
        yield Problem.of(
            "model.same_field", "Two fields are called “{name}”.", "Give each field its own name.", name=name
        )


def schema_keys(rows: Sequence[AnswerField], taken: Sequence[str] = ()) -> dict[str, AnswerField]:
    """The fields by the key a model sees: some providers take no letters beyond ASCII."""
    plain = r"[A-Za-z][A-Za-z0-9_-]{0,59}"
    return {
        port.id if fullmatch(plain, port.id) else f"_{number}": field
        for number, (port, field) in enumerate(zip(field_ports(rows, taken), named_fields(rows), strict=True), 1)
    }


def schema(keys: Mapping[str, AnswerField]) -> dict[str, Any]:
    properties = {
        key: {"title": field.name.strip(), "description": field.description or field.name.strip()}
        | SCHEMAS[field.type]
        for key, field in keys.items()
    }
    required = [key for key, field in keys.items() if field.required]
    return {"title": "Answer", "type": "object", "properties": properties, "required": required}


def values_of(
    rows: Sequence[AnswerField], found: Mapping[str, Any], taken: Sequence[str] = ()
) -> dict[str, tuple[str, Any]]:
    """The name and the value of each field that was found, by its output. Raises NodeError for what is unfit."""
    values: dict[str, tuple[str, Any]] = {}
    keys = schema_keys(rows, taken)
    for (key, field), port in zip(keys.items(), field_ports(rows, taken), strict=True):
        if found.get(key) is not None:
            values[port.id] = (field.name.strip(), shaped(field, found[key]))
        elif field.required:
            raise NodeError(
                "The model left out “{name}”.",
                "Describe the field more clearly, or do not require it.",
                code="model.field_missing",
                name=field.name,
            )
    return values


def lines_of(values: Mapping[str, tuple[str, Any]]) -> str:
    """All fields as a text to read."""
    return "\n".join(f"{name}: {readable(value)}" for name, value in values.values())


def json_of(rows: Sequence[AnswerField], values: Mapping[str, tuple[str, Any]]) -> str:
    """All fields as one JSON object, null for what was left out."""
    found = dict(values.values())
    return str(
        to_json({name: found.get(name) for name in (field.name.strip() for field in named_fields(rows))}), "utf-8"
    )


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
