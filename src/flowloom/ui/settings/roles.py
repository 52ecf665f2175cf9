"""Which models answer where a block chooses none, and who is asked instead where they cannot."""

import streamlit as st

from flowloom.services.models.settings import PRACTICE, ROLES, ModelSettings, Role
from flowloom.ui.block.fields import ROLE_LABELS
from flowloom.ui.session import t
from flowloom.ui.settings.fallbacks import draw_fallbacks
from flowloom.workspace import workspace

HELP: dict[Role, str] = {
    "default": "Used wherever a block doesn’t choose another model.",
    "fast": "For quick steps, such as sorting messages.",
    "careful": "For hard questions.",
}


def draw_roles(settings: ModelSettings) -> None:
    choices = list(dict.fromkeys([PRACTICE, *settings.choices()]))
    for role in ROLES:
        playing = settings.roles.get(role, PRACTICE)
        _draw_model(settings, role, choices, playing)
        others = [choice for choice in choices if choice not in (playing, PRACTICE)]
        if playing != PRACTICE and (others or settings.fallbacks.get(role)):
            draw_fallbacks(settings, role, t(ROLE_LABELS[role]), others)


def _draw_model(settings: ModelSettings, role: Role, choices: list[str], playing: str) -> None:
    options = choices if playing in choices else [*choices, playing]
    key = f"role:{role}:{playing}"
    st.selectbox(
        t(ROLE_LABELS[role]),
        options,
        index=options.index(playing),
        format_func=lambda choice: t("Practice model") if choice == PRACTICE else choice,
        help=t(HELP[role]),
        key=key,
        on_change=lambda: _play(settings, role, st.session_state[key]),
    )


def _play(settings: ModelSettings, role: Role, model: str) -> None:
    line = tuple(other for other in settings.fallbacks.get(role, ()) if other != model)
    update = {"roles": {**settings.roles, role: model}, "fallbacks": {**settings.fallbacks, role: line}}
    workspace().models_changed(settings.model_copy(update=update))
