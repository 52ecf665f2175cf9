"""A first model in one step: its key is tested, and the model offered for everything; what fails is not kept."""

import asyncio
import re
from urllib.parse import urlsplit

import streamlit as st
from pydantic import ValidationError

from flowloom.errors import Problem
from flowloom.services.models.keys import clean_key, problem_of
from flowloom.services.models.presets import PRESETS, Preset
from flowloom.services.models.probe import Found, chatting, find_local
from flowloom.services.models.settings import ModelSettings, Provider
from flowloom.ui.messages import plain, show_problem
from flowloom.ui.session import t
from flowloom.ui.settings.providers import outcome_of
from flowloom.workspace import workspace

OTHER = Preset(id="other", name="", kind="compatible")
FIRST = ("openai", "anthropic", "google", "mistral")
"""Vendors with a button of their own."""
MOST = 40
"""Models of a server that are taken over at once; the others are added by hand."""
ADDING, CONNECTED, FAILED = "adding_model", "model_connected", "model_failed"
_UNFIT = re.compile(r"[^a-z0-9]+")


def draw_add_model(settings: ModelSettings) -> None:
    """What was found on this computer, a button for each vendor, and the form of the one that was chosen."""
    _draw_connected(settings)
    for found in _local_models():
        if not settings.provider(found.preset.id):
            _draw_found(settings, found)
    with st.container(border=True, key="add_model"):
        preset = _chosen(settings)
        if preset:
            _draw_form(settings, preset)
        else:
            _draw_choice(settings)


def _draw_choice(settings: ModelSettings) -> None:
    st.markdown(f"**{t('Add a model')}**")
    free = {preset.id: preset for preset in PRESETS if not settings.provider(preset.id)}
    with st.container(horizontal=True, gap="small"):
        for number, id in enumerate(id for id in FIRST if id in free):
            st.button(
                t("Add {name}", name=free[id].name),
                key=f"add_model:{id}",
                type="secondary" if number else "primary",
                on_click=lambda id=id: st.session_state.update({ADDING: id}),
            )
    others = [*(id for id in free if id not in FIRST), OTHER.id]
    key = f"add_provider:{len(settings.providers)}"
    st.selectbox(
        t("Add a provider"),
        others,
        index=None,
        format_func=lambda id: free[id].name if id in free else t("Another OpenAI-compatible server"),
        placeholder=t("Another provider or server"),
        label_visibility="collapsed",
        key=key,
        on_change=lambda: st.session_state.update({ADDING: st.session_state[key]}),
    )


def _chosen(settings: ModelSettings) -> Preset | None:
    id = st.session_state.get(ADDING)
    preset = next((preset for preset in (*PRESETS, OTHER) if preset.id == id), None)
    return None if preset is None or settings.provider(preset.id) else preset


def _draw_form(settings: ModelSettings, preset: Preset) -> None:
    st.markdown(f"**{preset.name or t('Another OpenAI-compatible server')}**")
    with st.form(f"connect:{preset.id}", border=False):
        name = st.text_input(t("Name"), placeholder=t("My server")) if preset is OTHER else preset.name
        address = preset.base_url
        if preset is OTHER or not preset.needs_key or "<" in preset.base_url:
            address = st.text_input(t("Server address"), preset.base_url, placeholder="http://127.0.0.1:1234/v1")
        label = t("Key (leave empty if the server doesn’t need one)") if preset is OTHER else t("Key")
        given = st.text_input(label, type="password", autocomplete="off") if preset.needs_key else ""
        model = st.text_input(t("Model (leave empty to see what there is)")) if preset is OTHER else ""
        with st.container(horizontal=True):
            sent = st.form_submit_button(t("Test and add"), type="primary", icon=":material/network_check:")
            cancelled = st.form_submit_button(t("Cancel"), type="tertiary")
    if cancelled:
        _forget()
        st.rerun()
    if sent:
        _connect(settings, preset, name.strip(), address, clean_key(given), model.strip())
    _draw_failed(settings, preset)


def _connect(settings: ModelSettings, preset: Preset, name: str, address: str, key: str, model: str) -> None:
    """Try it as it would be kept; keep it if it answers."""
    st.session_state.pop(FAILED, None)
    provider = _provider(settings, preset, name, address, key, model)
    wrong = provider if isinstance(provider, Problem) else problem_of(key, provider)
    if isinstance(provider, Problem) or wrong:
        st.session_state[FAILED] = (preset.id, wrong, None)
        return
    before = _kept_key(provider)
    if key:
        workspace().secrets.set(provider.secret, key)
    with st.spinner(t("Sending a test message…")):
        outcome = outcome_of(provider)
    if isinstance(outcome, Problem):
        _put_back(provider, before)
        st.session_state[FAILED] = (preset.id, outcome, (provider, key))
        return
    _keep(settings, provider.model_copy(update={"models": _models_of(provider, outcome)}))
    st.rerun()


