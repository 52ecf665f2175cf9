"""Trying a block: alone with inputs of one's own, or with all that leads to it and a message."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import streamlit as st

from flowloom.errors import FlowloomError
from flowloom.flow.graph import nodes_before
from flowloom.flow.model import Flow, Node
from flowloom.kinds.kind import TOOL_PORT, NodeKind
from flowloom.kinds.port import Port, PortType
from flowloom.kinds.registry import all_kinds
from flowloom.partial_runs import Trial
from flowloom.run.execution.rerun import not_to_repeat
from flowloom.run.planning.check import config_or_default
from flowloom.run.reading.steps import Step, story_of
from flowloom.ui.block.value_text import read, written
from flowloom.ui.chat.conversations import current_conversation
from flowloom.ui.messages import label_of, plain, show_problem
from flowloom.ui.runs.steps import show_values, step_facts
from flowloom.ui.session import language, t
from flowloom.workspace import workspace

HEIGHT = 100
LOOK_EVERY = 0.4
"""Seconds after which a trial under way is drawn anew."""


def draw_trying(flow: Flow, node: Node, kind: NodeKind, came: Mapping[str, Any]) -> None:
    """The form of a block's inputs, filled with what came in last; the way up to it; and what came of that."""
    st.caption(t("A test isn’t part of the conversation, and nothing is remembered."))
    key = f"trial:{flow.id}/{node.id}"
    ports = [port for port in kind.input_ports(config_or_default(node, kind)) if port.type != PortType.TOOL]
    for port in ports:
        _draw_input(port, came.get(port.id), key)
    message = _last_message(flow)
    _button(
        flow,
        t("Try this block"),
        {node.id},
        f"{key}:alone",
        lambda: workspace().trials.try_block(
            flow, node.id, _inputs(ports, key), current_conversation(flow.id), language(), message
        ),
        key,
    )
    _draw_way(flow, node, message, key)
    _draw_outcome(node.id, key)


def _draw_input(port: Port, value: Any, key: str) -> None:
    # What came in is part of the key, so that a new run fills the field anew.
    said = written(value)
    name = f"{key}:input:{port.id}"
    st.text_area(plain(t(port.said)), said, key=f"{name}:{hash(said)}", height=HEIGHT)
    st.session_state[name] = f"{name}:{hash(said)}"


def _inputs(ports: Sequence[Port], key: str) -> dict[str, Any]:
    texts = {port: st.session_state[st.session_state[f"{key}:input:{port.id}"]] for port in ports}
    return {port.id: read(text, port) for port, text in texts.items() if text or port.required}


def _last_message(flow: Flow) -> str:
    turns = workspace().runs.turns(current_conversation(flow.id))
    return next((turn.text for turn in reversed(turns) if turn.role == "user"), "")


def _draw_way(flow: Flow, node: Node, message: str, key: str) -> None:
    before = nodes_before(flow, [node.id])
    if not before or any(edge.start == (node.id, TOOL_PORT.id) for edge in flow.edges):
        return
    name = f"{key}:message:{hash(message)}"
    st.text_area(t("First message"), message, key=name, height=HEIGHT)
    _button(
        flow,
        t("Run up to here"),
        {node.id, *before},
        f"{key}:up_to",
        lambda: workspace().trials.run_up_to(
            flow, node.id, st.session_state[name].strip(), current_conversation(flow.id), language()
        ),
        key,
    )


def _button(flow: Flow, title: str, nodes: set[str], key: str, begin: Callable[[], str], outcome: str) -> None:
    """A button that begins a trial, and asks before one that does something outside of Flowloom."""
    risky = not_to_repeat(flow, all_kinds(), nodes)
    names = ", ".join(f"“{label_of(node)}”" for node in risky)
    said = t("{names} may send or change something outside Flowloom. Run anyway.", names=names)
    agreed = not risky or st.checkbox(plain(said), key=f"{key}:agreed")
    st.button(
        title,
        icon=":material/play_arrow:",
        disabled=not agreed,
        key=f"{key}:begin",
        on_click=lambda: _begin(begin, outcome),
    )


def _begin(begin: Callable[[], str], key: str) -> None:
    try:
        st.session_state[key] = begin()
    except FlowloomError as error:
        st.session_state[key] = error.problem


def _draw_outcome(node: str, key: str) -> None:
    outcome = st.session_state.get(key)
    if outcome is None:
        return
    if not isinstance(outcome, str):
        show_problem(outcome)
        return
    trial = workspace().trials.find(outcome)
    if trial:
        running = trial.view.state == "running"
        st.fragment(_draw_trial, run_every=LOOK_EVERY if running else None)(node, outcome, trial, running)


def _draw_trial(node: str, id: str, trial: Trial, was_running: bool) -> None:
    view = trial.view
    if view.state == "running":
        text = view.nodes[node].text if node in view.nodes else ""
        st.markdown(f":gray[:material/progress_activity: {t('Running')}…]  \n{plain(text)}")
        st.button(t("Stop"), key=f"stop:{id}", on_click=lambda: workspace().trials.cancel(id))
        return
    if was_running:
        st.rerun()
    step = next((step for step in reversed(story_of(trial.events)) if step.node == node), None)
    with st.container(border=True, gap="small", key=f"outcome:{id}"):
        _draw_ended(step, trial)


def _draw_ended(step: Step | None, trial: Trial) -> None:
    if trial.view.state == "cancelled":
        st.caption(":material/stop_circle: " + t("Stopped"))
    elif trial.view.problem:
        show_problem(trial.view.problem)
    elif step is None or step.outcome == "skipped":
        st.caption(t("This message doesn’t reach this block."))
    if step and step.outcome == "done":
        st.caption(" · ".join(step_facts(step)))
        show_values(t("Output"), step.outputs)
