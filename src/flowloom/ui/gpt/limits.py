"""The limits of a run, beside what a run will take."""

from dataclasses import dataclass
from typing import Any

import streamlit as st

from flowloom.editor import Document
from flowloom.flow.edit import Describe
from flowloom.flow.model import Budget, Flow
from flowloom.ui.edits import change
from flowloom.ui.gpt.forecast import forecast_of, line_of
from flowloom.ui.messages import plain
from flowloom.ui.people.keeping import draw_own_retention
from flowloom.ui.session import t
from flowloom.ui.settings.spending import draw_limit
from flowloom.workspace import workspace


@dataclass(frozen=True, slots=True)
class Limit:
    """One limit as its field shows it."""

    name: str
    label: str
    help: str
    least: int | float
    step: int | float
    format: str | None = None


LIMITS = (
    Limit("steps", "Steps", "How many blocks may run, including loop rounds and retries.", 1, 100),
    Limit("seconds", "Seconds", "How long a run may take.", 1.0, 60.0, "%.0f"),
    Limit("tokens", "Tokens", "How much models may read and write in total.", 1, 1_000),
    Limit("money", "US dollars", "What a run may cost, if the price of its models is known.", 0.0001, 0.01, "%.4f"),
)


def draw_limits(document: Document) -> None:
    flow = document.flow
    st.markdown(
        "**" + t("Run limits") + "**",
        help=t("A run is stopped when it reaches a limit. Leave empty for no limit."),
    )
    found = forecast_of(flow)
    if found:
        st.caption(t("The next message: {line}", line=line_of(found)))
    for pair in (LIMITS[:2], LIMITS[2:]):
        for column, limit in zip(st.columns(2), pair, strict=True):
            with column:
                _field(document, limit)
    draw_limit(workspace().models.settings, flow.id, t("US dollars a month"))
    draw_own_retention(flow.id, flow.name)
    if flow.budget.money and found and found.unpriced:
        st.caption(
            ":material/warning: "
            + t(
                "The price of {models} isn’t known, so a money limit can’t stop it. Limit tokens instead.",
                models=", ".join(map(plain, found.unpriced)),
            )
        )


def _field(document: Document, limit: Limit) -> None:
    flow = document.flow
    value = getattr(flow.budget, limit.name)
    # The saved value is part of the key, so that a change made elsewhere shows here.
    key = f"limits:{limit.name}:{flow.id}:{value}"
    # Streamlit lets only a field be emptied that began without a value.
    st.session_state.setdefault(key, None if value is None else type(limit.least)(value))
    st.number_input(
        t(limit.label),
        min_value=limit.least,
        value=None,
        step=limit.step,
        format=limit.format,
        placeholder=t("no limit"),
        help=t(limit.help),
        key=key,
        on_change=lambda: _keep(document, flow, limit.name, st.session_state[key]),
    )


def _keep(document: Document, drawn: Flow, name: str, value: Any) -> None:
    if value != getattr(drawn.budget, name):
        budget = Budget.model_validate(document.flow.budget.model_dump() | {name: value})
        change(document, Describe(changes={"budget": budget.model_dump()}))
