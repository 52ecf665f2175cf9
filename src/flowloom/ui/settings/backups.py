"""What a person has to know of their data: a damaged database that was set aside, and the backups there are."""

import streamlit as st

from flowloom.errors import FlowloomError
from flowloom.store.backups import Backup
from flowloom.store.postgres_failures import NOT_COPIED
from flowloom.ui.formatting import moment_of
from flowloom.ui.messages import show_problem
from flowloom.ui.session import t
from flowloom.workspace import workspace


def draw_notices() -> None:
    """Above every page as long as there is something to know."""
    notices = workspace().notices()
    for problem in notices:
        show_problem(problem)
    if not any(problem.code in ("store.rescued", "store.set_aside") for problem in notices):
        return
    with st.container(horizontal=True):
        for backup in workspace().backups.all()[:1]:
            _take_back_button(backup, "notice")
        st.button(t("OK"), key="notices_seen", on_click=workspace().notices_seen)


def draw_backups() -> None:
    """Every backup, each with a way back to it."""
    if taken := st.session_state.pop("backup_taken", None):
        st.success(t("The backup is in use now. The previous state is saved as {file}.", file=taken))
    if refused := st.session_state.pop("backup_refused", None):
        show_problem(refused)
    if not workspace().backups.possible:
        st.caption(f"{t(NOT_COPIED.message)} {t(NOT_COPIED.hint)}")
        return
    st.caption(t("Flowloom backs up your conversations and runs every day, for seven days."))
    backups = workspace().backups.all()
    if not backups:
        st.caption(t("No backup yet."))
    for backup in backups:
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(moment_of(backup.made), width="stretch")
            _take_back_button(backup, "settings")


def _take_back_button(backup: Backup, place: str) -> None:
    with st.popover(
        t("Restore the backup of {date}", date=moment_of(backup.made)), key=f"backup:{place}:{backup.name}"
    ):
        st.markdown(
            t("It doesn’t contain conversations and runs made since then. The current state is saved as a file.")
        )
        st.button(
            t("Restore this backup"),
            type="primary",
            key=f"take_back:{place}:{backup.name}",
            on_click=lambda: _take_back(backup.name),
        )


def _take_back(name: str) -> None:
    try:
        st.session_state["backup_taken"] = workspace().take_back(name)
    except FlowloomError as error:
        st.session_state["backup_refused"] = error.problem
        return
    for key in [key for key in st.session_state if str(key).startswith("conversation:")]:
        del st.session_state[key]
