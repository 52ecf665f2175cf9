"""What people see of a GPT: its picture, its name and description; and the instructions it follows."""

import asyncio
from typing import Any

import streamlit as st

from flowloom.configuration.choices import Face
from flowloom.editor import Document
from flowloom.errors import FlowloomError, Problem
from flowloom.flow.model import Flow
from flowloom.kinds.media import PictureWish
from flowloom.services.formats.pictures import badge
from flowloom.ui.configure.choosing import choose, choose_other
from flowloom.ui.formatting import number
from flowloom.ui.messages import NO_ICON, icon_of, name_of, show_problem
from flowloom.ui.session import t
from flowloom.workspace import workspace

MOST = 100_000
"""Characters of instructions."""
LONGEST_WISH = 500
ICONS = (
    "forum smart_toy support_agent school translate menu_book science calculate code storefront restaurant "
    "travel_explore gavel health_and_safety fitness_center music_note palette edit_note mail calendar_month "
    "work savings home_repair_service pets public psychology lightbulb rocket_launch"
).split()


def draw_picture(document: Document) -> None:
    """The picture, and a window to change it: a file, an icon, or one that a model makes."""
    flow = document.flow
    with st.container(horizontal=True, vertical_alignment="center", width="content"):
        if flow.picture:
            st.image(flow.picture, width=48, alt=name_of(flow.name))
        label = t("Picture") if flow.picture else f"{icon_of(flow.icon)} " + t("Picture")
        with st.popover(label, key="configure_picture"):
            _upload(document)
            _icons(document)
            _made(document)


def _upload(document: Document) -> None:
    flow = document.flow
    counter = f"configure:pictures:{flow.id}"
    key = f"configure:upload:{flow.id}:{st.session_state.setdefault(counter, 0)}"
    st.file_uploader(
        t("Upload a picture"),
        ["png", "jpg", "jpeg", "webp", "gif"],
        key=key,
        on_change=lambda: _take(document, counter, key),
    )
    _show_failure(flow)
    if flow.picture:
        st.button(
            t("Remove the picture"),
            icon=":material/delete:",
            key=f"configure:no_picture:{flow.id}",
            on_click=lambda: choose(document, Face({"picture": ""})),
        )


def _take(document: Document, counter: str, key: str) -> None:
    file = st.session_state.get(key)
    if file is None:
        return
    st.session_state[counter] += 1
    _keep_picture(document, file.getvalue())


def _keep_picture(document: Document, data: bytes) -> None:
    failed = f"configure:picture_problem:{document.flow.id}"
    st.session_state.pop(failed, None)
    try:
        choose(document, Face({"picture": badge(data)}))
    except FlowloomError as error:
        st.session_state[failed] = error.problem


def _show_failure(flow: Flow) -> None:
    problem: Problem | None = st.session_state.get(f"configure:picture_problem:{flow.id}")
    if problem:
        show_problem(problem)


def _icons(document: Document) -> None:
    icon = document.flow.icon or NO_ICON
    options = list(dict.fromkeys([icon, *ICONS])) if icon not in ICONS else ICONS
    key = f"configure:icon:{document.flow.id}:{icon}:{bool(document.flow.picture)}"
    st.pills(
        t("Or choose an icon"),
        options,
        default=icon,
        required=True,
        format_func=icon_of,
        key=key,
        on_change=lambda: choose_other(
            document, icon, st.session_state[key], lambda now: Face({"icon": now, "picture": ""})
        ),
    )


def _made(document: Document) -> None:
    if not workspace().media.draws():
        st.caption(t("Choose a picture model in Settings to have a picture made."))
        return
    flow = document.flow
    key, wanted = f"configure:wish:{flow.id}", f"configure:wanted:{flow.id}"
    usual = t("A simple, friendly icon for “{name}”. No text.", name=name_of(flow.name))
    st.text_input(t("Or describe one"), usual, max_chars=LONGEST_WISH, key=key)
    st.button(
        t("Make a picture"),
        icon=":material/brush:",
        key=f"configure:make:{flow.id}",
        on_click=lambda: st.session_state.update({wanted: st.session_state[key]}),
    )
    wish = st.session_state.pop(wanted, "")
    if wish.strip():
        with st.spinner(t("Making a picture…")):
            _make(document, wish)
        st.rerun()


def _make(document: Document, wish: str) -> None:
    home = workspace()
    try:
        made = asyncio.run(
            home.media_for(document.flow.id).draw(PictureWish(prompt=wish, language=document.flow.language))
        )
    except FlowloomError as error:
        st.session_state[f"configure:picture_problem:{document.flow.id}"] = error.problem
        return
    _keep_picture(document, made.data)


def draw_name(document: Document) -> None:
    flow = document.flow
    key = f"configure:name:{flow.id}:{flow.name}"
    st.text_input(
        t("Name"),
        flow.name,
        max_chars=120,
        placeholder=t("Untitled GPT"),
        key=key,
        on_change=lambda: _keep(document, "name", flow.name, st.session_state[key].strip()),
    )
    _text(document, "description", flow.description, t("Description"), t("What does it do, and who is it for?"), 90)


def draw_instructions(document: Document) -> None:
    text = document.flow.instructions
    hint = t("How should it behave? All models in this GPT read this first.")
    _text(document, "instructions", text, t("Instructions"), hint, 160)
    st.caption(t("{count} of {most} characters", count=number(len(text)), most=number(MOST)))
    problem = st.session_state.get(f"configure:too_long:{document.flow.id}")
    if problem:
        show_problem(problem)


def _text(document: Document, name: str, value: str, label: str, hint: str, height: int) -> None:
    # The saved value is part of the key, so that a change made elsewhere shows here.
    key = f"configure:{name}:{document.flow.id}:{hash(value)}"
    st.text_area(
        label,
        value,
        placeholder=hint,
        height=height,
        key=key,
        on_change=lambda: _keep(document, name, value, st.session_state[key]),
    )


def _keep(document: Document, name: str, drawn: Any, value: str) -> None:
    # Streamlit also calls back for a widget that was just replaced, its value as it was drawn.
    if value == drawn:
        return
    failed = f"configure:too_long:{document.flow.id}"
    st.session_state.pop(failed, None)
    if name == "instructions" and len(value) > MOST:
        st.session_state[failed] = _too_long(value)
        return
    choose(document, Face({name: value}))


def _too_long(value: str) -> Problem:
    return Problem.of(
        "configure.too_long",
        "The instructions have {count} characters; {most} are possible. What was saved before is still there.",
        "Shorten them, or add long texts as knowledge.",
        count=number(len(value)),
        most=number(MOST),
    )
