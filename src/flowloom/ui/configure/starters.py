"""The conversation starters as rows: add one, change it, move it up or down, remove it."""

from collections.abc import Sequence

import streamlit as st

from flowloom.configuration.choices import Face
from flowloom.editor import Document
from flowloom.ui.configure.choosing import choose
from flowloom.ui.session import t

MOST, LONGEST = 12, 500
STYLE = """<style>
[class*="st-key-icon_configure"] button {min-width: 1.9rem; min-height: 1.9rem; justify-content: center;}
</style>"""
"""Arrows a finger can hit."""


def draw_starters(document: Document) -> None:
    starters = document.flow.starters
    st.html(STYLE)
    st.markdown("**" + t("Conversation starters") + "**", help=t("They appear as buttons in a new chat."))
    with st.container(gap="small"):
        for number, starter in enumerate(starters):
            _row(document, starters, number, starter)
        if len(starters) < MOST:
            _new(document, starters)
        else:
            st.caption(t("A GPT can have up to {count}.", count=MOST))


def _row(document: Document, starters: Sequence[str], number: int, starter: str) -> None:
    key = f"configure:starter:{document.flow.id}:{number}:{hash(tuple(starters))}"
    with st.container(horizontal=True, vertical_alignment="center", wrap=False, gap=None):
        st.text_input(
            t("Conversation starter {number}", number=number + 1),
            starter,
            max_chars=LONGEST,
            label_visibility="collapsed",
            key=key,
            on_change=lambda: _keep(document, changed(starters, number, st.session_state[key])),
        )
        _button(document, t("Move up"), "arrow_upward", f"{key}:up", moved(starters, number, -1))
        _button(document, t("Move down"), "arrow_downward", f"{key}:down", moved(starters, number, 1))
        _button(document, t("Remove"), "close", f"{key}:remove", changed(starters, number, ""))


def _button(document: Document, label: str, icon: str, key: str, after: Sequence[str]) -> None:
    st.button(
        label,
        icon=f":material/{icon}:",
        type="tertiary",
        help=label,
        # A key that hides the name, which the icon stands for.
        key=f"icon_{key}",
        disabled=list(after) == list(document.flow.starters),
        on_click=lambda: _keep(document, after),
    )


def _new(document: Document, starters: Sequence[str]) -> None:
    key = f"configure:new_starter:{document.flow.id}:{hash(tuple(starters))}"
    st.text_input(
        t("New conversation starter"),
        max_chars=LONGEST,
        placeholder=t("Add a conversation starter"),
        label_visibility="collapsed",
        icon=":material/add:",
        key=key,
        on_change=lambda: _keep(document, [*starters, *_words(st.session_state[key])]),
    )


def _words(text: str) -> list[str]:
    said = " ".join(text.split())
    return [said] if said else []


def changed(starters: Sequence[str], number: int, text: str) -> list[str]:
    """The rows after one was changed; an empty one is gone."""
    return [*starters[:number], *_words(text), *starters[number + 1 :]]


def moved(starters: Sequence[str], number: int, by: int) -> list[str]:
    """The rows after one changed places with its neighbour; as they are where there is none."""
    rows, other = list(starters), number + by
    if 0 <= other < len(rows):
        rows[number], rows[other] = rows[other], rows[number]
    return rows


def _keep(document: Document, starters: Sequence[str]) -> None:
    choose(document, Face({"starters": list(starters)}))
