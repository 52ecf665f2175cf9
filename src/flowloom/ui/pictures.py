"""Small drawings of flows."""

import streamlit as st

from flowloom.flow.model import Flow
from flowloom.serve.picture import picture
from flowloom.ui.session import language


def draw_picture(flow: Flow) -> None:
    """A small drawing of a flow, in the colours of the page."""
    dark = st.context.theme.type == "dark"
    st.image(picture(flow, language(), dark=dark), width="stretch")
