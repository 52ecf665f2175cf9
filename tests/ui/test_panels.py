"""What stands beside the canvas."""

import pytest
from streamlit.testing.v1 import AppTest


def page() -> None:
    import streamlit as st

    from flowloom.ui.pages.build import _follow_selection
    from flowloom.ui.panels import draw_panels, look_at

    match st.session_state.pop("happens", None):
        case str() as wish:
            look_at(wish.removeprefix("look at "), None)
        case tuple() as selected:
            _follow_selection("gpt", selected)
    st.text(draw_panels())


@pytest.mark.parametrize(
    ("happens", "panel"),
    [
        ([(), ("a",)], "block"),
        ([(), ("a",), ()], "chat"),
        ([(), "press outline", "look at a", ("a",)], "outline"),
        # Only then the canvas tells that the block is selected.
        ([(), "look at a", "press chat", ("a",)], "chat"),
        ([(), "look at a", ("a",), "press chat", ("b",)], "block"),
        ([(), ("a",), "look at a", "press chat", ("b",), "press chat", ("a",)], "block"),
    ],
)
def test_the_panel_follows_what_a_person_selects(happens: list[object], panel: str) -> None:
    at = AppTest.from_function(page).run()
    for happening in happens:
        if str(happening).startswith("press "):
            at.button_group[0].set_value(str(happening).split()[1]).run()
        else:
            at.session_state["happens"] = happening
            at.run()
    assert not at.exception
    assert at.text[0].value == panel


@pytest.mark.parametrize(
    ("happens", "selected"),
    [
        # The canvas answers to the first wish when there is another already.
        ([(), "look at a", "look at b", ("a",)], ("b",)),
        ([(), "look at a", "look at b", ("a",), ("b",)], ("b",)),
        ([(), "look at a", "look at b", ("a",), ("b",), ("a",)], ("a",)),
        ([(), "look at a", "look at b", ("c",)], ("c",)),
        ([(), "look at a", ("a",), "look at b", ()], ()),
    ],
)
def test_what_the_page_asked_for_last_stays_selected(happens: list[object], selected: tuple[str, ...]) -> None:
    at = AppTest.from_function(page).run()
    for happening in happens:
        at.session_state["happens"] = happening
        at.run()
    assert not at.exception
    assert at.session_state["selected"] == selected


def asking_page() -> None:
    import streamlit as st

    from flowloom.ui.panels import draw_panels, show_panel

    st.button("Show the block", on_click=lambda: show_panel("block"))
    st.text(draw_panels())


def test_a_click_before_the_page_was_drawn_anew_takes_nothing_back() -> None:
    at = AppTest.from_function(asking_page).run()
    before = at.button_group[0].set_value("outline").run()
    buttons = before.button_group[0]
    at.button[0].click().run()
    assert at.text[0].value == "block"
    # The browser may still send what the buttons before them said.
    assert at.button_group[0].key != buttons.key
    assert at.run().text[0].value == "block"
