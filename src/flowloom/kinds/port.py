"""Typed ports, derived from the annotations of a kind's Inputs and Outputs, and what may join what."""

import json
from collections.abc import Callable, Iterable
from enum import StrEnum
from functools import lru_cache
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, TypeVar, Union, get_args, get_origin

from pydantic import BaseModel, ConfigDict, TypeAdapter
from pydantic.fields import FieldInfo
from pydantic_core import to_json, to_jsonable_python

from flowloom.kinds.media import Picture
from flowloom.kinds.values import Attachment, Message, Passage
from flowloom.locales import Verbatim

T = TypeVar("T")


class PortType(StrEnum):
    """What travels along an edge; the value is what the flow file and the canvas say."""

    TEXT = "text"
    NUMBER = "number"
    BOOLEAN = "boolean"
    JSON = "json"
    LIST = "list"
    MESSAGES = "messages"
    PASSAGES = "passages"
    FILE = "file"
    IMAGE = "image"
    TOOL = "tool"
    ANY = "any"


EMPTY: dict[PortType, Any] = {
    PortType.TEXT: "",
    PortType.ANY: "",
    PortType.LIST: [],
    PortType.MESSAGES: [],
    PortType.PASSAGES: [],
}
"""What an input of a loop holds in the first round, where only later rounds bring something."""


class Many:
    """Marks an input that gathers the values of all its live edges: `documents: Annotated[list[str], Many()]`."""


class Tools:
    """Marks an input that takes tools by `tool` edges rather than values."""


class Port(BaseModel):
    """One named connection point of a node. `label` is an English source text, or `verbatim` a person's words."""

    model_config = ConfigDict(frozen=True)

    id: str
    label: str
    type: PortType = PortType.ANY
    required: bool = True
    many: bool = False
    verbatim: bool = False

    @property
    def said(self) -> str:
        """The label, marked where it must not be translated."""
        return Verbatim(self.label) if self.verbatim else self.label


TYPE_LABELS = {
    PortType.TEXT: "text",
    PortType.NUMBER: "a number",
    PortType.BOOLEAN: "yes or no",
    PortType.JSON: "structured data",
    PortType.LIST: "a list",
    PortType.MESSAGES: "messages",
    PortType.PASSAGES: "passages",
    PortType.FILE: "a file",
    PortType.IMAGE: "a picture",
    PortType.TOOL: "a tool",
    PortType.ANY: "anything",
}


@lru_cache(1024)
def ports_of(model: type[BaseModel]) -> tuple[Port, ...]:
    """The ports a kind's Inputs or Outputs declare, in the order they are written."""
    return tuple(_port(name, field) for name, field in model.model_fields.items())


def _port(name: str, field: FieldInfo) -> Port:
    many = any(isinstance(mark, Many) for mark in field.metadata)
    tools = any(isinstance(mark, Tools) for mark in field.metadata)
    annotation = (get_args(field.annotation) or (Any,))[0] if many else field.annotation
    return Port(
        id=name,
        label=field.title or name.replace("_", " ").capitalize(),
        type=PortType.TOOL if tools else type_of(annotation),
        required=field.is_required(),
        many=many or tools,
    )


def type_of(annotation: Any) -> PortType:
    """The port type of a Python annotation."""
    origin = get_origin(annotation)
    if origin is Annotated:
        return type_of(get_args(annotation)[0])
    if origin in (Union, UnionType):
        options = {type_of(option) for option in get_args(annotation) if option is not NoneType}
        return options.pop() if len(options) == 1 else PortType.ANY
    if origin is Literal:
        return PortType.TEXT
    if origin is list:
        return _LISTS.get(get_args(annotation)[0], PortType.LIST)
    return _SCALARS.get(origin or annotation, PortType.ANY)


