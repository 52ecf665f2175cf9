"""A step of a run as it is named and shown: what it took, what came in and what it gave."""

from collections.abc import Callable, Mapping
from typing import Any

import streamlit as st

from flowloom.flow.model import Flow, Node
from flowloom.kinds.port import as_text
from flowloom.kinds.registry import all_kinds
from flowloom.run.planning.nested_nodes import node_at
from flowloom.run.reading.steps import Step
from flowloom.ui.formatting import number, seconds
from flowloom.ui.messages import facts_of, label_of, plain
from flowloom.ui.session import t

LONG = 4_000
"""Characters of one value that are shown."""


def step_facts(step: Step) -> list[str]:
    if step.kept:
        return [t("Reused from an earlier run")]
    facts = [] if step.seconds is None else [seconds(step.seconds, 2)]
    facts += facts_of(step.usage) if step.usage else []
    if step.round > 1:
        facts.append(t("round {round}", round=step.round))
    if step.item:
        facts.append(t("item {number}", number=number(step.item)))
    if step.attempts > 1:
        facts.append(t("{count} attempts", count=step.attempts))
    return facts


def show_values(title: str, values: Mapping[str, Any]) -> None:
    st.markdown(f"**{title}**")
    if not values:
        st.caption(t("Nothing"))
    list_values(values)


def list_values(values: Mapping[str, Any]) -> None:
    for name, value in values.items():
        text = as_text(value)
        shown = text if len(text) <= LONG else f"{text[:LONG]}…"
        st.caption(plain(name))
        st.code(shown or " ", language=None, wrap_lines=True)


def node_of(flow: Flow, step: Step) -> Node | None:
    """The block that worked, also where it stands within others."""
    return node_at(flow, all_kinds(), step.node)


def title_of(flow: Flow, step: Step) -> str:
    node = node_of(flow, step)
    kind = all_kinds().get(node.kind) if node else None
    symbol = f":material/{kind.icon}:" if kind else ":material/help:"
    return f"{symbol} {plain(label_of(node) if node else step.node)}"


def look_inside(step: Step, key: str, below: Callable[[], None] = lambda: None) -> None:
    """A button that shows all that came into a step and out of it, and what `below` draws."""
    with st.popover(t("Look inside"), type="tertiary", key=f"{key}:{step.node}:{step.call}:{step.round}"):
        show_values(t("Input"), step.inputs)
        show_values(t("Output"), step.outputs)
        if step.examples:
            st.markdown(f"**{t('Examples the model read')}**")
            list_values({str(each.get("question", "")): each.get("answer", "") for each in step.examples})
        below()
