"""Why a run gave no answer: the ways it went that lead nowhere, each with a fix where the flow still has it."""

from collections.abc import Sequence

import streamlit as st

from flowloom.flow.model import Flow
from flowloom.kinds.registry import all_kinds
from flowloom.run.events import RunEvent
from flowloom.run.planning.check import find_problems
from flowloom.run.reading.record import Decision, Record
from flowloom.run.reading.steps import story_of
from flowloom.ui.block.fixes import show_problem_with_way
from flowloom.ui.messages import label_of, plain
from flowloom.ui.session import language, t


def draw_dead_ends(then: Flow, now: Flow, events: Sequence[RunEvent], run_id: str) -> None:
    """Each choice of the run that went a way without a line; `then` is the flow of the run, `now` that of today."""
    record = Record(then, all_kinds(), tuple(story_of(events)), language())
    for number, decision in enumerate(record.dead_ends()):
        _dead_end(then, decision)
        place = (decision.step.node, decision.way.id)
        for problem in find_problems(now, all_kinds()):
            if problem.code == "run.loose_way" and (problem.node, problem.port) == place:
                show_problem_with_way(problem, now, f"dead_end:{run_id}:{number}")


def _dead_end(flow: Flow, decision: Decision) -> None:
    node = flow.node(decision.step.node)
    block, way = plain(label_of(node) if node else decision.step.node), plain(t(decision.way.said))
    said = t("There is no answer because “{block}” went “{way}”, which leads nowhere.", block=block, way=way)
    st.markdown(
        f":material/call_split: **{said}**" + (f" :gray[{plain(decision.because)}]" if decision.because else "")
    )