_SCALARS: dict[Any, PortType] = {
    str: PortType.TEXT,
    int: PortType.NUMBER,
    float: PortType.NUMBER,
    bool: PortType.BOOLEAN,
    dict: PortType.JSON,
    list: PortType.LIST,
    Attachment: PortType.FILE,
    Picture: PortType.IMAGE,
}
_LISTS: dict[Any, PortType] = {Message: PortType.MESSAGES, Passage: PortType.PASSAGES}


def as_text(value: Any) -> str:
    """Any value as a person would read it: text as it is, lists a line each, the rest as JSON."""
    match value:
        case str():
            return value
        case bool():
            return "yes" if value else "no"
        case None:
            return ""
        case float() if value.is_integer() and abs(value) < 1e15:
            return str(int(value))
        case int() | float():
            return str(value)
        case Attachment():
            return value.text
        case Passage():
            return f"[{value.place}] {value.text}"
        case Message():
            return f"{value.role}: {value.text}"
        case list() | tuple():
            return "\n".join(as_text(item) for item in value)
        case _:
            return to_json(value, fallback=str).decode()


def _as_number(value: Any) -> float:
    return NUMBER.validate_python(value.strip() if isinstance(value, str) else value)


def _as_json(value: Any) -> Any:
    return json.loads(value) if isinstance(value, str) else to_jsonable_python(value)


NUMBER = TypeAdapter(float)

Coercion = Callable[[Any], Any]


def _as_file(value: Any) -> Any:
    return value


def _first_of(value: Any) -> Any:
    """The first of a list, as the message block hands on all its files."""
    if not value:
        raise ValueError
    return value[0]


def _first_picture(value: Any) -> Any:
    return _first_of([file for file in value if getattr(file, "media_type", "").startswith("image/")])


_TEXT, _LIST, _FILE, _IMAGE = PortType.TEXT, PortType.LIST, PortType.FILE, PortType.IMAGE
COERCIONS: dict[tuple[PortType, PortType], Coercion] = {
    **{
        (source, _TEXT): as_text
        for source in PortType
        if source not in (_TEXT, PortType.TOOL, PortType.ANY, PortType.IMAGE)
    },
    (_TEXT, PortType.NUMBER): _as_number,
    (_TEXT, PortType.JSON): _as_json,
    (_LIST, PortType.JSON): _as_json,
    (PortType.NUMBER, PortType.JSON): _as_json,
    (PortType.BOOLEAN, PortType.JSON): _as_json,
    (PortType.MESSAGES, PortType.JSON): _as_json,
    (PortType.PASSAGES, PortType.JSON): _as_json,
    (PortType.PASSAGES, _LIST): list,
    (PortType.MESSAGES, _LIST): list,
    **{
        (source, _LIST): (lambda value: [value])
        for source in (_TEXT, PortType.NUMBER, PortType.BOOLEAN, PortType.JSON, _FILE, _IMAGE)
    },
    # Which file is a picture is told by its content, where it is read.
    (_IMAGE, _FILE): _as_file,
    (_FILE, _IMAGE): _as_file,
    (_LIST, _FILE): _first_of,
    (_LIST, _IMAGE): _first_picture,
}


def may_join(source: PortType, target: PortType) -> bool:
    """Whether an edge may lead from a port of one type to a port of the other."""
    if PortType.TOOL in (source, target):
        return source == target
    return source == target or PortType.ANY in (source, target) or (source, target) in COERCIONS


def coercion(source: PortType, target: PortType) -> Coercion | None:
    """What turns a value of one type into the other; None where it passes as it is.

    A value from an `any` port is only known at run time; the target's own validation then judges it,
    except for text, which anything can become.
    """
    if source == PortType.ANY and target == PortType.TEXT:
        return as_text
    return COERCIONS.get((source, target))


def allowed_joins() -> Iterable[tuple[PortType, PortType]]:
    """Every pair of types that may join, for the canvas."""
    return ((a, b) for a in PortType for b in PortType if may_join(a, b))
