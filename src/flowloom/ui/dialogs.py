"""The window over the page: which one is open, until it is closed.

A popover that draws its content when it opens would not do: a click beside it that leads to another page closes
it as well, and Streamlit then draws the page that is left instead of the one that was asked for.
"""

from collections.abc import Callable
from typing import Literal

import streamlit as st


def open_dialog(name: str) -> None:
    """Call it in `on_click`."""
    st.session_state["dialog"] = name


def close_dialog() -> None:
    st.session_state.pop("dialog", None)


def draw_dialog(
    name: str, title: str, draw: Callable[[], None], width: Literal["small", "large"] = "small"
) -> None:
    """Show the window if it is the one that is open."""
    if st.session_state.get("dialog") == name:
        st.dialog(title, width=width, position="right", on_dismiss=close_dialog)(_content)(name, draw)


def _content(name: str, draw: Callable[[], None]) -> None:
    # A click in a window draws only the window anew.
    if st.session_state.get("dialog") != name:
        st.rerun()
    draw()
