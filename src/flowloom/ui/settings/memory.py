"""What is remembered, for the person to see and correct: values and summary of a conversation, facts about them."""

import json
from collections.abc import Callable
from functools import partial
from typing import Any

import streamlit as st

from flowloom.errors import FlowloomError
from flowloom.store.memory import ALL_GPTS, THE_PERSON, Fact, Summary
from flowloom.ui.formatting import ago
from flowloom.ui.messages import names_of_gpts, plain, show_problem
from flowloom.ui.session import t
from flowloom.workspace import workspace


def draw_conversation_memory(conversation: str) -> None:
    """What one conversation remembers, each value as a field."""
    memory = workspace().memory
    values = memory.variables(conversation)
    summary = memory.summary_of(conversation, workspace().runs.history(conversation))
    if not values and not summary.covered:
        st.caption(t("Nothing yet. Remember blocks save values here."))
    for name, value in values.items():
        _value_row(
            f"variable:{conversation}:{name}",
            name,
            value,
            keep=partial(memory.set_variable, conversation, name),
            forget=partial(memory.forget_variable, conversation, name),
        )
    if summary.covered:
        _summary(conversation, summary)


def _summary(conversation: str, summary: Summary) -> None:
    memory = workspace().memory
    _value_row(
        f"summary:{conversation}",
        t("Summary of the earlier conversation"),
        summary.text,
        keep=lambda new: memory.correct_summary(conversation, Summary(summary.covered, str(new))),
        forget=lambda: memory.forget_summaries(conversation),
    )


def draw_facts() -> None:
    """Everything known about the person, and a way to say more."""
    facts = workspace().memory.facts()
    st.caption(
        t("What GPTs have saved about you with Remember blocks. You can edit or delete it.")
        if facts
        else t("Nothing is saved about you. Only Remember blocks, or you, can add something.")
    )
    _refusal()
    names = names_of_gpts()
    for fact in facts:
        with st.container(border=True, gap="small"):
            _fact(fact, names)
    _add_fact()


def _fact(fact: Fact, names: dict[str, str]) -> None:
    memory = workspace().memory
    _value_row(
        f"fact:{fact.id}",
        fact.name,
        fact.value,
        keep=lambda new: memory.correct(fact.id, new),
        forget=lambda: memory.forget(fact.id),
    )
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        st.caption(f"{_origin(fact, names)} · {ago(fact.learned_at)}", width="content")
        _who_may(fact, names)


def _origin(fact: Fact, names: dict[str, str]) -> str:
    if fact.learned_by == THE_PERSON:
        return t("Added by you")
    name = names.get(fact.learned_by) or t("a deleted GPT")
    return t("Saved by “{name}”", name=plain(name))


def _who_may(fact: Fact, names: dict[str, str]) -> None:
    key = f"fact_for:{fact.id}:{fact.flow}"
    options = list(dict.fromkeys([ALL_GPTS, fact.flow, *names]))
    st.selectbox(
        t("Who can use it"),
        options,
        index=options.index(fact.flow),
        format_func=lambda flow: t("Only “{name}”", name=names.get(flow, "…")) if flow else t("All GPTs"),
        label_visibility="collapsed",
        width=220,
        key=key,
        on_change=lambda: workspace().memory.limit(fact.id, st.session_state[key]),
    )


def _add_fact() -> None:
    with st.form("add_fact", border=False, clear_on_submit=True):
        name, value, add = st.columns([1, 2, 0.9], vertical_alignment="bottom")
        name.text_input(t("Name"), placeholder=t("For example: {example}", example=t("My town")), key="fact_name")
        value.text_input(t("Value"), placeholder=t("For example: {example}", example="Lyon"), key="fact_value")
        add.form_submit_button(t("Add this fact"), icon=":material/add:", on_click=_learn, width="stretch")


def _learn() -> None:
    name, value = (st.session_state[key].strip() for key in ("fact_name", "fact_value"))
    if name and value:
        _attempt(lambda: workspace().memory.learn(name[:80], value))


def _value_row(key: str, name: str, value: Any, keep: Callable[[Any], None], forget: Callable[[], None]) -> None:
    """A name with its value, which can be changed or deleted."""
    # The kept value is part of the key, so that a change made by a run shows here.
    shown = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    field = f"{key}:{hash(shown)}"
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        draw = st.text_area if len(shown) > 80 or "\n" in shown else st.text_input
        draw(plain(name), shown, key=field, on_change=lambda: _change(st.session_state[field], value, keep))
        st.button(
            t("Delete"),
            icon=":material/delete:",
            type="tertiary",
            help=t("Forget “{name}”", name=plain(name)),
            key=f"{key}:forget",
            on_click=forget,
        )


def _change(typed: str, before: Any, keep: Callable[[Any], None]) -> None:
    """Keep what was typed: a text as it is, anything else as the JSON it is shown as."""
    if isinstance(before, str):
        _attempt(lambda: keep(typed))
        return
    try:
        value = json.loads(typed)
    except ValueError:
        st.toast(
            t("This isn’t a number, list or similar: {typed}", typed=plain(typed[:60])), icon=":material/error:"
        )
        return
    _attempt(lambda: keep(value))


def _attempt(keep: Callable[[], None]) -> None:
    try:
        keep()
    except FlowloomError as error:
        st.session_state["not_remembered"] = error.problem


def _refusal() -> None:
    """What kept the last change from being kept."""
    problem = st.session_state.pop("not_remembered", None)
    if problem:
        show_problem(problem)
