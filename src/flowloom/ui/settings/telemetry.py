"""Where traces of runs go, for whoever watches them with a tool of their own."""

import streamlit as st

from flowloom.errors import FlowloomError
from flowloom.services.telemetry import TraceSettings
from flowloom.ui.messages import show_problem
from flowloom.ui.session import language, t
from flowloom.workspace import workspace


def draw_traces() -> None:
    traces = workspace().traces
    settings = traces.settings
    key = f"traces:{settings.address}"
    st.text_input(
        t("Send traces to"),
        settings.address,
        placeholder=TraceSettings().wanted or "http://localhost:4318",
        help=t(
            "Address of an OpenTelemetry collector (OTLP over HTTP). After each run it receives "
            "which blocks ran, how long they took and what they used. Leave empty to send nothing."
        ),
        key=key,
        on_change=lambda: _keep(settings.model_copy(update={"address": st.session_state[key].strip()})),
    )
    if not settings.wanted:
        return
    st.checkbox(
        t("Include inputs and outputs"),
        settings.with_values,
        help=t("Messages, passages and answers. Keys are removed."),
        key=f"traces_values:{settings.with_values}",
        on_change=lambda: _keep(settings.model_copy(update={"with_values": not settings.with_values})),
    )
    if traces.problem:
        show_problem(traces.problem.as_warning())


def _keep(settings: TraceSettings) -> None:
    try:
        workspace().traces_changed(settings)
    except FlowloomError as error:
        said = error.problem.describe(language())
        st.toast(f"{said.message} {said.hint}", icon=":material/error:")
