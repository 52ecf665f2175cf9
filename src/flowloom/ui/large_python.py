"""Settings: whether code may run in Python with pandas, which is a process of its own behind walls."""

import asyncio

import streamlit as st

from flowloom.services.code.open_code import PANDAS
from flowloom.ui.confirming import confirm_button
from flowloom.ui.session import t
from flowloom.workspace import workspace


def draw_large_python() -> None:
    programs = workspace().programs
    st.caption(
        t(
            "Code for data runs in a small Python. Where code asks for pandas, it can run in a program of its own, "
            "closed off from files, network and other programs."
        )
    )
    if programs.may_run(PANDAS):
        _draw_on()
        return
    confirm_button(
        t("Switch on pandas"),
        t("Code that a model or you wrote will run in this program:"),
        PANDAS,
        t("Python with pandas, closed off by bubblewrap"),
        key="pandas",
    )


def _draw_on() -> None:
    if _has_walls():
        st.markdown(f":green[:material/check_circle: {t('Switched on.')}]")
    else:
        said = t("Switched on, but this computer cannot close it off, so it is not used.")
        st.markdown(f":orange[:material/warning: {said}]")
    st.button(
        t("Switch off pandas"),
        icon=":material/block:",
        key="pandas_off",
        on_click=lambda: workspace().programs.forget(PANDAS),
    )


@st.cache_data(show_spinner=False)
def _has_walls() -> bool:
    return asyncio.run(workspace().code.has_walls())
