"""What models thought on their way to an answer: one folded row, whose content is only made once it is open."""

import streamlit as st

from flowloom.flow.model import Flow
from flowloom.run.reading.steps import Step
from flowloom.run.reading.view import RunView
from flowloom.ui.messages import plain
from flowloom.ui.runs.steps import title_of
from flowloom.ui.session import t

LONG = 20_000
"""Characters of one thought that are shown."""
MOST = 50
"""Thoughts that are shown at once."""


def draw_thoughts(flow: Flow, view: RunView) -> None:
    """Above an answer: the thoughts of every block that had some, under its name where there are several."""
    if not view.thoughts:
        return
    title = t("Thoughts")
    with st.expander(
        title, icon=":material/psychology:", key=f"thoughts:{view.run_id}", on_change="rerun"
    ) as shown:
        if shown.open:
            several = len({thought.node for thought in view.thoughts}) > 1
            for thought in view.thoughts[:MOST]:
                if several:
                    st.markdown(f"**{title_of(flow, Step(thought.node))}**")
                _draw(thought.text)


def draw_thoughts_of(step: Step, key: str) -> None:
    """Those of one step."""
    if step.thoughts:
        with st.expander(t("Thoughts"), icon=":material/psychology:", key=f"thoughts:{key}"):
            for thought in step.thoughts[:MOST]:
                _draw(thought)


def _draw(text: str) -> None:
    shown = text if len(text) <= LONG else f"{text[:LONG]}…"
    st.caption(plain(shown).replace("\n", "  \n"))
