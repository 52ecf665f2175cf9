"""Edits from the page. Where one is refused the person is told why, and the page stays as it is."""

from collections.abc import Callable

import streamlit as st

from flowloom.editor import Document
from flowloom.errors import FlowloomError
from flowloom.flow.edit import Operation
from flowloom.ui.messages import plain
from flowloom.ui.session import language, t
from flowloom.workspace import workspace

LOOK_EVERY = 1.0
"""Seconds after which edits made elsewhere show in a panel."""


def change(document: Document | str, *operations: Operation) -> None:
    """Edit a flow, or the one of an id."""
    attempt(
        lambda: (workspace().editor.open(document) if isinstance(document, str) else document).edit(*operations)
    )


@st.fragment(run_every=LOOK_EVERY)
def redraw_when_changed(document: Document, drawn: int) -> None:
    """Draw the page anew once the flow is another than at the revision that was drawn."""
    if document.revision != drawn:
        st.rerun()


def draw_undo(document: Document, key: str) -> None:
    """The two buttons that take the last change back, wherever it was made, and bring it again."""
    with st.container(horizontal=True, width="content"):
        st.button(
            t("Undo"),
            icon=":material/undo:",
            key=f"{key}:undo",
            type="tertiary",
            disabled=not document.can_undo,
            on_click=lambda: attempt(document.undo),
        )
        st.button(
            t("Redo"),
            icon=":material/redo:",
            key=f"{key}:redo",
            type="tertiary",
            disabled=not document.can_redo,
            on_click=lambda: attempt(document.redo),
        )


def attempt(edit: Callable[[], object]) -> None:
    try:
        edit()
    except FlowloomError as error:
        refuse(str(error.problem.describe(language())))


def refuse(said: str) -> None:
    st.toast(plain(said), icon=":material/error:")
