"""Why an answer is as it is: what each sentence stands on, and the blocks that worked."""

from collections.abc import Sequence

import streamlit as st

from flowloom.flow.model import Flow
from flowloom.kinds.registry import all_kinds
from flowloom.run.reading.steps import Step, story_of
from flowloom.run.reading.view import RunView
from flowloom.ui.block.rerun import draw_again
from flowloom.ui.chat.saved_answer import draw_saved_question
from flowloom.ui.chat.sentence_sources import draw_grounds
from flowloom.ui.chat.unconnected_outputs import draw_dead_ends
from flowloom.ui.formatting import number as figure
from flowloom.ui.messages import plain, show_problem
from flowloom.ui.panels import show_panel
from flowloom.ui.runs.steps import look_inside, step_facts, title_of
from flowloom.ui.session import go_through, is_phone, t
from flowloom.workspace import workspace

MOST = 90
"""Steps that are listed."""


def draw_why(flow: Flow, view: RunView, facts: Sequence[str]) -> None:
    """What each sentence stands on, what the run did, and `facts` of what it took."""
    events = workspace().runs.events(view.run_id)
    then = workspace().runs.flow_then(view.run_id) or flow
    draw_saved_question(then)
    if not view.text:
        draw_dead_ends(then, flow, events, view.run_id)
    draw_grounds(then, flow, events, view.run_id)
    story = story_of(events)
    _story(flow, then, story, view.run_id)
    _draw_custom_instructions(then, story, view)
    _draw_examples(story)
    if facts:
        st.caption(" · ".join(facts))
    st.button(
        t("Show on the canvas"),
        icon=":material/play_circle:",
        type="tertiary",
        help=t("Steps through this run on the canvas."),
        key=f"replay:{view.run_id}",
        on_click=lambda: _show_run(flow.id, view.run_id),
    )


def _draw_custom_instructions(flow: Flow, steps: Sequence[Step], view: RunView) -> None:
    """What the person wants every GPT to heed, where a model of this run read it."""
    kinds = all_kinds()
    asked = {node.id for node in flow.nodes if node.kind in kinds and "spends money" in kinds[node.kind].effects}
    if not view.custom_instructions or not any(step.node in asked for step in steps if step.outcome == "done"):
        return
    st.caption(":material/person: " + t("Your custom instructions were used:"))
    # The first line is ours and tells the model whose words they are.
    st.caption(plain(view.custom_instructions.partition("\n")[2]))


def _draw_examples(steps: Sequence[Step]) -> None:
    """Which good answers its models had in sight; what they say stands where one looks inside a step."""
    read = dict.fromkeys(str(each.get("question", "")) for step in steps for each in step.examples)
    if read:
        st.caption(":material/format_quote: " + t("Examples the model read:") + " " + plain(" · ".join(read)))


def _show_run(flow_id: str, run_id: str) -> None:
    st.session_state.pop("preview", None)
    go_through(flow_id, run_id)
    if is_phone():
        show_panel("canvas")


def _story(flow: Flow, then: Flow, steps: Sequence[Step], run_id: str) -> None:
    st.markdown(f"**{t('Steps of this run')}**")
    worked = [step for step in steps if step.outcome != "skipped" and not step.caller]
    st.markdown(" → ".join(title_of(then, step) for step in worked))
    passed_over = [title_of(then, step) for step in steps if step.outcome == "skipped" and not step.caller]
    if passed_over:
        st.caption(t("Not used this time: {names}", names=", ".join(passed_over)))
    shown = [step for step in steps if step.outcome != "skipped"]
    for number, step in enumerate(shown[:MOST]):
        _step(flow, step, number, run_id)
    if len(shown) > MOST:
        st.caption(t("{count} more steps are under Runs.", count=figure(len(shown) - MOST)))


def _step(flow: Flow, step: Step, number: int, run_id: str) -> None:
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        facts = " · ".join(step_facts(step))
        indent = ":material/subdirectory_arrow_right: " if step.caller else ""
        st.markdown(f"{indent}{title_of(flow, step)} :gray[{facts}]", width="stretch")
        key = f"step:{run_id}:{number}"
        look_inside(step, key, lambda: draw_again(flow, run_id, step, key))
    if step.problem:
        show_problem(step.problem)
