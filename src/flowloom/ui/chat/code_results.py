"""How an answer was worked out: the code that ran for it, and what that gave."""

from collections.abc import Mapping
from typing import Any

import streamlit as st

from flowloom.flow.model import Flow
from flowloom.kinds.port import as_text
from flowloom.kinds.registry import all_kinds
from flowloom.nodes.data.formulas import is_formula
from flowloom.run.reading.steps import Step, story_of
from flowloom.run.reading.view import RunView
from flowloom.ui.runs.steps import node_of, title_of
from flowloom.ui.session import t
from flowloom.workspace import workspace

EFFECT = "runs code"
MOST = 12
"""Runs of code that are listed."""
MOST_ROWS = 200
ENGINES = {
    "small": "Ran in the built-in Python sandbox.",
    "pandas": "Ran in Python with pandas, in a sandbox.",
    "javascript": "Ran as JavaScript, in a sandbox.",
}


def draw_worked_out(flow: Flow, view: RunView) -> None:
    """An expander below an answer for which code ran; its content is only made once it is open."""
    if not any(_ran_code(flow, name) for name in view.nodes):
        return
    title = t("Show the calculation")
    with st.expander(title, icon=":material/code:", key=f"worked_out:{view.run_id}", on_change="rerun") as shown:
        if shown.open:
            steps = story_of(workspace().runs.events(view.run_id))
            ran = [step for step in steps if _code_of(step) and _runs_code(flow, step)]
            for number, step in enumerate(ran[:MOST]):
                _draw(flow, step, f"worked_out:{view.run_id}:{number}")


def _ran_code(flow: Flow, name: str) -> bool:
    return _runs_code(flow, Step(name))


def _runs_code(flow: Flow, step: Step) -> bool:
    node = node_of(flow, step)
    kind = all_kinds().get(node.kind) if node else None
    return kind is not None and EFFECT in kind.effects


def _code_of(step: Step) -> str:
    """The code that ran, also where it failed."""
    told = step.problem.params.get("ran", "") if step.problem else ""
    return str(step.outputs.get("code") or told)


def _draw(flow: Flow, step: Step, key: str) -> None:
    st.markdown(f"**{title_of(flow, step)}**")
    is_javascript = step.outputs.get("engine") == "javascript"
    st.code(_code_of(step), language="javascript" if is_javascript else "python", wrap_lines=True)
    _draw_value(step.outputs, key)
    if printed := str(step.outputs.get("printed") or ""):
        st.caption(t("Printed text"))
        st.code(printed, language=None, wrap_lines=True)
    engine = ENGINES.get(str(step.outputs.get("engine")))
    if engine:
        st.caption(t(engine))


def _draw_value(outputs: Mapping[str, Any], key: str) -> None:
    value = outputs.get("data", outputs.get("result"))
    if isinstance(value, list) and value and all(isinstance(row, Mapping) for row in value):
        columns = list(dict.fromkeys(name for row in value for name in row))
        rows = [{name: _cell(row.get(name)) for name in columns} for row in value[:MOST_ROWS]]
        st.dataframe(rows, hide_index=True, key=f"{key}:table")
    elif value not in (None, "", [], {}):
        st.code(as_text(value)[:4_000], language=None, wrap_lines=True)


def _cell(value: Any) -> str:
    """As text: a column of a table may hold one type only. Its button saves the table for a spreadsheet."""
    said = "" if value is None else str(value)
    return f"'{said}" if isinstance(value, str) and is_formula(said) else said
