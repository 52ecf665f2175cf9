"""Small drawings of flows."""

import streamlit as st

from flowloom.flow.model import Flow
from flowloom.serve.difference import side_by_side, united
from flowloom.serve.picture import NONE, Marks, picture
from flowloom.ui.messages import label_of
from flowloom.ui.session import language, t

NAMED = 12
"""Blocks whose names stand for the drawing where it cannot be seen."""


def draw_picture(flow: Flow, marks: Marks = NONE) -> None:
    """A small drawing of a flow, in the colours of the page."""
    dark = st.context.theme.type == "dark"
    st.image(picture(flow, language(), dark=dark, marks=marks), width="stretch", alt=_in_words(flow))


def draw_difference(before: Flow, after: Flow) -> None:
    """Both versions in one drawing, with what its colours say."""
    draw_picture(*united(before, after))
    _draw_legend()


def draw_side_by_side(before: tuple[str, Flow], after: tuple[str, Flow]) -> None:
    """Both versions beside each other, each under its name."""
    drawn = side_by_side(before[1], after[1])
    for column, name, marked in zip(st.columns(2), (before[0], after[0]), drawn, strict=True):
        with column:
            st.caption(name)
            draw_picture(*marked)
    _draw_legend()


def _draw_legend() -> None:
    st.caption(f":green[{t('added')}] · :orange[{t('changed')}] · :red[{t('removed')}]")


def _in_words(flow: Flow) -> str:
    names = [label_of(node) for node in flow.nodes[:NAMED]]
    more = ["…"] if len(flow.nodes) > NAMED else []
    return t("Diagram of the flow: {blocks}", blocks=", ".join([*names, *more]))
