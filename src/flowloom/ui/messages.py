"""How the app says things: problems, icons, names."""

import re

import streamlit as st

from flowloom.errors import Problem
from flowloom.flow.model import Flow, Node
from flowloom.kinds import registry
from flowloom.kinds.values import Usage
from flowloom.ui.acting import my_gpts
from flowloom.ui.formatting import money, number
from flowloom.ui.session import language, t

NO_ICON = "forum"


def icon_of(name: str) -> str:
    """A symbol for markdown: a Material name, or an emoji as it is."""
    name = name or NO_ICON
    return f":material/{name}:" if re.fullmatch(r"[a-z0-9_]+", name) else plain(name)


def plain(text: str) -> str:
    """The text with nothing in it that markdown would act upon."""
    return re.sub(r"([\\`*_{}\[\]()<>#+!|~$:])", r"\\\1", text)


def name_of(name: str) -> str:
    return name or t("Untitled GPT")


def names_of_gpts() -> dict[str, str]:
    """What each GPT is called, by its id."""
    return {entry.id: name_of(entry.name) for entry in my_gpts()}


def label_of(node: Node) -> str:
    """What a person calls the block."""
    return t(registry.label_of(node, registry.all_kinds()))


def show_problem(problem: Problem) -> None:
    said = problem.describe(language())
    show = st.warning if problem.severity == "warning" else st.error
    show(f"**{plain(said.message)}** {plain(said.hint)}")


def draw_title(icon: str, picture: str, name: str, level: int = 4) -> None:
    """The picture of a GPT, or its icon, before its name as a heading."""
    words, heading = plain(name_of(name)), "#" * level
    if not picture:
        st.markdown(f"{heading} {icon_of(icon)} {words}", width="stretch")
        return
    with st.container(horizontal=True, vertical_alignment="center", gap="small", wrap=False, width="stretch"):
        st.image(picture, width=36, alt=name_of(name))
        st.markdown(f"{heading} {words}", width="stretch")


def avatar_of(flow: Flow) -> str:
    """The picture or icon that stands beside what a GPT says."""
    if flow.picture:
        return flow.picture
    icon = icon_of(flow.icon)
    return icon if icon.startswith(":material/") else ":material/forum:"


def facts_of(usage: Usage) -> list[str]:
    """What a model took, and which one it was."""
    facts = [] if usage.tokens is None else [t("{count} tokens", count=number(usage.tokens))]
    facts += [plain(money(usage.cost))] if usage.cost else []
    return [*facts, plain(usage.model)] if usage.model else facts
