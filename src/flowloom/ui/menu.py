"""The menu of a card: what else one may do with it."""

from collections.abc import Callable, Mapping

import streamlit as st

from flowloom.ui.session import t


def draw_more(key: str, labels: Mapping[str, str], choose: Callable[[str], None]) -> None:
    """A button with choices; `choose` is called with the one that was taken.

    A popover would stay open over the card that comes to its place.
    """
    st.menu_button(
        t("More"),
        list(labels),
        format_func=labels.__getitem__,
        icon=":material/more_horiz:",
        key=key,
        on_click=lambda: choose(st.session_state[key]),
    )
