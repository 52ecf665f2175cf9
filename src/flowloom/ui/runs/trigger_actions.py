"""What one may do with what asks a GPT by itself: switch it off, do it now, see its last run, delete it."""

from collections.abc import Callable
from typing import NamedTuple

import streamlit as st

from flowloom.ui.edits import attempt
from flowloom.ui.runs.gpt_choice import look_at_run
from flowloom.ui.session import t

Action = Callable[[], object]


class Trigger(NamedTuple):
    """One of them: `kind` and `id` name its widgets, `run` is its last one, "" where there is none."""

    kind: str
    id: str
    active: bool
    run: str


class Now(NamedTuple):
    """Having it happen at once, and what that is called."""

    label: str
    icon: str
    do: Action


def draw_actions(trigger: Trigger, switch: Action, delete: Action, now: Now | None = None) -> None:
    """Its actions in a row. Where one is refused by a FlowloomError, the person is told why."""
    kind, id = trigger.kind, trigger.id
    with st.container(horizontal=True, vertical_alignment="center"):
        key = f"{kind}_on:{id}:{trigger.active}"
        st.toggle(t("Active"), trigger.active, key=key, on_change=lambda: attempt(switch))
        if now:
            st.button(now.label, icon=now.icon, key=f"{kind}_now:{id}", on_click=lambda: attempt(now.do))
        if trigger.run:
            st.button(t("Last run"), key=f"{kind}_run:{id}", on_click=look_at_run, args=(trigger.run,))
        st.button(
            t("Delete"),
            icon=":material/delete:",
            type="tertiary",
            key=f"{kind}_delete:{id}",
            on_click=lambda: attempt(delete),
        )
