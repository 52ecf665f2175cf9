"""Knowledge: the bases that several GPTs may search, and what is in each."""

import streamlit as st

from flowloom.errors import FlowloomError
from flowloom.ui.acting import my_bases
from flowloom.ui.knowledge.cards import draw_cards
from flowloom.ui.knowledge.one import draw_base
from flowloom.ui.messages import show_problem
from flowloom.ui.session import current_base
from flowloom.workspace import workspace


def show() -> None:
    base_id = current_base()
    if base_id:
        try:
            base = workspace().shared.get(base_id if my_bases()(base_id) else "")
        except FlowloomError as error:
            st.session_state.pop("base", None)
            show_problem(error.problem)
        else:
            draw_base(base)
            return
    draw_cards()
