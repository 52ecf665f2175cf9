"""One run: what was asked and answered, its timeline, and what came into a block and out of it."""

from collections.abc import Sequence
from dataclasses import replace

import streamlit as st

from flowloom.flow.model import Flow
from flowloom.run.reading.steps import Step, story_of
from flowloom.run.reading.view import RunView
from flowloom.ui.acting import require_mine
from flowloom.ui.block.rerun import draw_again
from flowloom.ui.chat.thoughts import draw_thoughts_of
from flowloom.ui.gpt.exporting import export_run
from flowloom.ui.gpt.opening import open_gpt
from flowloom.ui.messages import icon_of, name_of, plain, show_problem
from flowloom.ui.runs.steps import show_values, step_facts, title_of
from flowloom.ui.runs.ticks import compare
from flowloom.ui.runs.timeline import chosen_in, draw_timeline, id_of
from flowloom.ui.session import language, t
from flowloom.workspace import workspace

LOOK_EVERY = 1.0
"""Seconds after which a run under way is drawn anew."""
LONG = 1_500
"""Characters of what was asked and answered that are shown at once."""


def draw_run(run_id: str) -> None:
    """Everything about a run. Raises FlowloomError where its GPT is gone."""
    entry = workspace().ledger.entry(run_id)
    if entry is None:
        st.info(t("This run no longer exists. It may have been deleted with its GPT."))
        return
    flow = workspace().flows.load(require_mine(entry.flow))
    _header(flow, run_id)
    running = workspace().runner.is_running(run_id)
    st.fragment(_body, run_every=LOOK_EVERY if running else None)(flow, run_id, running)


def _header(flow: Flow, run_id: str) -> None:
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        st.markdown(f"### {icon_of(flow.icon)} {plain(name_of(flow.name))}", width="content")
        with st.container(horizontal=True, vertical_alignment="center", width="content"):
            export_run(flow.id, run_id, flow.name)
            st.button(
                t("Open in Build"),
                icon=":material/account_tree:",
                key="run_to_build",
                on_click=lambda: open_gpt(flow.id),
            )


def _body(flow: Flow, run_id: str, was_running: bool) -> None:
    # A click in here draws only this part anew, also one that leads away.
    if st.session_state.get("going") or st.query_params.get("run") != run_id:
        st.rerun()
    view, entry = workspace().runner.view(run_id), workspace().ledger.entry(run_id)
    if view is None or entry is None:
        return
    # The list knows when a run was cut off; its view does not.
    view = view if view.state == "running" else replace(view, ended=entry.ended)
    if was_running and view.state != "running":
        st.rerun()
    steps = story_of(workspace().runs.events(run_id))
    chosen = _chosen(run_id, steps)
    _said(view)
    if view.again and workspace().ledger.entry(view.again):
        _again(view)
    board, inside = st.columns([1.9, 1], gap="medium")
    with board:
        key = f"timeline:{run_id}"
        draw_timeline(flow, view, steps, key, id_of(chosen) if chosen else "", lambda: _choose(run_id, key))
    with inside.container(border=True, key="run_inside"):
        _inside(flow, chosen)
        if chosen:
            draw_again(flow, run_id, chosen, f"run:{run_id}", then=lambda: open_gpt(flow.id))


def _said(view: RunView) -> None:
    """What was asked, and what came of it."""
    with st.container(border=True, gap="small", key="run_said"):
        for title, text in ((t("Question"), view.message), (t("Answer"), view.text)):
            if text:
                st.caption(title)
                st.markdown(plain(_cut(text)).replace("\n", "  \n"))
        if view.problem:
            show_problem(view.problem)
        elif not view.text and view.state not in ("running", "paused"):
            st.caption(t("No answer was produced."))


def _again(view: RunView) -> None:
    """That it repeats an earlier run, and the way to both."""
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.caption(":material/replay: " + t("Part of this was reused from an earlier run."), width="content")
        st.button(
            t("Compare both"),
            icon=":material/compare_arrows:",
            type="tertiary",
            key="compare_both",
            on_click=lambda: compare([view.again, view.run_id]),
        )


def _cut(text: str) -> str:
    return text if len(text) <= LONG else f"{text[:LONG]}…"


def _choose(run_id: str, key: str) -> None:
    step = chosen_in(key)
    if step:
        st.session_state["run_step"] = (run_id, step)


def _chosen(run_id: str, steps: Sequence[Step]) -> Step | None:
    """The step that was clicked; else the one that failed, else the one that worked longest."""
    chosen = st.session_state.get("run_step")
    for step in steps:
        if (run_id, id_of(step)) == chosen:
            return step
    failed = [step for step in steps if step.outcome == "failed"]
    return failed[0] if failed else max(steps, key=lambda step: step.seconds or 0.0, default=None)


def _inside(flow: Flow, step: Step | None) -> None:
    if step is None:
        st.caption(t("Select a block to see its input and output."))
        return
    st.markdown(f"**{title_of(flow, step)}**")
    facts = step_facts(step)
    if facts:
        st.caption(" · ".join(facts))
    if step.outcome == "skipped":
        st.caption(
            t("Not used") + (f": {plain(step.problem.describe(language()).message)}" if step.problem else "")
        )
        return
    if step.problem:
        show_problem(step.problem)
    show_values(t("Input"), step.inputs)
    draw_thoughts_of(step, id_of(step))
    show_values(t("Output"), step.outputs)
