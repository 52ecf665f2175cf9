"""A choice of the form, made on the flow as it is now; and the way to what only the canvas shows."""

from collections.abc import Callable, Sequence
from typing import TypeVar

import streamlit as st

from flowloom.configuration.choices import Choice, edits_for
from flowloom.editor import Document
from flowloom.errors import FlowloomError, Problem
from flowloom.ui.edits import attempt
from flowloom.ui.messages import label_of
from flowloom.ui.panels import look_at
from flowloom.ui.session import is_phone, t

T = TypeVar("T")
SHOWN = 6
"""Blocks that are named one by one; the others are counted."""


def choose(document: Document, choice: Choice) -> None:
    """Make a choice as one step that can be undone; where it is refused, the person is told why."""
    attempt(lambda: document.edit_by(lambda flow: edits_for(flow, choice)))


def choose_other(document: Document, drawn: T, chosen: T, choice: Callable[[T], Choice]) -> None:
    """Make a choice where it is another than was drawn.

    Streamlit also calls back for a widget that was just replaced, its value as it was drawn.
    """
    if chosen != drawn:
        choose(document, choice(chosen))


def refusal(document: Document, choice: Choice) -> Problem | None:
    """Why a choice cannot be made, None where it can."""
    try:
        edits_for(document.flow, choice)
    except FlowloomError as error:
        return error.problem
    return None


def draw_blocks(document: Document, said: str, blocks: Sequence[str], key: str) -> None:
    """A sentence, and a button for each block it is about, which shows the block on the canvas."""
    if not blocks:
        return
    with st.container(gap=None):
        st.caption(said)
        with st.container(horizontal=True, gap="small"):
            for id in blocks[:SHOWN]:
                draw_way(document, id, f"{key}:{id}")
            if len(blocks) > SHOWN:
                st.caption(t("and {count} more", count=len(blocks) - SHOWN))


def draw_way(document: Document, node_id: str, key: str) -> None:
    node = document.flow.node(node_id)
    if node:
        st.button(
            label_of(node),
            icon=":material/my_location:",
            type="tertiary",
            key=f"configure:way:{key}",
            help=t("Show on the canvas"),
            # On a phone the canvas is behind a tab.
            on_click=lambda: look_at(node_id, "canvas" if is_phone() else None),
        )
