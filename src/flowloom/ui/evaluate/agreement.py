"""Checking a judge against what people said of the same answers."""

import streamlit as st

from flowloom.errors import FlowloomError, Problem
from flowloom.evaluation.evaluators.judging import JUDGE, JudgeConfig
from flowloom.evaluation.judges import Agreement
from flowloom.flow.model import Flow
from flowloom.store.datasets import Rows
from flowloom.ui.asking import asked
from flowloom.ui.evaluate.words import counted_rows, interval_in_words, measured
from flowloom.ui.messages import plain, show_problem
from flowloom.ui.session import t
from flowloom.workspace import workspace


def draw_agreement(flow: Flow, rows: Rows, config: JudgeConfig) -> None:
    """A button that asks the judge of rated answers; nothing where there are none."""
    rated = [row for row in rows.rows if row.good is not None and row.answered]
    if not rated:
        return
    key = f"agreement:{flow.id}:{config.model_dump_json()}"
    if st.session_state.pop("agreement_asked", False):
        with st.spinner(t("The judge reads rated answers…")):
            st.session_state[key] = _ask(flow, rows, config)
    st.button(
        t("Check it against your ratings"),
        icon=":material/thumbs_up_down:",
        key="agreement_check",
        help=t("The judge is asked about answers that have a thumb, without seeing it."),
        on_click=lambda: st.session_state.update(agreement_asked=True),
    )
    found: Agreement | Problem | None = st.session_state.get(key)
    if isinstance(found, Problem):
        show_problem(found)
    elif found:
        st.markdown(plain(in_words(found)))


def _ask(flow: Flow, rows: Rows, config: JudgeConfig) -> Agreement | Problem:
    try:
        return asked(workspace().experiments.check_judge(flow, rows, config))
    except FlowloomError as error:
        return error.problem


def in_words(found: Agreement) -> str:
    """How often it agrees, beside how often anybody would."""
    if found.share is None:
        return t("The judge gave no verdict on any of them.")
    said = t(
        "It agrees with you in {share}. Always saying the same would agree in {usual}.",
        share=interval_in_words(JUDGE, found.share),
        usual=measured(JUDGE, found.usual),
    )
    untold = t("{rows} not judged", rows=counted_rows(found.untold)) if found.untold else ""
    return f"{said} {untold}".strip()
