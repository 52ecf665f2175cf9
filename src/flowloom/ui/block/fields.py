"""One field of a form: what its annotation says, and the widget that shows it."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import Enum
from types import NoneType, UnionType
from typing import Any, Literal, Union, get_args, get_origin

import streamlit as st
from pydantic import BaseModel, ValidationError
from pydantic.fields import FieldInfo

from flowloom.intake import MAIN
from flowloom.kinds.values import SHARED
from flowloom.services.models.settings import ROLES
from flowloom.ui.acting import my_bases
from flowloom.ui.actions.connection import draw_connection
from flowloom.ui.actions.operation import draw_operation
from flowloom.ui.mcp.picking import draw_server, draw_tools
from flowloom.ui.session import t
from flowloom.ui.settings.databases import draw_database_choice
from flowloom.ui.settings.media_models import draw_media_model
from flowloom.workspace import workspace

LONG_TEXT = {"textarea": 140}
EDITORS = {"prompt": 160, "prompt_line": 44}
"""Widgets for a text with `{{names}}`, and how high they are."""
MEDIA_MODEL = "media_model:"
"""How the widget begins that offers models of a role, such as `pictures`, beside those that chat."""
SLIDER_SPAN = 50
ROLE_LABELS = {"default": "Default model", "fast": "Fast model", "careful": "High-quality model"}


@dataclass(frozen=True, slots=True)
class Field:
    """A field of a Config as its widget needs it."""

    name: str
    label: str
    type: Any
    help: str = ""
    example: str = ""
    widget: str = ""
    tags: bool = False
    """Whether `{% %}` means something in its text."""
    code: bool = False
    """Whether its text is code, whose letters stand below each other."""
    improvable: bool = False
    """Whether a model may be asked to improve its text."""
    optional: bool = False
    labels: Mapping[str, str] = field(default_factory=dict)
    low: float | None = None
    high: float | None = None
    longest: int | None = None

    @property
    def row(self) -> type[BaseModel] | None:
        """The model of one row where the field is a list of small forms."""
        inner = get_args(self.type)[:1] if get_origin(self.type) is list else ()
        return inner[0] if inner and isinstance(inner[0], type) and issubclass(inner[0], BaseModel) else None

    @property
    def choices(self) -> list[Any]:
        if get_origin(self.type) is Literal:
            return list(get_args(self.type))
        if isinstance(self.type, type) and issubclass(self.type, Enum):
            return [member.value for member in self.type]
        return []


def fields_of(model: type[BaseModel]) -> list[Field]:
    """Every field a person sets; what the canvas sets has the widget `hidden`."""
    fields = (_field(name, info) for name, info in model.model_fields.items())
    return [field for field in fields if field.widget != "hidden"]


def _field(name: str, info: FieldInfo) -> Field:
    extra: Mapping[str, Any] = info.json_schema_extra if isinstance(info.json_schema_extra, dict) else {}
    annotation, optional = _without_none(info.annotation)
    limits = {
        limit: getattr(mark, limit)
        for mark in info.metadata
        for limit in ("ge", "gt", "le", "lt", "max_length")
        if getattr(mark, limit, None) is not None
    }
    return Field(
        name=name,
        label=info.title or name.replace("_", " ").capitalize(),
        type=annotation,
        help=info.description or "",
        example=str(extra.get("example", "")),
        widget=str(extra.get("widget", "")),
        tags=bool(extra.get("tags")),
        code=bool(extra.get("code")),
        improvable=bool(extra.get("improvable")),
        optional=optional,
        labels=dict(extra.get("labels", {})),
        low=limits.get("ge", limits.get("gt")),
        high=limits.get("le", limits.get("lt")),
        longest=limits.get("max_length"),
    )


def _without_none(annotation: Any) -> tuple[Any, bool]:
    if get_origin(annotation) in (Union, UnionType):
        kept = [option for option in get_args(annotation) if option is not NoneType]
        return (kept[0] if len(kept) == 1 else str), len(kept) < len(get_args(annotation))
    return annotation, False


def starting_values(model: type[BaseModel], config: Mapping[str, Any]) -> dict[str, Any]:
    """The value of every field: as saved where it fits, else the kind's own."""
    try:
        return model.model_validate(config).model_dump()
    except ValidationError as error:
        unfit = {fault["loc"][0] for fault in error.errors() if fault["loc"]}
    try:
        fits = {name: value for name, value in config.items() if name not in unfit}
        return model.model_validate(fits).model_dump()
    except ValidationError:
        return {name: info.get_default(call_default_factory=True) for name, info in model.model_fields.items()}


