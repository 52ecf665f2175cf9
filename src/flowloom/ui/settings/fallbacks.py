"""Who is asked where the model of a role cannot answer."""

from collections.abc import Sequence

import streamlit as st

from flowloom.services.models.settings import MediaRole, ModelSettings, Role
from flowloom.ui.session import t
from flowloom.workspace import workspace


def draw_fallbacks(settings: ModelSettings, role: Role | MediaRole, label: str, others: Sequence[str]) -> None:
    """Who is asked, in order, where the model of a role cannot answer."""
    line = settings.fallbacks.get(role, ())
    key = f"fallbacks:{role}:{'|'.join(line)}"
    st.multiselect(
        t("{role}: if it can’t answer, ask", role=label),
        list(dict.fromkeys([*others, *line])),
        default=list(line),
        placeholder=t("Nobody"),
        help=t(
            "Asked in this order when the model is overloaded, out of credit, not reachable or no longer there. "
            "The chat then says which model answered. Your data can go to all of them."
        ),
        key=key,
        on_change=lambda: _stand_in(settings, role, st.session_state[key]),
    )


def _stand_in(settings: ModelSettings, role: Role | MediaRole, line: list[str]) -> None:
    workspace().models_changed(settings.model_copy(update={"fallbacks": {**settings.fallbacks, role: tuple(line)}}))
