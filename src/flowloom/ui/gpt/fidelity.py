"""What became of each part of a flow that came from another builder or leaves for one, to read and to save."""

from collections.abc import Sequence

import streamlit as st

from flowloom.errors import Problem
from flowloom.exchange.fidelity import GRADES, Carried, Fidelity, Grade, report_on
from flowloom.ui.download import File, file_stem, save_buttons
from flowloom.ui.messages import name_of, plain
from flowloom.ui.session import language, t
from flowloom.workspace import workspace

ICONS: dict[Grade, str] = {
    "exact": ":green[:material/check_circle:]",
    "approximate": ":orange[:material/difference:]",
    "placeholder": ":red[:material/extension_off:]",
}


def draw_fidelity(report: Fidelity) -> None:
    """How much came over, what differs, and what is left to do."""
    counted = [grade for grade in GRADES if report.count(grade)]
    st.markdown(" · ".join(f"{ICONS[grade]} {report.told(grade, language())}" for grade in counted))
    differing = [row for row in report.rows if row.grade != "exact"]
    if differing:
        with st.expander(t("What is different"), expanded=len(differing) <= 4):
            for row in differing:
                _draw_row(row)
    if report.notes:
        with st.expander(t("About the whole flow")):
            _draw_list(report.notes)
    if report.todo:
        st.markdown(f"**{t('What to do next')}**")
        _draw_list(report.todo)


def _draw_row(row: Carried) -> None:
    st.markdown(f"{ICONS[row.grade]} **{plain(row.name)}** · {plain(row.type)}")
    if row.grade == "placeholder" and not row.differs:
        st.caption(t("Kept with its settings. The GPT can’t run until you replace this block."))
    _draw_list(row.differs)


def _draw_list(problems: Sequence[Problem]) -> None:
    for problem in problems:
        said = problem.describe(language())
        st.markdown(
            f"- {plain(said.message)} :gray[{plain(said.hint)}]" if said.hint else f"- {plain(said.message)}"
        )


def draw_kept_report(flow_id: str, name: str, key: str) -> None:
    """The report of a GPT that was imported, with a button that saves it; nothing for one made here."""
    report = report_on(workspace().imports, flow_id)
    if report is None:
        return
    st.markdown(t("Imported from {builder}.", builder=plain(report.format)))
    draw_fidelity(report)
    file = File(t("Save the report"), "export/report", f"{file_stem(name_of(name))}.report.md", "description")
    save_buttons(flow_id, [file], key, "button")
