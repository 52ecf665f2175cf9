"""How the app says things: problems, icons, names."""

import re

import streamlit as st

from flowloom.errors import Problem
from flowloom.flow.model import Flow, Node
from flowloom.kinds.registry import all_kinds
from flowloom.kinds.values import Usage
from flowloom.run.mend import mend
from flowloom.ui.figures import money, number
from flowloom.ui.session import change, language, look_at, show_panel, t

NO_ICON = "forum"


def icon_of(name: str) -> str:
    """A symbol for markdown: a Material name, or an emoji as it is."""
    name = name or NO_ICON
    return f":material/{name}:" if re.fullmatch(r"[a-z0-9_]+", name) else plain(name)


def plain(text: str) -> str:
    """The text with nothing in it that markdown would act upon."""
    return re.sub(r"([\\`*_{}\[\]()<>#+!|~$:])", r"\\\1", text)


def name_of(name: str) -> str:
    return name or t("GPT without a name")


def label_of(node: Node) -> str:
    """What a person calls the block."""
    kind = all_kinds().get(node.kind)
    return node.name or (t(kind.label) if kind else node.kind)


def show_problem(problem: Problem) -> None:
    said = problem.describe(language())
    show = st.warning if problem.severity == "warning" else st.error
    show(f"**{plain(said.message)}** {plain(said.hint)}")


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
        st.button(
            t("Fix it"),
            icon=":material/auto_fix_high:",
            key=f"{key}:mend",
            on_click=lambda: change(flow.id, *edits),
        )


def _limit_button(problem: Problem, key: str) -> None:
    if problem.code.startswith("budget"):
        st.button(
            t("Raise the limit"), icon=":material/speed:", key=f"{key}:limit", on_click=lambda: show_panel("about")
        )


def _way_button(problem: Problem, flow: Flow, key: str) -> None:
    node = flow.node(problem.node) if problem.node else None
    if node and st.button(
        t("Show “{block}”", block=label_of(node)), icon=":material/my_location:", key=key, type="tertiary"
    ):
        look_at(node.id)
        st.rerun()


def facts_of(usage: Usage) -> list[str]:
    """What a model took, and which one it was."""
    used = [count for count in (usage.input_tokens, usage.output_tokens) if count is not None]
    facts = [t("{count} tokens", count=number(sum(used)))] if used else []
    facts += [plain(money(usage.cost))] if usage.cost else []
    return [*facts, plain(usage.model)] if usage.model else facts
