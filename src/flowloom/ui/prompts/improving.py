"""The window in which a model writes a prompt better: the old and the new side by side, and the choice."""

from collections.abc import Callable

import streamlit as st

from flowloom.errors import FlowloomError, Problem
from flowloom.services.models.improve import improve, is_real
from flowloom.services.models.settings import ROLES
from flowloom.ui.asking import asked
from flowloom.ui.block.fields import ROLE_LABELS
from flowloom.ui.dialogs import close_dialog, draw_dialog, open_dialog
from flowloom.ui.messages import show_problem
from flowloom.ui.session import current_gpt, go, t
from flowloom.workspace import workspace


def draw_improve(text: str, key: str, use: Callable[[str], None]) -> None:
    """A button below a prompt; `use` gets the new text if the person takes it."""
    name = f"improve:{key}"
    st.button(
        t("Improve this prompt"),
        icon=":material/auto_fix_high:",
        type="tertiary",
        key=name,
        disabled=not text.strip(),
        on_click=lambda: _open(name),
    )
    draw_dialog(name, t("Improve this prompt"), lambda: _draw(text, name, use), width="large")


def _open(name: str) -> None:
    st.session_state.pop(f"{name}:found", None)
    open_dialog(name)


def _draw(text: str, name: str, use: Callable[[str], None]) -> None:
    model = st.selectbox(
        t("Model"),
        list(dict.fromkeys([*ROLES, *workspace().models.settings.choices()])),
        format_func=lambda choice: t(ROLE_LABELS[choice]) if choice in ROLE_LABELS else choice,
        key=f"{name}:model",
    )
    if not _can_write(model):
        return
    wish = st.text_input(
        t("What should be better? (optional)"),
        placeholder=t("For example: {example}", example=t("Shorter, and in a friendlier tone")),
        max_chars=500,
        key=f"{name}:wish",
    )
    if st.session_state.pop(f"{name}:asking", False):
        with st.spinner(t("The model is writing…")):
            st.session_state[f"{name}:found"] = _ask(text, model, wish)
    found: str | Problem | None = st.session_state.get(f"{name}:found")
    st.button(
        t("Improve") if found is None else t("Try again"),
        icon=":material/auto_fix_high:",
        type="secondary" if isinstance(found, str) else "primary",
        key=f"{name}:ask",
        on_click=lambda: st.session_state.update({f"{name}:asking": True}),
    )
    if isinstance(found, Problem):
        show_problem(found)
    elif found is not None:
        _choose(text, found, name, use)


def _can_write(model: str) -> bool:
    """Whether the model can improve anything; if not, why."""
    try:
        if is_real(workspace().models.settings, model):
            return True
        st.info(
            t(
                "The practice model can’t improve prompts, because it isn’t a real AI. Choose a "
                "model in Settings first."
            )
        )
    except FlowloomError as error:
        show_problem(error.problem)
    st.button(
        t("Open Settings"), icon=":material/settings:", key="improve_settings", on_click=lambda: go("settings")
    )
    return False


def _ask(text: str, model: str, wish: str) -> str | Problem:
    try:
        return asked(improve(workspace().models_for(current_gpt() or ""), text, model, wish))
    except FlowloomError as error:
        return error.problem


def _choose(old: str, new: str, name: str, use: Callable[[str], None]) -> None:
    before, after = st.columns(2)
    for place, title, text in ((before, t("Current"), old), (after, t("Suggested"), new)):
        with place:
            st.markdown(f"**{title}**")
            with st.container(border=True, height=320):
                st.text(text)
    with st.container(horizontal=True):
        st.button(
            t("Use this"),
            icon=":material/check:",
            type="primary",
            key=f"{name}:use",
            on_click=lambda: _close_with(lambda: use(new)),
        )
        st.button(t("Keep mine"), key=f"{name}:keep", on_click=close_dialog)


def _close_with(act: Callable[[], None]) -> None:
    act()
    close_dialog()
