"""Evaluate: whether a change made the GPT that is open better, by datasets, experiments and kept chats."""

import streamlit as st

from flowloom.errors import FlowloomError
from flowloom.flow.model import Flow
from flowloom.ui.acting import require_mine
from flowloom.ui.evaluate.dataset import draw_dataset
from flowloom.ui.evaluate.experiment import draw_experiment
from flowloom.ui.evaluate.overview import draw_overview
from flowloom.ui.gpt.nothing_open import draw_nothing_open
from flowloom.ui.gpt.opening import open_gpt
from flowloom.ui.messages import icon_of, name_of, plain, show_problem
from flowloom.ui.session import current_gpt, go, t
from flowloom.workspace import workspace


def show() -> None:
    try:
        flow_id = _of_address() or current_gpt()
        if not flow_id:
            draw_nothing_open()
            return
        _draw(workspace().flows.load(flow_id))
    except FlowloomError as error:
        show_problem(error.problem)
        st.button(t("My GPTs"), icon=":material/apps:", on_click=lambda: go("home"))


def _of_address() -> str:
    """The GPT of the experiment or dataset in the address. Raises StoreError where that is another’s, or gone."""
    experiment, dataset = st.query_params.get("experiment"), st.query_params.get("dataset")
    if not experiment and not dataset:
        return ""
    home = workspace()
    found = home.experiments.store.get(experiment).flow if experiment else home.datasets.get(dataset or "").flow
    return require_mine(found)


def _draw(flow: Flow) -> None:
    experiment, dataset = st.query_params.get("experiment"), st.query_params.get("dataset")
    _header(flow, inside=bool(experiment or dataset))
    try:
        if experiment:
            draw_experiment(experiment, flow)
        elif dataset:
            draw_dataset(dataset, flow)
        else:
            draw_overview(flow)
    except FlowloomError as error:
        show_problem(error.problem)


def _header(flow: Flow, *, inside: bool) -> None:
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        st.markdown(f"### {icon_of(flow.icon)} {plain(name_of(flow.name))}", width="content")
        with st.container(horizontal=True, width="content"):
            if inside:
                st.button(t("All experiments"), icon=":material/arrow_back:", key="evaluate_all", on_click=_close)
            st.button(
                t("Prompt studio"),
                icon=":material/edit_note:",
                key="evaluate_to_studio",
                on_click=lambda: go("studio"),
            )
            st.button(
                t("Fine-tuning"),
                icon=":material/model_training:",
                key="evaluate_to_tuning",
                on_click=lambda: go("tuning"),
            )
            st.button(
                t("Open in Build"),
                icon=":material/account_tree:",
                key="evaluate_to_build",
                on_click=lambda: open_gpt(flow.id),
            )


def _close() -> None:
    for name in ("experiment", "dataset", "row"):
        st.query_params.pop(name, None)
