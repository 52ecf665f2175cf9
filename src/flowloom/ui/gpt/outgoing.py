"""A GPT for another builder, or as a program: what comes across is shown before it leaves."""

import streamlit as st

from flowloom.errors import FlowloomError
from flowloom.exchange.exporters.exported import Exporter
from flowloom.exchange.outgoing import exporters, write_outgoing
from flowloom.ui.download import File, save_buttons
from flowloom.ui.gpt.fidelity import draw_fidelity
from flowloom.ui.messages import show_problem
from flowloom.ui.session import t
from flowloom.workspace import workspace


def draw_outgoing(flow_id: str, stem: str, key: str, *, with_documents: bool) -> None:
    """Choose a form, see what differs in it, and save the file and the report."""
    st.markdown(f"**{t('For other builders, or as a program')}**")
    chosen = st.selectbox(
        t("For other builders, or as a program"),
        exporters(),
        index=None,
        format_func=lambda exporter: t(exporter.name),
        placeholder=t("Choose a form"),
        key=f"{key}:form",
        label_visibility="collapsed",
    )
    if chosen:
        _draw(flow_id, stem, key, chosen, with_documents)


def _draw(flow_id: str, stem: str, key: str, exporter: Exporter, with_documents: bool) -> None:
    st.caption(t(exporter.help))
    try:
        written = write_outgoing(exporter.id, workspace().flows.load(flow_id))
    except FlowloomError as error:
        show_problem(error.problem)
        return
    draw_fidelity(written.report)
    name = exporter.name_of_file(stem, with_documents=with_documents)
    files = [
        File(t(exporter.name), f"export/{exporter.id}", name, "download"),
        File(t("Save the report"), f"export/{exporter.id}.report", f"{stem}.{exporter.id}.md", "description"),
    ]
    save_buttons(flow_id, files, f"{key}:{exporter.id}", "rows")
