"""Rename an input of a block wherever its texts use it."""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import streamlit as st
from pydantic import BaseModel

from flowloom.nodes.templates import find_placeholders, names_in
from flowloom.ui.block.fields import EDITORS, Field, fields_of
from flowloom.ui.messages import plain
from flowloom.ui.session import t

TAG = re.compile(r"\{\{(?:[^{}]|\{(?!\{)|\}(?!\}))*+\}\}|\{%(?:[^{%]|\{(?!%)|%(?!\}))*+%\}")


def draw_rename(names: Sequence[str], key: str, rename: Callable[[str, str], None]) -> None:
    """A button that opens a field for each name; `rename(old, new)` gets what was typed."""
    with st.popover(t("Rename inputs"), icon=":material/edit:", type="tertiary", key=f"rename:{key}"):
        st.caption(t("All uses in this block and its connections are updated too."))
        for name in names:
            field = f"rename:{key}:{name}"
            st.text_input(
                plain(f"{{{{{name}}}}}"),
                name,
                max_chars=60,
                key=field,
                on_change=lambda name=name, field=field: rename(name, st.session_state[field].strip()),
            )


def may_be_called(name: str, tags: bool) -> bool:
    return name.isidentifier() if tags else names_in(f"{{{{{name}}}}}") == (name,)


def with_name(model: type[BaseModel], config: Mapping[str, Any], old: str, new: str) -> dict[str, Any]:
    """The config with one name in place of another in every text that has an editor, those of rows too."""
    return {**config, **{f.name: _field(f, config[f.name], old, new) for f in fields_of(model) if f.name in config}}


def _field(field: Field, value: Any, old: str, new: str) -> Any:
    if field.row and isinstance(value, list):
        return [with_name(field.row, row, old, new) for row in value]
    if field.widget in EDITORS and isinstance(value, str):
        return _in_tags(value, old, new) if field.tags else _in_braces(value, old, new)
    return value


def _in_braces(text: str, old: str, new: str) -> str:
    for place in reversed([place for place in find_placeholders(text) if place.name == old]):
        text = f"{text[: place.start]}{{{{{new}}}}}{text[place.end :]}"
    return text


def _in_tags(text: str, old: str, new: str) -> str:
    # What is quoted, or comes after a dot, only looks like the name.
    word = re.compile(rf"""("[^"]*"|'[^']*')|(?<![\w.]){re.escape(old)}(?!\w)""")
    return TAG.sub(lambda tag: word.sub(lambda found: found[1] or new, tag[0]), text)
