"""Problems with a way out: a button that mends one where that is certain, and one that leads to its block."""

import streamlit as st

from flowloom.errors import Problem
from flowloom.flow.model import Flow
from flowloom.kinds.registry import all_kinds
from flowloom.locales import translate
from flowloom.run.planning.fixes import SORRY, mend
from flowloom.ui.edits import change
from flowloom.ui.messages import label_of, show_problem
from flowloom.ui.panels import look_at, show_panel
from flowloom.ui.session import t


def show_problem_with_way(problem: Problem, flow: Flow, key: str) -> None:
    """The problem, a button that mends it where that is certain, and one that leads to its block."""
    show_problem(problem)
    with st.container(horizontal=True):
        _mend_button(problem, flow, key)
        _limit_button(problem, key)
        _way_button(problem, flow, key)


def show_problem_with_mend(problem: Problem, flow: Flow, key: str) -> None:
    """The problem where its block is shown already."""
    show_problem(problem)
    _mend_button(problem, flow, key)


def _mend_button(problem: Problem, flow: Flow, key: str) -> None:
    edits = mend(flow, problem, all_kinds())
    if edits:
        says = t("Answer with: {text}", text=translate(SORRY, flow.language))
        st.button(
            says if problem.code == "run.loose_way" else t("Fix it"),
            icon=":material/auto_fix_high:",
            key=f"{key}:mend",
            on_click=lambda: change(flow.id, *edits),
        )


def _limit_button(problem: Problem, key: str) -> None:
    if problem.code.startswith("budget"):
        st.button(
            t("Raise the limit"),
            icon=":material/speed:",
            key=f"{key}:limit",
            on_click=lambda: show_panel("configure"),
        )


def _way_button(problem: Problem, flow: Flow, key: str) -> None:
    node = flow.node(problem.node) if problem.node else None
    if node:
        st.button(
            t("Show “{block}”", block=label_of(node)),
            icon=":material/my_location:",
            key=key,
            type="tertiary",
            on_click=lambda: look_at(node.id),
        )
