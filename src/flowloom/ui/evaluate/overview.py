"""What there is to try a GPT on, and what came of it so far."""

import streamlit as st

from flowloom.flow.model import Flow
from flowloom.store.datasets import Dataset
from flowloom.store.experiments import Experiment
from flowloom.ui.dialogs import draw_dialog, open_dialog
from flowloom.ui.evaluate.kept_chats import draw_tests
from flowloom.ui.evaluate.new_dataset import draw_new_dataset
from flowloom.ui.evaluate.new_experiment import draw_new_experiment
from flowloom.ui.evaluate.words import counted_rows
from flowloom.ui.formatting import ago, number
from flowloom.ui.messages import plain
from flowloom.ui.session import t
from flowloom.workspace import workspace


def draw_overview(flow: Flow) -> None:
    datasets = workspace().datasets.all(flow.id)
    experiments = workspace().experiments.store.of(flow.id)
    st.title(t("Evaluate"), anchor=False)
    st.caption(t("Know whether a change made this GPT better, and see why."))
    draw_dialog("new_dataset", t("New dataset"), lambda: draw_new_dataset(flow), width="large")
    draw_dialog("new_experiment", t("New experiment"), lambda: draw_new_experiment(flow, datasets), width="large")
    left, right = st.columns(2, gap="large")
    with left:
        _draw_datasets(datasets)
    with right:
        _draw_experiments(experiments, can_begin=bool(datasets))
    draw_tests(flow)


def _heading(title: str, action: str, icon: str, dialog: str, *, primary: bool, disabled: bool = False) -> None:
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        st.subheader(title, anchor=False)
        st.button(
            action,
            icon=f":material/{icon}:",
            key=f"open_{dialog}",
            type="primary" if primary else "secondary",
            disabled=disabled,
            on_click=lambda: open_dialog(dialog),
        )


def _draw_datasets(datasets: list[Dataset]) -> None:
    _heading(t("Datasets"), t("New dataset"), "table_rows", "new_dataset", primary=not datasets)
    if not datasets:
        st.caption(t("A dataset holds questions and, where you like, the answers you expect."))
    for dataset in datasets:
        with st.container(border=True, horizontal=True, vertical_alignment="center"):
            facts = f"{counted_rows(dataset.amount)} · {t('version {number}', number=dataset.number)}"
            st.markdown(f"**{plain(dataset.name)}**  \n:gray[{facts} · {ago(dataset.made)}]", width="stretch")
            st.button(t("Open"), key=f"open_dataset:{dataset.id}", on_click=_open, args=("dataset", dataset.id))


def _draw_experiments(experiments: list[Experiment], *, can_begin: bool) -> None:
    _heading(
        t("Experiments"),
        t("New experiment"),
        "science",
        "new_experiment",
        primary=can_begin and not experiments,
        disabled=not can_begin,
    )
    if not experiments:
        st.caption(t("An experiment asks every row of a dataset and measures the answers."))
    for experiment in experiments:
        with st.container(border=True, horizontal=True, vertical_alignment="center"):
            done = workspace().experiments.store.done(experiment.id)
            state = t("{done} of {total} answers", done=number(done), total=number(experiment.of))
            versions = plain(", ".join(experiment.plan.labels))
            st.markdown(
                f"**{plain(experiment.name)}**  \n:gray[{versions} · {state} · {ago(experiment.begun)}]",
                width="stretch",
            )
            st.button(
                t("Open"),
                key=f"open_experiment:{experiment.id}",
                on_click=_open,
                args=("experiment", experiment.id),
            )


def _open(what: str, id: str) -> None:
    st.query_params[what] = id