def draw_field(
    field: Field, value: Any, key: str, on_change: Callable[[], object], beside: Mapping[str, Any] | None = None
) -> None:
    """The widget for one value; it speaks through `st.session_state[key]`. `beside` are the form's other values."""
    shared: dict[str, Any] = {"key": key, "on_change": on_change, "help": t(field.help) or None}
    label = t(field.label)
    if chooser := _chooser(field.widget):
        chooser(label, value, beside or {}, shared)
    elif field.choices:
        st.selectbox(
            label,
            field.choices,
            index=field.choices.index(value) if value in field.choices else None,
            format_func=lambda choice: t(field.labels.get(str(choice), str(choice))),
            **shared,
        )
    elif field.type is bool:
        st.toggle(label, bool(value), **shared)
    elif field.type in (int, float):
        _draw_number(field, label, value, shared)
    else:
        _draw_text(field, label, value, shared)


Chooser = Callable[[str, Any, Mapping[str, Any], dict[str, Any]], None]
"""`chooser(label, value, beside, shared)` draws what is no plain value, with what all widgets share."""


def _chooser(widget: str) -> Chooser | None:
    """How a widget of its own is drawn."""
    if widget.startswith(MEDIA_MODEL):
        role = widget.removeprefix(MEDIA_MODEL)
        return lambda label, value, beside, shared: draw_media_model(label, value, role, shared)
    return _CHOOSERS.get(widget)


def draw_model_choice(label: str, value: str, shared: dict[str, Any]) -> None:
    """A role or one of the models that are set up; `shared` is for the widget."""
    options = list(dict.fromkeys([*ROLES, *workspace().models.settings.choices(), value]))
    st.selectbox(
        label,
        options,
        index=options.index(value),
        format_func=lambda choice: t(ROLE_LABELS[choice]) if choice in ROLE_LABELS else choice,
        **shared,
    )


def _draw_knowledge(label: str, value: str, shared: dict[str, Any]) -> None:
    shared_bases = {f"{SHARED}{base.id}": base.name for base in workspace().shared.all() if my_bases()(base.id)}
    options = list(dict.fromkeys([MAIN, *shared_bases, *([value] if value else [])]))
    st.selectbox(
        label,
        options,
        index=options.index(value) if value else None,
        format_func=lambda name: _base_name(name, shared_bases),
        accept_new_options=True,
        **shared,
    )


def _base_name(value: str, shared_bases: Mapping[str, str]) -> str:
    if value in shared_bases:
        return t("Shared: {name}", name=shared_bases[value])
    if value.startswith(SHARED):
        return t("A deleted knowledge base")
    return t("Documents of this GPT") if value == MAIN else value


def _draw_number(field: Field, label: str, value: Any, shared: dict[str, Any]) -> None:
    number = field.type
    low, high = (None if limit is None else number(limit) for limit in (field.low, field.high))
    if not field.optional and low is not None and high is not None and high - low <= SLIDER_SPAN:
        st.slider(label, low, high, value, **shared)
        return
    step = 1 if number is int else 0.1 if high is not None and high <= 10 else 1.0
    value = None if value is None else number(value)
    if field.optional:
        # Streamlit lets only a field be emptied that began without a value.
        st.session_state.setdefault(shared["key"], value)
        value = None
    st.number_input(
        label,
        value=value,
        step=step,
        # As a person writes it: 60 rather than 60.00.
        format="%d" if number is int else "%g",
        # Limits are left to the model, which says why; the widget would only refuse.
        placeholder=t("not set") if field.optional else None,
        **shared,
    )


def _draw_text(field: Field, label: str, value: Any, shared: dict[str, Any]) -> None:
    shown = "" if value is None else str(value)
    hint = t("For example: {example}", example=t(field.example)) if field.example else None
    if field.widget in LONG_TEXT or len(shown) > 200 or "\n" in shown:
        height = LONG_TEXT.get(field.widget, 140)
        st.text_area(label, shown, height=height, placeholder=hint, max_chars=None, **shared)
    else:
        st.text_input(label, shown, placeholder=hint, **shared)


def _draw_raw(label: str, value: Any) -> None:
    """Data that is only shown, to be read and copied."""
    st.markdown(f"**{label}**")
    st.code(json.dumps(value, ensure_ascii=False, indent=2), "json", wrap_lines=True, height=300)


_CHOOSERS: Mapping[str, Chooser] = {
    "raw": lambda label, value, beside, shared: _draw_raw(label, value),
    "model": lambda label, value, beside, shared: draw_model_choice(label, value, shared),
    "knowledge": lambda label, value, beside, shared: _draw_knowledge(label, value, shared),
    "operation": lambda label, value, beside, shared: draw_operation(label, value, many=False, **shared),
    "operations": lambda label, value, beside, shared: draw_operation(label, value, many=True, **shared),
    "database": lambda label, value, beside, shared: draw_database_choice(label, value, **shared),
    "mcp_server": lambda label, value, beside, shared: draw_server(label, value, **shared),
    "mcp_tools": lambda label, value, beside, shared: draw_tools(label, value, beside, **shared),
    "connection": lambda label, value, beside, shared: draw_connection(label, value, beside, **shared),
}
