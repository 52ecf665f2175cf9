"""What a person has to know of their data: a damaged database that was set aside, and the backups there are."""

import time

import streamlit as st

from flowloom.errors import FlowloomError
from flowloom.people.problems import A_TEAMS
from flowloom.serve.backups import EVERYTHING
from flowloom.store.archives import ENDING, read_contents
from flowloom.store.backups import Backup
from flowloom.store.postgres_failures import NOT_COPIED
from flowloom.store.uploads import Upload
from flowloom.ui.acting import is_admin, is_team
from flowloom.ui.download import File, save_buttons
from flowloom.ui.drop_zone import draw_drop_zone, forget_files
from flowloom.ui.formatting import count_of, moment_of
from flowloom.ui.messages import show_problem
from flowloom.ui.session import t
from flowloom.workspace import workspace

OVER = ("store.rescued", "store.set_aside", "archive.interrupted")
"""What one only needs to know once."""


def draw_notices() -> None:
    """Above every page as long as there is something to know."""
    notices = workspace().notices()
    if not is_team() and workspace().team.joining.is_set_up():
        notices.append(A_TEAMS)
    for problem in notices:
        show_problem(problem)
    if not any(problem.code in OVER for problem in notices) or not is_admin():
        return
    with st.container(horizontal=True):
        for backup in workspace().backups.all()[:1]:
            _take_back_button(backup, "notice")
        st.button(t("OK"), key="notices_seen", on_click=workspace().notices_seen)


def draw_backups() -> None:
    """Every backup, each with a way back to it, and all that is kept as one file."""
    if taken := st.session_state.pop("backup_taken", None):
        st.success(t("The backup is in use now. The previous state is saved as {file}.", file=taken))
    if moved := st.session_state.pop("backup_restored", None):
        st.success(t("The backup is in use now. The previous state is saved as {file}.", file=moved))
        st.warning(t("Close Flowloom and start it again, so that everything is read anew."))
    if refused := st.session_state.pop("backup_refused", None):
        show_problem(refused)
    _draw_daily()
    if not is_team():  # It holds what is others’, too: there, the command line writes it.
        _draw_everything()


def _draw_daily() -> None:
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


def _draw_everything() -> None:
    """For another computer, or another disk."""
    st.markdown(f"**{t('Everything in one file')}**")
    st.caption(
        t(
            "GPTs, documents, conversations, runs and settings, to keep elsewhere or to move to another computer. "
            "Keys, passwords and model files are not in it."
        )
    )
    name = f"flowloom-{time.strftime('%Y-%m-%d')}{ENDING}"
    save_buttons(EVERYTHING, [File(t("Save everything"), "backup", name)], "save_everything", "button")
    with st.expander(t("Restore from a file"), key="restore_everything", on_change="rerun") as opened:
        if opened.open:
            for upload in draw_drop_zone("backup", ["zip"])[-1:]:
                _draw_brought(upload)


def _draw_brought(upload: Upload) -> None:
    try:
        contents = read_contents(upload.path)
    except FlowloomError as error:
        show_problem(error.problem)
        return
    gpts = sum(name.startswith("flows/") and name.endswith(".json") for name in contents.parts)
    st.markdown(t("Saved on {date}: {gpts}.", date=moment_of(contents.made), gpts=count_of("GPT", gpts)))
    st.markdown(t("It replaces everything that is here now. The current state is saved as a file first."))
    st.button(
        t("Restore this backup"),
        type="primary",
        key="restore_this",
        on_click=lambda: _restore_everything(upload),
    )


def _restore_everything(upload: Upload) -> None:
    try:
        st.session_state["backup_restored"] = workspace().backups.restore_all(upload.path).name
        forget_files("backup")
    except FlowloomError as error:
        st.session_state["backup_refused"] = error.problem


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
