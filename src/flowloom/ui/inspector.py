"""The panel of one block: its form, what is wrong with it, its name and how it is run."""

import time
from collections.abc import Sequence
from typing import Any

import streamlit as st

from flowloom.editor import Document
from flowloom.flow.edit import Rename, Settle
from flowloom.flow.loops import entries_of
from flowloom.flow.model import Node
from flowloom.kinds.kind import TOOL_PORT, NodeKind
from flowloom.kinds.registry import all_kinds
from flowloom.ui.block_form import form_of
from flowloom.ui.block_runs import draw_block_runs, draw_pin
from flowloom.ui.changing import change
from flowloom.ui.documents import draw_documents
from flowloom.ui.fields import fields_of, starting_values
from flowloom.ui.mending import show_problem_with_mend
from flowloom.ui.session import t
from flowloom.ui.speech import label_of, plain

ON_ERROR = {
    "stop": "Stop the run",
    "port": "Go on by the output “If it fails”",
    "value": "Go on with a fixed value",
}


def draw_inspector(document: Document, selected: Sequence[str]) -> None:
    """The block that is selected, or how to select one."""
    if len(selected) != 1:
        st.info(
            t("{count} blocks are selected. Select one to change it.", count=len(selected))
            if selected
            else t("Click a block on the canvas to change it here.")
        )
        return
    node = find_node(document, selected[0])
    if node is None:
        st.info(t("This block is not there any more."))
        return
    _draw_node(document, node)


def find_node(document: Document, node_id: str, patience: float = 1.0) -> Node | None:
    """The node, for whose edit we wait a moment: a new block is selected before it is saved."""
    end = time.monotonic() + patience
    while (node := document.flow.node(node_id)) is None and time.monotonic() < end:
        time.sleep(0.03)
    return node


def _draw_node(document: Document, node: Node) -> None:
    kind = all_kinds().get(node.kind)
    symbol = f":material/{kind.icon}:" if kind else ":material/help:"
    st.markdown(f"#### {symbol} {plain(label_of(node))}")
    if kind is None:
        st.warning(
            t(
                "This Flowloom does not know the kind “{kind}”. The block is kept as it is; "
                "update Flowloom to use it.",
                kind=plain(node.kind),
            )
        )
        return
    st.caption(plain(t(kind.help)))
    draw_pin(document, node)
    form_of(document, node, kind).draw()
    # Below the form, which would jump under the hands of whoever types; boxed, as what comes after keeps its place.
    with st.container():
        _draw_problems(document, node)
    for field in fields_of(kind.config):
        base = starting_values(kind.config, node.config).get(field.name)
        if field.widget == "knowledge" and base:
            draw_documents(f"{document.flow.id}/{base}")
    if not kind.annotates:
        draw_block_runs(document, node, kind)
        draw_name(document, node, kind)
        _draw_rounds(document, node)
        _draw_settings(document, node)


def _draw_problems(document: Document, node: Node) -> None:
    for number, problem in enumerate(document.problems()):
        if problem.node == node.id:
            show_problem_with_mend(problem, document.flow, f"block_problem:{node.id}:{number}")


def draw_name(document: Document, node: Node, kind: NodeKind) -> None:
    # The saved value is part of the key, so that a rename on the canvas shows here.
    key = f"{document.flow.id}/{node.id}:name:{node.name}"
    st.text_input(
        t("Name of this block"),
        node.name,
        max_chars=120,
        placeholder=t(kind.label),
        key=key,
        on_change=lambda: _rename(document, node, st.session_state[key].strip()),
    )


def _rename(document: Document, node: Node, name: str) -> None:
    # Streamlit also calls back for a widget that was gone for a moment, its value as it was.
    if name != node.name:
        change(document, Rename(node=node.id, name=name))


def _draw_rounds(document: Document, node: Node) -> None:
    """How often the loop goes round that is entered here."""
    if node.id in entries_of(document.flow, [TOOL_PORT.id]):
        st.caption(
            ":material/loop: " + t("A loop begins at this block: what leads back to it starts the next round.")
        )
        _setting(document, node, "rounds", node.settings.rounds, t("At most so many rounds"), low=1, high=1_000)


def _draw_settings(document: Document, node: Node) -> None:
    settings = node.settings
    with st.expander(t("If it takes long or fails"), icon=":material/health_and_safety:"):
        _setting(document, node, "retries", settings.retries, t("Tries after the first"), low=0, high=10)
        _setting(document, node, "timeout", settings.timeout, t("Longest time in seconds"), low=1.0, high=86_400.0)
        key = f"{document.flow.id}/{node.id}:on_error:{settings.on_error}"
        st.selectbox(
            t("When it fails"),
            list(ON_ERROR),
            index=list(ON_ERROR).index(settings.on_error),
            format_func=lambda choice: t(ON_ERROR[choice]),
            key=key,
            on_change=lambda: _settle(document, node, "on_error", st.session_state[key]),
        )
        if settings.on_error == "value":
            _draw_fallback(document, node)


def _setting(document: Document, node: Node, name: str, value: Any, label: str, *, low: Any, high: Any) -> None:
    key = f"{document.flow.id}/{node.id}:{name}:{value}"
    st.number_input(
        label,
        low,
        high,
        value,
        step=type(low)(1),
        key=key,
        placeholder=t("no limit"),
        on_change=lambda: _settle(document, node, name, st.session_state[key]),
    )


def _draw_fallback(document: Document, node: Node) -> None:
    """A text for each output that goes on in place of what failed."""
    kind = all_kinds()[node.kind]
    try:
        ports = kind.output_ports(kind.config.model_validate(node.config))
    except ValueError:
        return
    for port in ports:
        if port.type == "tool":
            continue
        value = node.settings.fallback.get(port.id, "")
        key = f"{document.flow.id}/{node.id}:fallback:{port.id}:{value}"
        st.text_input(
            t("“{output}” then says", output=t(port.said)),
            str(value),
            key=key,
            on_change=lambda port=port, key=key: _keep_fallback(document, node, port.id, key),
        )


def _keep_fallback(document: Document, node: Node, port: str, key: str) -> None:
    kept = {name: value for name, value in node.settings.fallback.items() if name != port}
    said = st.session_state[key]
    _settle(document, node, "fallback", {**kept, port: said} if said else kept)


def _settle(document: Document, node: Node, name: str, value: Any) -> None:
    """Keep a setting, unless it is the one `node` was drawn with."""
    if value != getattr(node.settings, name):
        change(document, Settle(node=node.id, settings={name: value}))
