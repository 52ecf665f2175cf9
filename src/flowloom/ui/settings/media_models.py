"""Which models draw, speak and listen: for all blocks in Settings, for one block in its form."""

from functools import partial
from typing import Any

import streamlit as st

from flowloom.services.models.settings import MEDIA, PRACTICE, MediaRole, ModelSettings
from flowloom.ui.session import t
from flowloom.ui.settings.fallbacks import draw_fallbacks
from flowloom.workspace import workspace

ROLE_LABELS: dict[MediaRole, str] = {
    "pictures": "Image model",
    "voice": "Text to speech",
    "hearing": "Transcription",
}
BY_ITSELF = ""


def draw_media_model(label: str, value: str, role: str, shared: dict[str, Any]) -> None:
    """The model of one block."""
    options = list(dict.fromkeys([role, *workspace().models.settings.choices(), value]))
    st.selectbox(
        label,
        options,
        index=options.index(value),
        format_func=lambda choice: t("Chosen in Settings") if choice in MEDIA else _name(choice),
        accept_new_options=True,
        **shared,
    )


def draw_media_roles(settings: ModelSettings) -> None:
    """The models of all blocks that name no other."""
    for role in ROLE_LABELS:
        chosen = settings.roles.get(role, BY_ITSELF)
        options = list(dict.fromkeys([BY_ITSELF, PRACTICE, *settings.choices(), chosen]))
        key = f"media:{role}:{chosen}"
        st.selectbox(
            t(ROLE_LABELS[role]),
            options,
            index=options.index(chosen),
            format_func=partial(_told, settings, role),
            accept_new_options=True,
            help=t("Enter provider/model, for OpenAI or an OpenAI-compatible server."),
            key=key,
            on_change=lambda role=role, key=key: _play(settings, role, st.session_state[key]),
        )
        playing = settings.media_model(role)
        others = [choice for choice in settings.choices() if choice not in (playing, PRACTICE)]
        if playing != PRACTICE and (others or settings.fallbacks.get(role)):
            draw_fallbacks(settings, role, t(ROLE_LABELS[role]), others)


def _told(settings: ModelSettings, role: MediaRole, choice: str) -> str:
    if choice:
        return _name(choice)
    roles = {name: model for name, model in settings.roles.items() if name != role}
    found = settings.model_copy(update={"roles": roles}).media_model(role)
    return t("Automatic ({model})", model=_name(found))


def _name(model: str) -> str:
    return t("Practice model") if model == PRACTICE else model


def _play(settings: ModelSettings, role: MediaRole, model: str | None) -> None:
    provider, slash, name = (model or "").partition("/")
    if model and not (slash and name and settings.provider(provider)):
        st.toast(t("Enter provider/model, using a provider you have added."), icon=":material/error:")
        return
    others = {each: found for each, found in settings.roles.items() if each != role}
    workspace().models_changed(settings.model_copy(update={"roles": {**others, role: model} if model else others}))
