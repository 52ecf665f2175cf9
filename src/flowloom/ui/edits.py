"""Edits from the page. Where one is refused the person is told why, and the page stays as it is."""

from collections.abc import Callable

import streamlit as st

from flowloom.editor import Document
from flowloom.errors import FlowloomError
from flowloom.flow.edit import Operation
from flowloom.ui.messages import plain
from flowloom.ui.session import language
from flowloom.workspace import workspace


def change(document: Document | str, *operations: Operation) -> None:
    """Edit a flow, or the one of an id."""
    attempt(
        lambda: (workspace().editor.open(document) if isinstance(document, str) else document).edit(*operations)
    )


def attempt(edit: Callable[[], object]) -> None:
    try:
        edit()
    except FlowloomError as error:
        refuse(str(error.problem.describe(language())))


def refuse(said: str) -> None:
    st.toast(plain(said), icon=":material/error:")
