"""Settings: whether code may run in Python with pandas, which is a process of its own behind walls."""

import asyncio

import streamlit as st

from flowloom.services.code.open_code import PANDAS
from flowloom.ui.session import t
from flowloom.ui.settings.program_confirmation import confirm_button
from flowloom.workspace import workspace


def draw_large_python() -> None:
    programs = workspace().programs
    st.caption(
        t(
            "Data analysis runs in a small built-in Python. Code that needs pandas runs in a "
            "separate, sandboxed program without access to files, the network or other programs."
        )
    )
    if programs.may_run(PANDAS):
        _draw_on()
        return
    confirm_button(
        t("Turn on pandas"),
        t("Code written by you or a model will run in this program:"),
        PANDAS,
        t("Python with pandas, in a sandbox"),
        key="pandas",
    )


def _draw_on() -> None:
    if _has_walls():
        st.markdown(f":green[:material/check_circle: {t('Turned on.')}]")
    else:
        said = t("Turned on, but this computer has no sandbox for it, so it isn’t used.")
        st.markdown(f":orange[:material/warning: {said}]")
    st.button(
        t("Turn off pandas"),
        icon=":material/block:",
        key="pandas_off",
        on_click=lambda: workspace().programs.forget(PANDAS),
    )


@st.cache_data(show_spinner=False)
def _has_walls() -> bool:
    return asyncio.run(workspace().code.has_walls())
