"""One experiment: how far it is, what it found, and its rows."""

import streamlit as st

from flowloom.errors import FlowloomError
from flowloom.evaluation.findings import Finding, Findings, find
from flowloom.flow.model import Flow
from flowloom.store.experiments import Experiment, Result
from flowloom.ui.acting import require_mine
from flowloom.ui.edits import attempt
from flowloom.ui.evaluate.answers import draw_answers
from flowloom.ui.evaluate.variants import draw_take, same
from flowloom.ui.evaluate.words import (
    COLOURS,
    ICONS,
    counted_rows,
    difference_in_words,
    interval_in_words,
    verdict_in_words,
)
from flowloom.ui.formatting import ago, money, number
from flowloom.ui.messages import plain, show_problem
from flowloom.ui.session import t
from flowloom.workspace import workspace

LOOK_EVERY = 1.0


def draw_experiment(id: str, flow: Flow) -> None:
    """Raises StoreError where there is none."""
    experiments = workspace().experiments
    experiment = experiments.store.get(id)
    require_mine(experiment.flow)
    st.title(plain(experiment.name), anchor=False)
    st.caption(f"{plain(', '.join(experiment.plan.labels))} · {ago(experiment.begun)}")
    is_going = experiments.is_going(id)
    st.fragment(_progress, run_every=LOOK_EVERY if is_going else None)(experiment, is_going)
    if experiment.problem:
        show_problem(experiment.problem)
    results = experiments.store.results(id)
    if not results:
        return
    findings = _findings(experiment, results)
    _draw_findings(findings)
    _draw_taking(flow, experiment, findings)
    draw_answers(experiment, findings, results)


def _findings(experiment: Experiment, results: list[Result]) -> Findings:
    """What they say, worked out once for as many as there are: thousands of rows take a second."""
    stamp = (experiment.id, len(results), sum(result.problem is not None for result in results))
    kept: tuple[object, Findings] | None = st.session_state.get("findings")
    if kept is None or kept[0] != stamp:
        kept = st.session_state["findings"] = (stamp, find(experiment, results))
    return kept[1]


def _progress(experiment: Experiment, drawn_going: bool) -> None:
    experiments = workspace().experiments
    is_going, done = experiments.is_going(experiment.id), experiments.store.done(experiment.id)
    if is_going != drawn_going:
        st.rerun()
    failed = experiments.store.failed(experiment.id)
    said = t("{done} of {total} answers", done=number(done), total=number(experiment.of))
    said += f" · {t('{count} failed', count=number(failed))}" if failed else ""
    st.progress(min(1.0, done / experiment.of) if experiment.of else 1.0, text=said)
    _money(experiment)
    with st.container(horizontal=True):
        _buttons(experiment, is_going=is_going, left=done < experiment.of, failed=failed)


def _money(experiment: Experiment) -> None:
    paid = workspace().experiments.store.paid(experiment.id)
    if experiment.plan.budget is not None:
        budget = plain(money(experiment.plan.budget))
        st.caption(t("{paid} of {budget} spent", paid=plain(money(paid)), budget=budget))
    elif paid:
        st.caption(t("Cost so far: {cost}", cost=plain(money(paid))))


def _buttons(experiment: Experiment, *, is_going: bool, left: bool, failed: int) -> None:
    experiments, id = workspace().experiments, experiment.id
    if is_going and experiments.store.is_wanted(id):
        st.button(
            t("Stop"), icon=":material/stop:", key="experiment_stop",
            on_click=lambda: attempt(lambda: experiments.stop(id)),
        )  # fmt: skip
    elif is_going:
        st.caption(t("Stopping: the rows under way come to their end."), width="content")
    elif left:
        _draw_go_on(experiment)
    if failed and not is_going:
        st.button(
            t("Try failed rows again"), icon=":material/refresh:", key="experiment_again",
            on_click=lambda: attempt(lambda: experiments.try_again(id)),
        )  # fmt: skip
    if not is_going:
        st.button(
            t("Delete"), icon=":material/delete:", type="tertiary", key="experiment_delete",
            on_click=_delete, args=(id,),
        )  # fmt: skip


def _draw_go_on(experiment: Experiment) -> None:
    """Go on as it was, or with another budget where the last one is spent."""
    experiments = workspace().experiments
    if experiment.problem and experiment.problem.code == "evaluate.budget":
        budget = 2 * (experiment.plan.budget or 0)
        st.button(
            t("Continue with {budget}", budget=plain(money(budget))), icon=":material/play_arrow:",
            key="experiment_raise", type="primary",
            on_click=lambda: attempt(lambda: experiments.raise_budget(experiment.id, budget)),
        )  # fmt: skip
        return
    st.button(
        t("Continue"), icon=":material/play_arrow:", key="experiment_go", type="primary",
        on_click=lambda: attempt(lambda: experiments.resume(experiment.id)),
    )  # fmt: skip


def _delete(id: str) -> None:
    try:
        workspace().experiments.delete(id)
    except FlowloomError as error:
        st.session_state["evaluate_problem"] = error.problem
        return
    st.query_params.pop("experiment", None)


def _draw_taking(flow: Flow, experiment: Experiment, findings: Findings) -> None:
    """A version that is better in something and worse in nothing is offered first."""
    arms = workspace().experiments.store.tried(experiment.id).arms
    if len(arms) < 2:
        return
    with st.container(border=True, gap="small", key="versions_tried"):
        for place, arm in enumerate(arms):
            verdicts = {each.differences[place].verdict for each in findings.each if place in each.differences}
            with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
                st.markdown(plain(arm.label), width="content")
                is_better = "better" in verdicts and "worse" not in verdicts
                draw_take(flow, arm.label, arm.flow, f"take:{place}", is_better=is_better)
                if same(flow, arm.flow):
                    st.caption(t("This is the GPT now."), width="content")


def _draw_findings(findings: Findings) -> None:
    for finding in findings.each:
        with st.container(border=True, gap="small", key=f"finding:{finding.key}"):
            _draw_finding(findings, finding)


def _draw_finding(findings: Findings, finding: Finding) -> None:
    st.markdown(
        f"**{t(finding.evaluator.title)}**", help=f"{t(finding.evaluator.measures)} {t(finding.evaluator.misleads)}"
    )
    for measured in finding.measured:
        label = plain(findings.labels[measured.arm])
        said = plain(interval_in_words(finding.evaluator, measured.interval))
        untold = f" · {t('{rows} not judged', rows=counted_rows(measured.untold))}" if measured.untold else ""
        st.markdown(f"{label}  \n:gray[{said}{untold}]")
        difference = finding.differences.get(measured.arm)
        if difference:
            colour, icon = COLOURS[difference.verdict], ICONS[difference.verdict]
            badge = f":{colour}-badge[:material/{icon}: {plain(verdict_in_words(difference))}]"
            st.markdown(f"{badge} {plain(difference_in_words(finding, difference))}")
    for warning in finding.warnings:
        show_problem(warning.as_warning())
