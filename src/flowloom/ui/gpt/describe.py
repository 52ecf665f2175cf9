"""Start from a sentence: the templates nearest to it, and a model's words where one is chosen in Settings."""

import asyncio
from typing import Any

import streamlit as st

from flowloom.errors import FlowloomError
from flowloom.flow.model import Flow
from flowloom.services.models.settings import PRACTICE
from flowloom.services.models.wording import Wording, write_wording
from flowloom.store.nearest import MOST, Nearest, find_nearest, language_of_wish
from flowloom.store.templates import Template
from flowloom.ui.gpt.opening import create_empty, open_gpt
from flowloom.ui.messages import icon_of, plain, show_problem
from flowloom.ui.session import language, t
from flowloom.workspace import workspace

LONGEST = 500


def draw_wish() -> None:
    wish = st.text_input(
        t("Describe the GPT you want"),
        placeholder=t("For example: a tutor that helps my students with their homework"),
        max_chars=LONGEST,
        icon=":material/auto_awesome:",
        key="wish",
    ).strip()
    if not wish:
        return
    found = find_nearest(wish, language_of_wish(wish, language()))
    if found:
        _cards(wish, found)
        _write(wish, found)
    else:
        _nothing_close(wish)


def _nothing_close(wish: str) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(t("No template matches. Start with an empty canvas."), width="content")
        st.button(
            t("Start with an empty canvas"),
            icon=":material/add:",
            key="wish_empty",
            on_click=lambda: _begin_empty(wish),
        )


def _begin_empty(wish: str) -> None:
    _leave_to(create_empty(language_of_wish(wish, language()), wish))


def _cards(wish: str, found: list[Nearest]) -> None:
    for number, (column, near) in enumerate(zip(st.columns(MOST), found, strict=False)):
        with column.container(border=True, height="stretch", key=f"near:{near.template.id}"):
            _card(wish, near, is_first=number == 0)
    model = _real_model()
    if model:
        st.caption(
            t(
                (
                    "Your description is sent to {model}, which writes the name, description, "
                    "instructions and three conversation starters."
                ),
                model=plain(model),
            )
        )


def _card(wish: str, near: Nearest, is_first: bool) -> None:
    flow = near.template.flow
    st.markdown(f"#### {icon_of(flow.icon)} {plain(flow.name)}")
    st.markdown(plain(flow.description))
    if near.words:  # in meaning alone, there are none
        st.caption(t("Matches: {words}", words=plain(", ".join(near.words))))
    st.button(
        t("Start with this"),
        type="primary" if is_first else "secondary",
        key=f"begin:{near.template.id}",
        on_click=lambda: _begin(wish, near.template),
    )


def _real_model() -> str:
    """The model of the default role, "" where that is the practice model."""
    chosen = workspace().models.settings.roles.get("default", PRACTICE)
    return "" if chosen == PRACTICE else chosen


def _begin(wish: str, template: Template) -> None:
    st.session_state.pop("wish_problem", None)
    if _real_model():
        st.session_state["wish_begun"] = (wish, template.id)
    else:
        _begin_plain(wish, template)


def _begin_plain(wish: str, template: Template) -> None:
    """The template with the sentence before its description."""
    described = f"{wish}\n\n{template.flow.description}"
    _leave_to(workspace().create_from_template(template, {"description": described}))


def _leave_to(flow: Flow) -> None:
    for name in ("wish", "wish_begun", "wish_problem"):
        st.session_state.pop(name, None)
    open_gpt(flow.id)


def _write(wish: str, found: list[Nearest]) -> None:
    """Have the model write for the template that was chosen; what fails is said, and nothing is kept of it."""
    begun = st.session_state.pop("wish_begun", None)
    for near in found:
        if begun == (wish, near.template.id):
            with st.spinner(t("Writing the name, instructions and conversation starters…")):
                _try(wish, near.template)
        problem = st.session_state.get("wish_problem")
        if problem and problem[:2] == (wish, near.template.id):
            _failed(wish, near.template, problem[2])


def _try(wish: str, template: Template) -> None:
    try:
        wording = asyncio.run(_wording(wish, template.flow))
        flow = workspace().create_from_template(template, _changes(wish, wording))
    except FlowloomError as error:
        st.session_state["wish_problem"] = (wish, template.id, error.problem)
        return
    open_gpt(flow.id)
    st.rerun()


async def _wording(wish: str, flow: Flow) -> Wording:
    models = workspace().models
    try:
        return await write_wording(models, wish, flow)
    finally:
        await models.aclose()


def _changes(wish: str, wording: Wording) -> dict[str, Any]:
    return wording._asdict() | {"description": f"{wording.description}\n\n{wish}"}


def _failed(wish: str, template: Template, problem: Any) -> None:
    show_problem(problem)
    st.button(
        t("Use the template unchanged"),
        key="wish_plain",
        on_click=lambda: _begin_plain(wish, template),
    )
