"""How a block is run, whatever its kind: rounds of its loop, asking first, and what happens when it fails."""

import re
from typing import Any

import streamlit as st

from flowloom.editor import Document
from flowloom.flow.edit import Settle
from flowloom.flow.loops import entries_of
from flowloom.flow.model import Node
from flowloom.kinds.kind import TOOL_PORT
from flowloom.kinds.registry import all_kinds
from flowloom.ui.edits import change
from flowloom.ui.session import t

ON_ERROR = {
    "stop": "Stop the run",
    "port": "Continue at the output “If it fails”",
    "value": "Continue with a fixed value",
}


def draw_settings(document: Document, node: Node) -> None:
    """The settings every block has, those of a loop where one begins here."""
    _draw_rounds(document, node)
    _draw_toggle(
        document,
        node,
        "ask_first",
        t("Require approval before running"),
        t("The chat and the inbox show its input. It runs once someone approves."),
    )
    _draw_toggle(
        document,
        node,
        "wait",
        t("Run only after other blocks"),
        t("Adds an input. The block runs once a block connected to it has run, and is skipped otherwise."),
    )
    _draw_tool_name(document, node)
    _draw_care(document, node)


def _draw_tool_name(document: Document, node: Node) -> None:
    """What an agent calls the block by, where one uses it."""
    is_tool = any(edge.start.node == node.id and edge.start.port == TOOL_PORT.id for edge in document.flow.edges)
    if not is_tool:
        return
    name = node.settings.tool_name
    key = f"{document.flow.id}/{node.id}:tool_name:{name}"
    st.text_input(
        t("Name for the model"),
        name,
        max_chars=64,
        placeholder=node.id,
        key=key,
        help=t("How the agent’s model knows this tool: letters, digits, _ and -. Your instructions may name it."),
        on_change=lambda: _settle(
            document, node, "tool_name", re.sub(r"\W+", "_", st.session_state[key], flags=re.A)
        ),
    )


def _draw_toggle(document: Document, node: Node, name: str, label: str, help: str) -> None:
    is_on = getattr(node.settings, name)
    key = f"{document.flow.id}/{node.id}:{name}:{is_on}"
    st.toggle(
        label, is_on, help=help, key=key, on_change=lambda: _settle(document, node, name, st.session_state[key])
    )


def _draw_rounds(document: Document, node: Node) -> None:
    """How often the loop goes round that is entered here."""
    if node.id in entries_of(document.flow, [TOOL_PORT.id]):
        st.caption(
            ":material/loop: "
            + t("A loop starts at this block. Each time the flow comes back to it, a new round starts.")
        )
        _setting(document, node, "rounds", node.settings.rounds, t("Maximum rounds"), low=1, high=1_000)


def _draw_care(document: Document, node: Node) -> None:
    settings = node.settings
    with st.expander(t("Timeout and errors"), icon=":material/health_and_safety:"):
        _setting(document, node, "retries", settings.retries, t("Retries"), low=0, high=10)
        _setting(document, node, "timeout", settings.timeout, t("Timeout in seconds"), low=1.0, high=86_400.0)
        key = f"{document.flow.id}/{node.id}:on_error:{settings.on_error}"
        st.selectbox(
            t("If it fails"),
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
