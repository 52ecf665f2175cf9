"""What a GPT says of itself: icon, description, instructions, first questions, limits, protection."""

from typing import Any

import streamlit as st

from flowloom.editor import Document
from flowloom.flow.edit import Describe
from flowloom.ui.edits import change
from flowloom.ui.gpt.limits import draw_limits
from flowloom.ui.gpt.protection import draw_protection
from flowloom.ui.messages import NO_ICON, icon_of
from flowloom.ui.session import t

ICONS = (
    "forum smart_toy support_agent school translate menu_book science calculate code storefront restaurant "
    "travel_explore gavel health_and_safety fitness_center music_note palette edit_note mail calendar_month "
    "work savings home_repair_service pets public psychology lightbulb rocket_launch"
).split()


def draw_about(document: Document) -> None:
    # Beside fields of a fixed height, Streamlit would squeeze the texts rather than scroll.
    with st.container():
        _fields(document)


def _fields(document: Document) -> None:
    flow = document.flow
    _icons(document)
    _text(document, "description", flow.description, t("Description"), t("What does it do, and who is it for?"), 90)
    _text(
        document,
        "instructions",
        flow.instructions,
        t("Instructions"),
        t("How should it behave? All models in this GPT read this first."),
        160,
    )
    _starters(document)
    draw_limits(document)
    draw_protection(document)


def _icons(document: Document) -> None:
    icon = document.flow.icon or NO_ICON
    options = list(dict.fromkeys([icon, *ICONS])) if icon not in ICONS else ICONS
    key = f"about:icon:{document.flow.id}:{icon}"
    with st.popover(f"{icon_of(icon)} " + t("Icon")):
        st.pills(
            t("Icon"),
            options,
            default=icon,
            required=True,
            format_func=icon_of,
            key=key,
            on_change=lambda: _keep(document, "icon", icon, st.session_state[key]),
            label_visibility="collapsed",
        )


def _text(document: Document, name: str, value: str, label: str, hint: str, height: int) -> None:
    # The saved value is part of the key, so that a change made elsewhere shows here.
    key = f"about:{name}:{document.flow.id}:{hash(value)}"
    st.text_area(
        label,
        value,
        placeholder=hint,
        height=height,
        key=key,
        on_change=lambda: _keep(document, name, value, st.session_state[key]),
    )


def _starters(document: Document) -> None:
    value = "\n".join(document.flow.starters)
    key = f"about:starters:{document.flow.id}:{hash(value)}"
    st.text_area(
        t("Conversation starters"),
        value,
        help=t("One per line. They appear as buttons in a new chat."),
        height=110,
        key=key,
        on_change=lambda: _keep(document, "starters", lines_of(value), lines_of(st.session_state[key])),
    )


def lines_of(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def _keep(document: Document, name: str, drawn: Any, value: Any) -> None:
    # Streamlit also calls back for a widget that was just replaced, its value as it was drawn.
    if value != drawn:
        change(document, Describe(changes={name: value}))
