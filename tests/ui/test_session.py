"""What a visit remembers from one pass of the page to the next."""

import pytest
from streamlit.testing.v1 import AppTest


def following_page() -> None:
    import streamlit as st

    from flowloom.ui.pages.build import _follow_selection
    from flowloom.ui.session import look_at

    for happens in st.session_state["happens"]:
        match happens:
            case "look at a":
                look_at("a", "outline")
            case "press chat":
                st.session_state["panel"] = "chat"
            case selected:
                _follow_selection("gpt", selected)
        # The panel takes what is wanted as soon as it is drawn.
        if wanted := st.session_state.pop("wanted_panel", None):
            st.session_state["panel"] = wanted


@pytest.mark.parametrize(
    ("happens", "panel"),
    [
        ([(), ("a",)], "block"),
        ([(), ("a",), ()], "chat"),
        ([(), "look at a", ("a",)], "outline"),
        # Only then the canvas tells that the block is selected.
        ([(), "look at a", "press chat", ("a",)], "chat"),
        ([(), "look at a", ("a",), "press chat", ("b",)], "block"),
        ([(), ("a",), "look at a", "press chat", ("b",), "press chat", ("a",)], "block"),
    ],
)
def test_the_panel_follows_what_a_person_selects(happens: list[object], panel: str) -> None:
    at = AppTest.from_function(following_page)
    at.session_state["happens"], at.session_state["panel"] = happens, None
    at.run()
    assert not at.exception
    assert at.session_state["panel"] == panel
