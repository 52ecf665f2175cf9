"""How the documents of a base are cut into passages, with a preview before anything is changed."""

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from flowloom.errors import FlowloomError
from flowloom.services.knowledge.chunks import Cutting, preview
from flowloom.services.knowledge.files import FileInfo
from flowloom.services.knowledge.shared import SharedBase
from flowloom.ui.formatting import count_of, number
from flowloom.ui.messages import plain, show_problem
from flowloom.ui.session import t
from flowloom.workspace import workspace

PREVIEWED = 12


def draw_cutting(base: SharedBase, files: list[FileInfo]) -> None:
    st.caption(
        t(
            "A GPT reads passages, not whole documents. Short passages are found more precisely, "
            "long ones contain more context. Overlap keeps sentences at the edges together."
        )
    )
    sizes, shown = st.columns([1, 2], gap="large")
    with sizes:
        chosen = _chosen(base)
        _use(base, chosen)
    with shown:
        if files:
            _preview(base, files, chosen)
        else:
            st.info(t("Add a document to see how it would be split."), icon=":material/lightbulb:")


def _chosen(base: SharedBase) -> Cutting:
    now = base.cutting
    size = st.number_input(
        t("Characters per passage"), 100, 8_000, now.size, 100, key=f"size:{base.id}", help=t("Maximum.")
    )
    overlap = st.number_input(
        t("Overlap in characters"), 0, 4_000, now.overlap, 20, key=f"overlap:{base.id}", help=t("Maximum.")
    )
    return Cutting(size=size, overlap=min(overlap, size // 2))


def _use(base: SharedBase, chosen: Cutting) -> None:
    asked = f"cut_anew:{base.id}"
    if chosen.overlap < st.session_state[f"overlap:{base.id}"]:
        st.caption(t("The overlap can be at most half a passage."))
    st.button(
        t("Split all documents like this"),
        type="primary",
        key=f"{asked}:go",
        disabled=chosen == base.cutting,
        on_click=lambda: st.session_state.update({asked: chosen}),
    )
    # Asked for until it is done: a click elsewhere interrupts it, and the next drawing goes on.
    if wanted := st.session_state.get(asked):
        bar = st.progress(0.0, t("Splitting…"))
        try:
            workspace().knowledge.cut_anew(base.key, wanted, lambda done: _advance(bar, done))
        except FlowloomError as error:
            show_problem(error.problem)
            del st.session_state[asked]
        else:
            del st.session_state[asked]
            st.rerun()


def _advance(bar: DeltaGenerator, done: float) -> None:
    bar.progress(min(done, 1.0), t("Splitting…"))


def _preview(base: SharedBase, files: list[FileInfo], chosen: Cutting) -> None:
    name = st.selectbox(t("Preview"), [file.name for file in files], key=f"preview:{base.id}")
    try:
        passages = preview(workspace().knowledge.document(base.key, name), chosen.size, chosen.overlap)
    except FlowloomError as error:
        show_problem(error.problem)
        return
    longest = number(max((len(passage.text) for passage in passages), default=0))
    st.caption(f"{count_of('passage', len(passages))} · {t('the longest has {count} characters', count=longest)}")
    for place, passage in enumerate(passages[:PREVIEWED], 1):
        with st.container(border=True):
            heading = f" · {plain(passage.heading)}" if passage.heading else ""
            st.caption(f"{place}{heading} · {t('{count} characters', count=number(len(passage.text)))}")
            st.text(passage.text)
    if len(passages) > PREVIEWED:
        st.caption(t("Showing the first {count}.", count=PREVIEWED))
