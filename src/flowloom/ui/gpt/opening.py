"""Making an empty GPT, and opening one on the page Build: at its chat, with nothing of the one before."""

from contextlib import suppress

import streamlit as st

from flowloom.errors import StoreError
from flowloom.flow.model import Flow
from flowloom.ui.panels import show_panel
from flowloom.ui.session import go, t
from flowloom.workspace import workspace

OF_ONE_GPT = ("focus", "focus_overtaken", "focus_reached", "canvas_selected", "preview", "selected")
"""What a visit remembers of the GPT that is open."""


def create_empty(language: str, description: str = "") -> Flow:
    """A new GPT without blocks, with a name of its own."""
    name = workspace().flows.free_name(t("New GPT"))
    fresh = Flow.model_validate({"name": name, "description": description, "language": language})
    return workspace().flows.create(fresh)


def open_gpt(flow_id: str) -> None:
    """Call it in `on_click`, as `go`; what is to be shown otherwise than the chat is said after it."""
    make_current(flow_id)
    go("build")


def make_current(flow_id: str) -> None:
    """The GPT that pages are about from now on; the page that is shown stays."""
    for name in OF_ONE_GPT:
        st.session_state.pop(name, None)
    show_panel("chat")
    st.session_state["gpt"] = flow_id
    with suppress(StoreError):  # What may only be read can still be opened.
        workspace().shelf.opened(flow_id)
