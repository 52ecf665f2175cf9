"""What a person has to know of how a base is searched: that its vectors are being made, or cannot be."""

import streamlit as st

from flowloom.ui.messages import show_problem
from flowloom.ui.session import t
from flowloom.workspace import workspace

LOOK_EVERY = 1.0
"""Seconds after which the page asks how far a base is."""


def draw_preparation(base: str) -> None:
    """How far the vectors of a base are, by its key; nothing where all is as it should be."""
    if workspace().knowledge.matches_by_words:
        st.caption(
            t("Documents are searched by words. Choose an embedding model in Settings to search by meaning.")
        )
        return
    renewal = workspace().knowledge.renewal(base)
    if renewal is None:
        return
    if renewal.problem:
        show_problem(renewal.problem)
        st.caption(
            t(
                "Preparing the search by meaning stopped. It’s tried again automatically; until then, "
                "you can search as before."
            )
        )
        return
    st.fragment(_follow, run_every=LOOK_EVERY)(base)


def _follow(base: str) -> None:
    renewal = workspace().knowledge.renewal(base)
    if renewal is None or renewal.problem:
        st.rerun()
    st.progress(min(renewal.done, 1.0), t("Preparing the search by meaning… You can search meanwhile."))
