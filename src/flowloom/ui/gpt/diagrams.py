"""Small drawings of flows."""

import streamlit as st

from flowloom.flow.model import Flow
from flowloom.serve.picture import picture
from flowloom.ui.messages import label_of
from flowloom.ui.session import language, t

NAMED = 12
"""Blocks whose names stand for the drawing where it cannot be seen."""


def draw_picture(flow: Flow) -> None:
    """A small drawing of a flow, in the colours of the page."""
    dark = st.context.theme.type == "dark"
    st.image(picture(flow, language(), dark=dark), width="stretch", alt=_in_words(flow))


def _in_words(flow: Flow) -> str:
    names = [label_of(node) for node in flow.nodes[:NAMED]]
    more = ["…"] if len(flow.nodes) > NAMED else []
    return t("Diagram of the flow: {blocks}", blocks=", ".join([*names, *more]))