def _provider(
    settings: ModelSettings, preset: Preset, name: str, address: str, key: str, model: str
) -> Provider | Problem:
    wrong = Problem.of("models.address", "The address has to start with http:// or https://.")
    if preset.needs_key and preset is not OTHER and not key:
        return Problem.of("models.key", "Paste the key first.")
    try:
        provider = preset.provider().at(address)
    except ValidationError:
        return wrong
    if preset is not OTHER:
        return wrong if "<" in provider.base_url else provider
    if not provider.base_url:
        return wrong
    host = urlsplit(address).hostname or ""
    id = _free_id(settings, name or host)
    models = (model,) if model else ()
    return provider.model_copy(
        update={"id": id, "name": name or host or id, "secret": id if key else "", "models": models}
    )


def _kept_key(provider: Provider) -> str | None:
    secrets = workspace().secrets
    return secrets.reveal(provider.secret) if provider.secret and secrets.has(provider.secret) else None


def _put_back(provider: Provider, before: str | None) -> None:
    """A key that did not work is not kept."""
    if not provider.secret:
        return
    if before is not None:
        workspace().secrets.set(provider.secret, before)
    elif workspace().secrets.has(provider.secret):
        workspace().secrets.delete(provider.secret)


def _models_of(provider: Provider, offered: list[str]) -> tuple[str, ...]:
    """Those we know to be good where they are offered, else what chats."""
    known = tuple(name for name in provider.models if name in offered)
    return known or chatting(offered)[:MOST] or provider.models


def _keep(settings: ModelSettings, provider: Provider) -> None:
    workspace().models_changed(settings.with_provider(provider))
    _forget()
    st.session_state[CONNECTED] = provider.id


def _forget() -> None:
    for name in (ADDING, FAILED, CONNECTED):
        st.session_state.pop(name, None)


def _draw_failed(settings: ModelSettings, preset: Preset) -> None:
    """Why it did not work; who is offline just now may add it all the same."""
    id, problem, tried = st.session_state.get(FAILED, ("", None, None))
    if id != preset.id or problem is None:
        return
    show_problem(problem)
    if tried:
        st.button(
            t("Add it anyway"),
            type="tertiary",
            key="add_untested",
            on_click=lambda: _keep_untested(settings, *tried),
        )


def _keep_untested(settings: ModelSettings, provider: Provider, key: str) -> None:
    if key:
        workspace().secrets.set(provider.secret, key)
    _keep(settings, provider)
    st.session_state.pop(CONNECTED, None)


def _draw_connected(settings: ModelSettings) -> None:
    """The model that was just added, offered for everything."""
    provider = settings.provider(str(st.session_state.get(CONNECTED)))
    if provider is None or not provider.models:
        return
    with st.container(border=True, key="model_connected"):
        st.success(t("{name} works.", name=plain(provider.label)), icon=":material/check_circle:")
        _draw_use(settings, provider, "connected")


def _draw_found(settings: ModelSettings, found: Found) -> None:
    provider = found.preset.provider().model_copy(update={"models": found.models[:MOST]})
    with st.container(border=True, key=f"found:{found.preset.id}"):
        st.markdown(
            t("{name} is running on this computer. Models: {count}.", name=provider.label, count=len(found.models))
        )
        _draw_use(settings, provider, found.preset.id)


def _draw_use(settings: ModelSettings, provider: Provider, key: str) -> None:
    with st.container(horizontal=True, vertical_alignment="bottom"):
        name = f"use_model:{key}"
        st.selectbox(t("Model"), provider.models, key=name)
        st.button(
            t("Use it everywhere"),
            type="primary",
            key=f"use:{key}",
            on_click=lambda: _use_everywhere(settings, provider, st.session_state[name]),
        )
    st.caption(t("It then answers in all GPTs, unless a block chooses another model."))


def _use_everywhere(settings: ModelSettings, provider: Provider, model: str) -> None:
    workspace().models_changed(settings.with_provider(provider).played_by(f"{provider.id}/{model}"))
    _forget()
    st.toast(t("{model} answers in all GPTs now.", model=plain(model)), icon=":material/check_circle:")


@st.cache_data(ttl=20, show_spinner=False)
def _local_models() -> list[Found]:
    return asyncio.run(find_local())


def _free_id(settings: ModelSettings, name: str) -> str:
    base = _UNFIT.sub("-", name.lower()).strip("-")[:30] or "server"
    taken = {provider.id for provider in settings.providers} | {preset.id for preset in PRESETS} | {"practice"}
    return next(id for id in (base, *(f"{base}-{number}" for number in range(2, 1000))) if id not in taken)
