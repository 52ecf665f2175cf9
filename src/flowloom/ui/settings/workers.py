"""Which workers share the work of this installation, what waits for them, and what failed."""

import streamlit as st

from flowloom.errors import StoreError
from flowloom.store.crew import Standing, Worker
from flowloom.store.dbos_queue import PACKAGE, is_installed
from flowloom.ui.formatting import count_of, moment_of
from flowloom.ui.messages import show_problem
from flowloom.ui.session import t
from flowloom.workspace import workspace

LOOK = 5.0
"""Seconds between two looks while the page is open."""


def draw_workers() -> None:
    if not workspace().backups.possible and not is_installed():
        show_problem(PACKAGE.as_warning())
    st.fragment(_standing, run_every=LOOK)()


def _standing() -> None:
    try:
        found = workspace().crew.standing()
    except StoreError as error:
        show_problem(error.problem)
        return
    _crew(found)
    if found.waiting:
        st.markdown(":material/hourglass_empty: " + t("Waiting: {runs}", runs=count_of("run", found.waiting)))
    if found.failed:
        said = t("Failed in the last 24 hours: {runs}", runs=count_of("run", found.failed))
        st.markdown(f":material/error: {said}")
        st.caption(t("Open Runs to see why."))


def _crew(found: Standing) -> None:
    for worker in found.workers:
        _worker(worker)
    if found.workers:
        return
    if workspace().handover.queue is None:
        st.caption(
            t(
                "This computer does everything itself. With the data in PostgreSQL, other computers can help: "
                "see “From one laptop to a department” in the documentation."
            )
        )
    else:
        st.caption(t("No worker is running, so this computer does everything itself. Start one with:"))
        st.code("flowloom worker", language=None)


def _worker(worker: Worker) -> None:
    with st.container(border=True):
        st.markdown(f":material/dns: **{worker.place}**")
        busy = t("Running {busy} of {most} at a time", busy=worker.busy, most=worker.at_once)
        st.caption(f"{busy} · " + t("since {moment}", moment=moment_of(worker.since)))
