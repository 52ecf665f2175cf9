"""The form of a block, made from its kind's Config: each field a widget, each change saved at once."""

from collections.abc import Callable, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

import streamlit as st
from pydantic import BaseModel, ValidationError

from flowloom.errors import FlowloomError
from flowloom.ui.block.fields import EDITORS, Field, draw_field, fields_of, starting_values
from flowloom.ui.formatting import number
from flowloom.ui.prompts.editor import Name, prompt_editor, typed_in
from flowloom.ui.session import language, t

Path = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Form:
    """One form on the page. `save(config)` keeps a whole config and may raise FlowloomError.

    `names(field)` are those its editor offers; `below(field, value)` draws what belongs under a field.
    """

    id: str
    model: type[BaseModel]
    config: Mapping[str, Any]
    save: Callable[[dict[str, Any]], None]
    names: Callable[[Field], Sequence[Name]] = lambda field: ()
    below: Callable[[Field, Any], None] = lambda field, value: None

    @property
    def _memory(self) -> dict[str, Any]:
        fresh = {"seen": dict(self.config), "generation": 0, "rows": 0, "errors": {}, "numbers": {}}
        memory: dict[str, Any] = st.session_state.setdefault(f"form:{self.id}", fresh)
        return memory

    @property
    def stale(self) -> bool:
        """Whether the config was changed elsewhere, say by an undo on the canvas."""
        return bool(self._memory["seen"] != dict(self.config))

    @property
    def has_errors(self) -> bool:
        """Whether something typed last does not fit."""
        return bool(self._memory["errors"])

    def draw(self) -> None:
        if self.stale:
            self._renew(dict(self.config))
        values = starting_values(self.model, self.config)
        for field in fields_of(self.model):
            self._draw(field, (field.name,), values[field.name], values)
            self.below(field, values[field.name])

    def keep(self, field: str, value: Any) -> None:
        """Change one field from outside its widget; what does not fit is said below it."""
        self._changed((field,), value)

    def keep_all(self, config: dict[str, Any]) -> None:
        """Keep a whole config at once. Raises FlowloomError; then nothing changed."""
        self.save(config)
        self._renew(config)

    def _renew(self, seen: dict[str, Any]) -> None:
        memory = self._memory
        memory.update(seen=seen, generation=memory["generation"] + 1, errors={})

    def key(self, path: Path) -> str:
        return f"{self.id}:{self._memory['generation']}:{'.'.join(map(str, path))}"

    def _draw(self, field: Field, path: Path, value: Any, beside: Mapping[str, Any] | None = None) -> None:
        if field.row:
            self._draw_rows(field, path, value)
            return
        if field.widget in EDITORS:
            self._draw_editor(field, path, value)
        else:
            key = self.key(path)
            draw_field(field, value, key, lambda: self._typed(path, st.session_state[key]), beside or {})
        error = self._memory["errors"].get(path)
        if error:
            st.markdown(f":red[:material/error: {error}]")

    def _draw_editor(self, field: Field, path: Path, value: str) -> None:
        memory = self._memory
        # The same editor stays while the form is renewed, as someone may be typing in it.
        key = f"{self.id}:{memory['rows']}:{'.'.join(map(str, path))}"
        prompt_editor(
            t(field.label),
            value,
            key,
            lambda: self._typed_in_editor(path, key),
            seen=memory["numbers"].get(key, 0),
            refused=path in memory["errors"],
            names=self.names(field),
            tags=field.tags,
            code=field.code,
            help=t(field.help),
            example=t("For example: {example}", example=t(field.example)) if field.example else "",
            height=EDITORS[field.widget],
            line=field.widget == "prompt_line",
        )

    def _typed_in_editor(self, path: Path, key: str) -> None:
        said, numbers = typed_in(key), self._memory["numbers"]
        if said and said.number > numbers.get(key, 0):
            numbers[key] = said.number
            self._typed(path, said.text)

    def _draw_rows(self, field: Field, path: Path, rows: list[dict[str, Any]]) -> None:
        assert field.row is not None
        st.markdown(f"**{t(field.label)}**", help=t(field.help) if field.help else None)
        for index, row in enumerate(rows):
            with st.container(border=True, gap="small"):
                for inner in fields_of(field.row):
                    self._draw(inner, (*path, index, inner.name), row[inner.name])
                self._row_buttons(path, rows, index)
        fresh = starting_values(field.row, {})
        st.button(
            t("Add"),
            icon=":material/add:",
            key=self.key((*path, "add")),
            on_click=lambda: self._restructured(path, [*rows, fresh]),
        )
        error = self._memory["errors"].get(path)
        if error:
            st.markdown(f":red[:material/error: {error}]")

    def _row_buttons(self, path: Path, rows: list[dict[str, Any]], index: int) -> None:
        without = rows[:index] + rows[index + 1 :]
        raised = [*rows[: index - 1], rows[index], rows[index - 1], *rows[index + 1 :]]
        with st.container(horizontal=True, horizontal_alignment="right"):
            if index:
                st.button(
                    t("Move up"),
                    icon=":material/arrow_upward:",
                    type="tertiary",
                    key=self.key((*path, index, "up")),
                    on_click=lambda: self._restructured(path, raised),
                )
            st.button(
                t("Remove"),
                icon=":material/delete:",
                type="tertiary",
                key=self.key((*path, index, "remove")),
                on_click=lambda: self._restructured(path, without),
            )

    def _restructured(self, path: Path, rows: list[dict[str, Any]]) -> None:
        if self._changed(path, rows):
            # Rows have new numbers, so their widgets must not keep the values of their neighbours.
            self._renew(self._memory["seen"])
            self._memory["rows"] += 1

    def _typed(self, path: Path, value: Any) -> None:
        # Streamlit also calls back for a widget that was gone for a moment, its value as it was: saving that
        # would take back what was changed elsewhere.
        place: Any = starting_values(self.model, self._memory["seen"])
        for step in path:
            place = place[step]
        if value == place or (value == "" and place is None):
            self._memory["errors"].pop(path, None)
        else:
            self._changed(path, value)

    def _changed(self, path: Path, value: Any) -> bool:
        """Save one change; what does not fit is said below its field and not saved."""
        errors = self._memory["errors"]
        errors.pop(path, None)
        config = self._with(path, value)
        wrong = self._wrong(config, path)
        if not wrong:
            try:
                self._memory["seen"] = config
                self.save(config)
                return True
            except FlowloomError as error:
                self._memory["seen"] = dict(self.config)
                wrong = str(error.problem.describe(language()))
        errors[path] = wrong
        return False

    def _with(self, path: Path, value: Any) -> dict[str, Any]:
        # Earlier changes of this pass are in what was seen last, not in the flow drawn before them.
        current: dict[str, Any] = self._memory["seen"]
        top = path[0]
        changed: dict[Any, Any] = {top: deepcopy(starting_values(self.model, current)[str(top)])}
        place: Any = changed
        for step in path[:-1]:
            place = place[step]
        place[path[-1]] = value
        return {**current, str(top): changed[top]}

    def _wrong(self, config: dict[str, Any], path: Path) -> str:
        """What is wrong with the field at `path`; a fault elsewhere must not stop this change."""
        try:
            self.model.model_validate(config)
        except ValidationError as error:
            for fault in error.errors(include_url=False, include_input=False):
                if fault["loc"][: len(path)] == path:
                    return say_fault(fault)
        return ""


def say_fault(fault: Mapping[str, Any]) -> str:
    """A validation fault in a person's words."""
    limits = fault.get("ctx") or {}
    match fault["type"]:
        case "greater_than_equal" | "greater_than":
            return t("Enter {limit} or more.", limit=number(limits.get("ge", limits.get("gt", 0))))
        case "less_than_equal" | "less_than":
            return t("Enter {limit} or less.", limit=number(limits.get("le", limits.get("lt", 0))))
        case "string_too_long":
            return t("Use {limit} characters or fewer.", limit=number(limits.get("max_length", 0)))
        case "string_too_short":
            return t("This can’t be empty.")
        case "too_long":
            return t("Use {limit} rows or fewer.", limit=number(limits.get("max_length", 0)))
        case "int_type" | "float_type" | "int_parsing" | "float_parsing":
            return t("Enter a number.")
    return t("This value isn’t valid.")
