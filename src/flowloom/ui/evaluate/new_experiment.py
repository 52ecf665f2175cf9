"""Beginning an experiment: which rows, versions and models, what is measured, and what it may cost."""

import time
from typing import Any

import streamlit as st

from flowloom.editor import Document
from flowloom.errors import FlowloomError
from flowloom.evaluation.experiments import MOST_AT_ONCE
from flowloom.flow.model import Flow
from flowloom.store.datasets import Dataset, Rows
from flowloom.store.experiments import Arm, ExperimentPlan, Tried
from flowloom.ui.dialogs import close_dialog
from flowloom.ui.evaluate.forecasts import cost_in_words
from flowloom.ui.evaluate.learning import draw_learning
from flowloom.ui.evaluate.measures import draw_measures
from flowloom.ui.evaluate.variants import draw_variants
from flowloom.ui.evaluate.words import counted_rows
from flowloom.ui.formatting import moment_of
from flowloom.ui.messages import show_problem
from flowloom.ui.session import t
from flowloom.workspace import workspace

NOW = 0
"""The number that stands for the GPT as it is."""
PARTS = {"tuning": "Rows for improving", "held_out": "Held-out rows", "all": "All rows"}
MOST_VERSIONS = 30


def draw_new_experiment(flow: Flow, datasets: list[Dataset]) -> None:
    if not datasets:
        return
    names = {each.id: each for each in datasets}
    chosen = st.selectbox(
        t("Dataset"), list(names), format_func=lambda id: names[id].name, key="experiment_dataset"
    )
    try:
        every = workspace().datasets.rows(chosen)
        rows = _part(every)
        arms = _arms(flow, every)
        evaluators = draw_measures(flow, rows)
        _draw_start(flow, names[chosen], rows, arms, evaluators)
    except FlowloomError as error:
        show_problem(error.problem)


def _part(rows: Rows) -> Rows:
    held = [row for row in rows.rows if row.held_out]
    if not held or len(held) == len(rows.rows):
        return rows
    part = st.segmented_control(
        t("Rows"),
        list(PARTS),
        default="tuning",
        required=True,
        format_func=lambda part: t(PARTS[part]),
        key="experiment_part",
        help=t("Held-out rows are for the last check: who improves by them no longer knows how good it is."),
    )
    kept = {"tuning": [row for row in rows.rows if not row.held_out], "held_out": held, "all": [*rows.rows]}
    return rows.model_copy(update={"rows": tuple(kept[part or "tuning"])})


def _arms(flow: Flow, rows: Rows) -> list[Arm]:
    """Every version with every model. Raises StoreError where a version is gone."""
    document = workspace().editor.open(flow.id)
    versions = {version.number: version for version in document.versions()[:MOST_VERSIONS]}
    labels = {NOW: t("As it is now")} | {
        number: each.name or moment_of(each.saved_at) for number, each in versions.items()
    }
    numbers = st.multiselect(
        t("Versions"),
        list(labels),
        default=[NOW],
        format_func=labels.__getitem__,
        key="experiment_versions",
        help=t("The first one is what the others are compared with."),
    )
    models = st.multiselect(
        t("Models"),
        ["", *workspace().models.settings.choices()],
        default=[""],
        format_func=lambda model: model or t("Those of the blocks"),
        key="experiment_models",
        help=t("A model chosen here answers in place of every model of the GPT."),
    )
    flows = [
        (
            _kept_label(labels, number),
            document.flow if number == NOW else document.version(number).model_copy(update={"id": flow.id}),
        )
        for number in numbers
    ]
    flows += draw_variants(document.flow)
    flows += draw_learning(document.flow, rows)
    many = len(models) > 1
    return [
        Arm(" · ".join(filter(None, (label, model or (t("own models") if many else "")))), each, model)
        for label, each in flows
        for model in models
    ]


def _kept_label(labels: dict[int, str], number: int) -> str:
    """What a version is called in the experiment: what is now is soon no longer so."""
    return t("Version of {when}", when=moment_of(time.time())) if number == NOW else labels[number]


def _version(document: Document, number: int) -> Flow:
    if number == NOW:
        return document.flow
    return document.version(number).model_copy(update={"id": document.flow.id})


def _draw_start(flow: Flow, dataset: Dataset, rows: Rows, arms: list[Arm], evaluators: tuple[Any, ...]) -> None:
    at_once = st.slider(t("Model calls at the same time"), 1, MOST_AT_ONCE, 4, key="experiment_at_once")
    limit = st.number_input(
        t("Budget in $"),
        min_value=0.0,
        value=None,
        step=1.0,
        key="experiment_budget",
        placeholder=t("no limit"),
        help=t("The experiment stops when it has spent this much. What was answered is kept."),
    )
    if not arms or not evaluators:
        st.caption(t("Choose a version, a model and something to measure."))
        return
    said = t("{rows}, {count} answers.", rows=counted_rows(len(rows.rows)), count=len(rows.rows) * len(arms))
    st.info(f"{said} {cost_in_words(arms, evaluators, len(rows.rows))}", icon=":material/payments:")
    st.button(
        t("Start"),
        icon=":material/play_arrow:",
        type="primary",
        key="experiment_start",
        width="stretch",
        on_click=_start,
        args=(flow.id, dataset, rows, arms, evaluators, at_once, limit),
    )
    if problem := st.session_state.pop("evaluate_problem", None):
        show_problem(problem)


def _start(
    flow_id: str,
    dataset: Dataset,
    rows: Rows,
    arms: list[Arm],
    evaluators: tuple[Any, ...],
    at_once: int,
    limit: float | None,
) -> None:
    plan = ExperimentPlan(
        dataset=dataset.id, number=dataset.number, evaluators=evaluators, at_once=at_once, budget=limit
    )
    try:
        id = workspace().experiments.start(flow_id, dataset.name[:80], plan, Tried(rows, tuple(arms)))
    except FlowloomError as error:
        st.session_state["evaluate_problem"] = error.problem
        return
    close_dialog()
    st.query_params["experiment"] = id
