"""Once more from a block of a run: as it is set now, or with another output in the place of what it gave."""

from collections.abc import Callable, Mapping
from typing import Any

import streamlit as st

from flowloom.errors import FlowloomError
from flowloom.flow.model import Flow
from flowloom.kinds.registry import all_kinds
from flowloom.run.execution.rerun import descent, not_to_repeat
from flowloom.run.reading.steps import Step
from flowloom.runner import problems_of
from flowloom.ui.chat.conversations import current_conversation, enter
from flowloom.ui.messages import label_of, plain
from flowloom.ui.panels import show_panel
from flowloom.ui.session import language, t
from flowloom.workspace import workspace

HEIGHT = 140


def may_go_on_from(flow: Flow, step: Step) -> bool:
    """Whether a run can be repeated from this step: it is a block of the flow itself, and had its turn."""
    return not step.caller and step.outcome in ("done", "failed") and flow.node(step.node) is not None


def draw_again(
    flow: Flow,
    run_id: str,
    step: Step,
    key: str,
    then: Callable[[], None] | None = None,
    beside: Callable[[], None] = lambda: None,
) -> None:
    """The ways to go on from a step of a run that has ended, with what `beside` draws in their row.

    `then` is called in the click, once it has begun.
    """
    if not may_go_on_from(flow, step) or workspace().runner.is_running(run_id):
        return beside()
    key = f"{key}:{step.node}:{step.round}"
    for node in not_to_repeat(flow, all_kinds(), descent(flow, [step.node])):
        said = t("“{block}” may already have run. Continuing runs it again.", block=label_of(node))
        st.caption(f":material/warning: {plain(said)}")
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        beside()
        _draw_button(flow, run_id, step, key, then)
    _draw_instead(flow, run_id, step, key, then)


def _draw_button(flow: Flow, run_id: str, step: Step, key: str, then: Callable[[], None] | None) -> None:
    st.button(
        t("Rerun from here"),
        icon=":material/replay:",
        help=t("Answers again. Blocks before this one are not rerun."),
        key=f"{key}:again",
        on_click=lambda: start_again(flow.id, run_id, step.node, then=then),
    )


def _draw_instead(flow: Flow, run_id: str, step: Step, key: str, then: Callable[[], None] | None) -> None:
    texts = {name: value for name, value in step.outputs.items() if isinstance(value, str)}
    if not texts or not st.toggle(t("Edit output"), key=f"{key}:change"):
        return
    for name, value in texts.items():
        st.text_area(plain(name), value, key=f"{key}:output:{name}", height=HEIGHT)
    st.button(
        t("Continue with this output"),
        type="primary",
        key=f"{key}:instead",
        on_click=lambda: start_again(flow.id, run_id, step.node, _changed(step, texts, key), then),
    )


def _changed(step: Step, texts: Mapping[str, str], key: str) -> dict[str, Any]:
    return {**step.outputs, **{name: st.session_state[f"{key}:output:{name}"] for name in texts}}


def start_again(
    flow_id: str,
    run_id: str,
    node: str,
    outputs: Mapping[str, Any] | None = None,
    then: Callable[[], None] | None = None,
) -> None:
    """Begin it with the flow as it is now, and show the chat, which also says what stands against it."""
    flow = workspace().editor.open(flow_id).flow
    problems = problems_of(flow)
    if not problems:
        try:
            here = current_conversation(flow_id)
            _, conversation = workspace().again.start(
                run_id, flow, node, outputs, conversation=here, language=language()
            )
            enter(flow_id, conversation)
        except FlowloomError as error:
            problems = [error.problem]
    st.session_state[f"refused:{flow_id}"] = problems
    show_panel("chat")
    if then:
        then()
