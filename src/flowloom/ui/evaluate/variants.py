"""Variants of one prompt of a GPT, to be compared: written by hand or proposed by a model."""

from typing import NamedTuple

import streamlit as st

from flowloom.errors import FlowloomError, Problem
from flowloom.flow.edit import Configure, Describe, Operation, apply
from flowloom.flow.model import Flow
from flowloom.kinds.registry import all_kinds
from flowloom.services.models.improve import improve, is_real
from flowloom.ui.asking import asked
from flowloom.ui.block.fields import fields_of
from flowloom.ui.messages import label_of, plain, show_problem
from flowloom.ui.session import t
from flowloom.workspace import workspace

MOST = 3
SHORT = 40


class Place(NamedTuple):
    """A prompt of a GPT: a field of a block, or the instructions of the GPT, whose block is ""."""

    node: str
    field: str
    label: str
    text: str


def draw_variants(flow: Flow) -> list[tuple[str, Flow]]:
    """The variants that differ from what is there, each with its name."""
    places = prompts_of(flow)
    if not places:
        return []
    with st.expander(t("Variants of a prompt"), icon=":material/alt_route:"):
        place = st.selectbox(
            t("Prompt"),
            places,
            index=None,
            format_func=lambda place: place.label,
            placeholder=t("None"),
            key="variant_place",
        )
        if place is None:
            return []
        texts = [_draw_variant(flow, place, number) for number in range(1, MOST + 1)]
    found = dict.fromkeys(text for text in texts if text.strip() and text != place.text)
    return [(_name(number, text), _with(flow, place, text)) for number, text in enumerate(found, 1)]


def prompts_of(flow: Flow) -> list[Place]:
    """Every text of a GPT that tells models what to do."""
    found = (
        [Place("", "instructions", t("Instructions of this GPT"), flow.instructions)] if flow.instructions else []
    )
    for node in flow.nodes:
        kind = all_kinds().get(node.kind)
        for field in fields_of(kind.config) if kind else ():
            text = node.config.get(field.name)
            if field.improvable and isinstance(text, str) and text.strip():
                found.append(Place(node.id, field.name, f"{label_of(node)} · {t(field.label)}", text))
    return found


def _draw_variant(flow: Flow, place: Place, number: int) -> str:
    key = f"variant:{place.node}:{place.field}:{number}"
    if (wanted := st.session_state.pop(f"{key}:proposed", None)) is not None:
        st.session_state[key] = wanted
    text = st.text_area(
        t("Variant {number}", number=number),
        place.text if number == 1 else "",
        height=120,
        key=key,
        help=t("Change the text. A variant that is empty or the same as now is not tried."),
    )
    if _can_propose():
        st.button(
            t("Propose one"),
            icon=":material/auto_fix_high:",
            type="tertiary",
            key=f"{key}:propose",
            on_click=_propose,
            args=(flow.id, place.text, key),
        )
    if isinstance(problem := st.session_state.pop(f"{key}:problem", None), Problem):
        show_problem(problem)
    return text or ""


def _can_propose() -> bool:
    try:
        return is_real(workspace().models.settings, "careful")
    except FlowloomError:
        return False


def _propose(flow_id: str, text: str, key: str) -> None:
    try:
        st.session_state[f"{key}:proposed"] = asked(improve(workspace().models_for(flow_id), text, "careful"))
    except FlowloomError as error:
        st.session_state[f"{key}:problem"] = error.problem


def _name(number: int, text: str) -> str:
    return f"{t('Variant {number}', number=number)}: {' '.join(text.split())[:SHORT]}…"


def _with(flow: Flow, place: Place, text: str) -> Flow:
    if not place.node:
        change: Operation = Describe(changes={"instructions": text})
    else:
        node = flow.node(place.node)
        change = Configure(node=place.node, config={**(node.config if node else {}), place.field: text})
    return apply(flow, change)


def draw_take(flow: Flow, label: str, version: Flow, key: str, *, is_better: bool) -> None:
    """The one click by which a version that was tried becomes the GPT."""
    if same(flow, version):
        return
    st.button(
        t("Use this version"),
        icon=":material/check:",
        type="primary" if is_better else "tertiary",
        key=key,
        help=t("The GPT becomes as it was tried here. How it is now stays in its history."),
        on_click=_take,
        args=(flow.id, label, version),
    )


def same(one: Flow, other: Flow) -> bool:
    """Whether two versions do the same, however they are drawn."""
    drawn = {"layout": {}, "notes": (), "name": "", "id": "same"}
    return one.model_copy(update=drawn) == other.model_copy(update=drawn)


def _take(flow_id: str, label: str, version: Flow) -> None:
    try:
        workspace().editor.open(flow_id).renew(
            lambda now: (
                version.model_copy(update={"id": now.id, "name": now.name, "layout": now.layout})
                if {node.id for node in now.nodes} == {node.id for node in version.nodes}
                else version.model_copy(update={"id": now.id, "name": now.name})
            )
        )
    except FlowloomError as error:
        st.session_state["evaluate_problem"] = error.problem
        return
    st.toast(t("“{label}” is the GPT now.", label=plain(label)), icon=":material/check:")
