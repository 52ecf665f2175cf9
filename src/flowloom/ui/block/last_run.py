"""A block and its runs: what the last one brought and gave, to go on from it, to keep it, or to try the block."""

import streamlit as st

from flowloom.editor import Document
from flowloom.flow.edit import Settle
from flowloom.flow.model import Flow, Node
from flowloom.kinds.kind import TOOL_PORT, NodeKind
from flowloom.run.reading.steps import Step, story_of
from flowloom.ui.block.rerun import draw_again
from flowloom.ui.block.try_out import draw_trying
from flowloom.ui.edits import change
from flowloom.ui.messages import show_problem
from flowloom.ui.runs.steps import show_values, step_facts
from flowloom.ui.session import t
from flowloom.workspace import workspace


def draw_pin(document: Document, node: Node) -> None:
    """That a block only gives what was kept, and how to let it work again."""
    if node.settings.pinned is None:
        return
    with st.container(border=True, gap="small", key=f"pinned:{node.id}"):
        with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
            st.markdown(f":material/keep: **{t('Pinned')}**", width="content")
            _unpin_button(document, node, "mark")
        st.caption(t("This block doesn’t run. It returns the saved output, which is part of the GPT and its file."))
        with st.popover(t("Look inside"), type="tertiary", key=f"look_pinned:{node.id}"):
            show_values(t("Output"), node.settings.pinned)


def _unpin_button(document: Document, node: Node, place: str) -> None:
    st.button(
        t("Unpin"),
        icon=":material/keep_off:",
        key=f"unpin:{node.id}:{place}",
        on_click=lambda: change(document, Settle(node=node.id, settings={"pinned": None})),
    )


def draw_block_runs(document: Document, node: Node, kind: NodeKind) -> None:
    """Two expanders, whose content is only made once they are open."""
    flow = document.flow
    key, title = f"last_run:{flow.id}/{node.id}", t("Last run")
    with st.expander(title, icon=":material/history:", key=key, on_change="rerun") as last:
        if last.open:
            _draw_last(document, node)
    if kind.starts or kind.enters:
        return
    key, title = f"try:{flow.id}/{node.id}", t("Try this block")
    with st.expander(title, icon=":material/science:", key=key, on_change="rerun") as trying:
        if trying.open:
            _, step = last_step(flow, node.id)
            draw_trying(flow, node, kind, step.inputs if step else {})


def last_step(flow: Flow, node: str) -> tuple[str, Step | None]:
    """The run of a flow that began last, and the last time a node worked in it."""
    run = workspace().runs.latest_run(flow.id)
    if run is None:
        return "", None
    steps = story_of(workspace().runs.events(run))
    worked = (step for step in reversed(steps) if step.node == node and step.outcome != "skipped")
    return run, next(worked, None)


def _draw_last(document: Document, node: Node) -> None:
    run, step = last_step(document.flow, node.id)
    if step is None:
        st.caption(t("This block wasn’t used in the last run.") if run else t("This GPT hasn’t run yet."))
        return
    st.caption(" · ".join(step_facts(step)))
    if step.problem:
        show_problem(step.problem)
    show_values(t("Input"), step.inputs)
    if step.outcome == "done":
        show_values(t("Output"), step.outputs)
    draw_again(document.flow, run, step, f"last:{run}", beside=lambda: _draw_keep(document, node, step))


def _draw_keep(document: Document, node: Node, step: Step) -> None:
    if is_tool(document.flow, node.id) or step.outcome != "done":
        return
    if step.outputs == node.settings.pinned:
        _unpin_button(document, node, "last")
        return
    st.button(
        t("Pin this output"),
        icon=":material/keep:",
        help=t("The block returns this output without running, until you unpin it."),
        key=f"pin:{node.id}",
        on_click=lambda: change(document, Settle(node=node.id, settings={"pinned": dict(step.outputs)})),
    )


def is_tool(flow: Flow, node: str) -> bool:
    """Whether a block only works when an agent calls it."""
    return any(edge.start == (node, TOOL_PORT.id) for edge in flow.edges)
