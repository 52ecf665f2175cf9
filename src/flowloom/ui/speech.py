"""How the app says things: problems, icons, times."""

import re
import time

import streamlit as st

from flowloom.errors import Problem
from flowloom.flow.model import Flow, Node
from flowloom.kinds.registry import all_kinds
from flowloom.run.mend import mend
from flowloom.ui.session import change, language, look_at, t

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


def _way_button(problem: Problem, flow: Flow, key: str) -> None:
    node = flow.node(problem.node) if problem.node else None
    if node and st.button(
        t("Show “{block}”", block=label_of(node)), icon=":material/my_location:", key=key, type="tertiary"
    ):
        look_at(node.id)
        st.rerun()


COUNTED = {
    "block": ("1 block", "{count} blocks"),
    "page": ("1 page", "{count} pages"),
    "passage": ("1 passage", "{count} passages"),
    "problem": ("1 problem", "{count} problems"),
}


def count_of(thing: str, count: int) -> str:
    """The number of things, in the singular for one."""
    one, many = COUNTED[thing]
    return t(one) if count == 1 else t(many, count=count)


def ago(moment: float) -> str:
    """How long ago, roughly, as one says it."""
    seconds = max(0.0, time.time() - moment)
    if seconds < 90:
        return t("just now")
    if seconds < 5400:
        return t("{count} minutes ago", count=round(seconds / 60))
    if seconds < 129_600:
        return t("{count} hours ago", count=round(seconds / 3600))
    return t("{count} days ago", count=round(seconds / 86_400))


def size_of(count: int) -> str:
    return f"{count / 1_048_576:.1f} MB" if count >= 1_048_576 else f"{max(1, round(count / 1024))} KB"
