"""The rows of an experiment, filtered, down to one row with its trace and its why."""

from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from flowloom.evaluation.findings import Findings
from flowloom.run.reading.steps import story_of
from flowloom.run.reading.view import view_of
from flowloom.store.datasets import DataRow
from flowloom.store.experiments import Experiment, Result, Score, Tried
from flowloom.ui.chat.answer_text import answer_markdown
from flowloom.ui.chat.sentence_sources import draw_grounds
from flowloom.ui.evaluate.words import asked_of, measured
from flowloom.ui.formatting import money, seconds
from flowloom.ui.messages import plain, show_problem
from flowloom.ui.runs.steps import show_values, title_of
from flowloom.ui.runs.timeline import chosen_in, draw_timeline, id_of
from flowloom.ui.session import language, t
from flowloom.workspace import workspace

FILTERS = {"all": "All", "failed": "Failed", "wrong": "Wrong", "changed": "Changed"}
HELP = "“Wrong” is a row in which something measured is not fully right, “Changed” one in which versions differ."
SHOWN = 500
LONG = 1_500

ByRow = Mapping[int, Sequence[Result]]


def draw_answers(experiment: Experiment, findings: Findings, results: Sequence[Result]) -> None:
    tried = workspace().experiments.store.tried(experiment.id)
    by_row: dict[int, list[Result]] = {}
    for result in results:
        by_row.setdefault(result.number, []).append(result)
    chosen = st.segmented_control(
        t("Rows"),
        list(FILTERS),
        default="all",
        required=True,
        format_func=lambda name: t(FILTERS[name]),
        key="answers_filter",
        help=t(HELP),
    )
    search = st.text_input(t("Search rows"), key="answers_search", icon=":material/search:").strip().casefold()
    numbers = [
        number
        for number, found in by_row.items()
        if _fits(chosen or "all", found, findings) and _holds(tried.rows.rows[number - 1], found, search)
    ]
    _draw_table(experiment, findings, tried, by_row, numbers)


def _fits(wanted: str, results: Sequence[Result], findings: Findings) -> bool:
    if wanted == "failed":
        return any(result.problem for result in results)
    shares = [each.key for each in findings.each if each.evaluator.unit == "share"]
    values = [[_value(result.scores.get(key)) for result in results] for key in shares]
    if wanted == "wrong":
        return any(value is not None and value < 1 for column in values for value in column)
    if wanted == "changed":
        return any(len(set(column)) > 1 for column in values) or len({result.answer for result in results}) > 1
    return True


def _value(score: Score | None) -> float | None:
    return score.value if score else None


def _holds(row: DataRow, results: Sequence[Result], search: str) -> bool:
    texts = (*row.given.values(), row.expected, *(result.answer for result in results))
    return not search or any(search in text.casefold() for text in texts)


def _draw_table(
    experiment: Experiment, findings: Findings, tried: Tried, by_row: ByRow, numbers: Sequence[int]
) -> None:
    if not numbers:
        st.caption(t("Nothing found."))
        return
    shown = numbers[:SHOWN]
    lines = [_line(findings, tried, number, by_row[number]) for number in shown]
    key = f"answers:{experiment.id}:{len(numbers)}:{numbers[0]}"
    event: Any = st.dataframe(
        lines, hide_index=True, width="stretch", key=key, on_select="rerun", selection_mode="single-row"
    )
    if len(numbers) > SHOWN:
        st.caption(t("The first {count} rows of {total}.", count=SHOWN, total=len(numbers)))
    picked = [shown[place] for place in (event.selection.rows if event else ()) if place < len(shown)]
    number = st.selectbox(
        t("Row to look into"),
        shown,
        index=shown.index(picked[0]) if picked else None,
        format_func=lambda number: f"{number} · {asked_of(tried.rows, tried.rows.rows[number - 1])[:80]}",
        placeholder=t("Select a row above, or choose it here"),
        key=f"look_into:{key}:{picked}",
    )
    if number is None:
        return
    _draw_row(experiment, findings, tried, number, by_row[number])


def _line(findings: Findings, tried: Tried, number: int, results: Sequence[Result]) -> dict[str, Any]:
    row = tried.rows.rows[number - 1]
    line: dict[str, Any] = {
        t("Row"): number,
        t("Question"): asked_of(tried.rows, row)[:300],
        t("Expected"): row.expected[:300],
    }
    several = len(findings.labels) > 1
    for result in results:
        label = f" · {findings.labels[result.arm]}" if several else ""
        line[t("Answer") + label] = _answer_of(result)
        for each in findings.each:
            value = _value(result.scores.get(each.key))
            line[t(each.evaluator.title) + label] = "" if value is None else measured(each.evaluator, value)
    return line


def _answer_of(result: Result) -> str:
    return str(result.problem.describe(language())) if result.problem else result.answer[:1_000]


def _draw_row(
    experiment: Experiment, findings: Findings, tried: Tried, number: int, results: Sequence[Result]
) -> None:
    row = tried.rows.rows[number - 1]
    with st.container(border=True, key="row_inside"):
        st.markdown(f"**{t('Row')} {number}**")
        _text(t("Question"), asked_of(tried.rows, row))
        _text(t("Expected"), row.expected)
        for column, result in zip(st.columns(len(results)), results, strict=True):
            with column:
                _draw_result(findings, result)
        arms = [result.arm for result in results]
        arm = arms[0]
        if len(arms) > 1:
            arm = (
                st.segmented_control(
                    t("Trace of"),
                    arms,
                    default=arms[0],
                    required=True,
                    format_func=lambda arm: findings.labels[arm],
                    key=f"trace_of:{number}",
                )
                or 0
            )
        _draw_trace(experiment, tried, arm, number)


def _text(title: str, text: str) -> None:
    if text:
        st.caption(title)
        st.markdown(plain(text[:LONG]).replace("\n", "  \n"))


def _draw_result(findings: Findings, result: Result) -> None:
    st.markdown(f"**{plain(findings.labels[result.arm])}**")
    facts = [seconds(result.seconds, 2)] if result.seconds is not None else []
    facts += [money(result.cost)] if result.cost else []
    st.caption(plain(" · ".join(facts)))
    if result.problem:
        show_problem(result.problem)
    else:
        st.markdown(answer_markdown(result.answer[:LONG]) or t("No answer was produced."))
    for each in findings.each:
        score = result.scores.get(each.key)
        value = _value(score)
        said = t("not judged") if value is None else measured(each.evaluator, value)
        because = str(score.because.describe(language())) if score and score.because and not result.problem else ""
        st.markdown(f"{t(each.evaluator.title)}: **{plain(said)}** :gray[{plain(because)}]")


def _draw_trace(experiment: Experiment, tried: Tried, arm: int, number: int) -> None:
    events = workspace().experiments.store.trace(experiment.id, arm, number)
    flow, steps, view = tried.arms[arm].flow, story_of(events), view_of(events)
    if not events:
        return
    key = f"trace:{experiment.id}:{arm}:{number}"
    chosen = next((step for step in steps if id_of(step) == st.session_state.get(f"{key}:step")), None)
    draw_timeline(
        flow, view, steps, key, id_of(chosen) if chosen else "",
        lambda: st.session_state.update({f"{key}:step": chosen_in(key)}),
    )  # fmt: skip
    if chosen:
        st.markdown(f"**{title_of(flow, chosen)}**")
        show_values(t("Input"), chosen.inputs)
        show_values(t("Output"), chosen.outputs)
    st.markdown(f"**{t('Why this answer')}**")
    draw_grounds(flow, flow, events, key)
