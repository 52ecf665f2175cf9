"""The vendors and servers of models a person has added: key, address, model names, a test."""

import asyncio

import streamlit as st
from pydantic import ValidationError

from flowloom.errors import FlowloomError, Problem
from flowloom.services.models.keys import clean_key, problem_of
from flowloom.services.models.probe import chatting, test_provider
from flowloom.services.models.settings import ModelSettings, Provider
from flowloom.ui.edits import refuse
from flowloom.ui.formatting import lines_of
from flowloom.ui.messages import plain, show_problem
from flowloom.ui.session import t
from flowloom.ui.settings.abilities import draw_abilities, measured
from flowloom.workspace import workspace

EXTRAS = {"anthropic": "langchain-anthropic", "google": "langchain-google-genai", "mistral": "langchain-mistralai"}


def draw_provider(settings: ModelSettings, provider: Provider) -> None:
    kept = bool(provider.secret) and workspace().secrets.has(provider.secret)
    # The label stays the same whatever is kept, as another one would close it.
    with st.expander(f"**{plain(provider.label)}**", icon=":material/dns:", key=f"provider:{provider.id}"):
        if provider.kind != "openai":
            _address(settings, provider)
        _key(settings, provider, kept)
        _names(settings, provider)
        _test(settings, provider)
        st.button(
            t("Remove provider"),
            icon=":material/delete:",
            type="tertiary",
            key=f"remove:{provider.id}",
            on_click=lambda: _remove(settings, provider),
        )


def _keep(settings: ModelSettings, provider: Provider) -> None:
    workspace().models_changed(settings.with_provider(provider))


def _address(settings: ModelSettings, provider: Provider) -> None:
    key = f"address:{provider.id}:{provider.base_url}"
    st.text_input(
        t("Server address"),
        provider.base_url,
        placeholder="https://…/v1",
        key=key,
        on_change=lambda: _change_address(settings, provider, st.session_state[key]),
    )


def _change_address(settings: ModelSettings, provider: Provider, address: str) -> None:
    try:
        _keep(settings, provider.at(address))
    except ValidationError:
        refuse(t("The address has to start with http:// or https://."))


def _key(settings: ModelSettings, provider: Provider, kept: bool) -> None:
    if kept:
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(":green[:material/check_circle: " + t("A key is saved, encrypted.") + "]", width="stretch")
            st.button(
                t("Delete key"),
                icon=":material/key_off:",
                type="tertiary",
                key=f"forget_key:{provider.id}",
                on_click=lambda: workspace().secrets.delete(provider.secret),
            )
    with st.form(f"key_form:{provider.id}", clear_on_submit=True, border=False):
        label = t("Replace key") if kept else t("Key (leave empty if the server doesn’t need one)")
        value = st.text_input(label, type="password", autocomplete="off")
        if st.form_submit_button(t("Save key")) and (key := clean_key(value)):
            _save_key(settings, provider, key)


def _save_key(settings: ModelSettings, provider: Provider, key: str) -> None:
    wrong = problem_of(key, provider)
    if wrong:
        show_problem(wrong)
        return
    name = provider.secret or provider.id
    workspace().secrets.set(name, key)
    _keep(settings, provider.model_copy(update={"secret": name}))
    st.rerun()


def _names(settings: ModelSettings, provider: Provider) -> None:
    value = "\n".join(provider.models)
    key = f"models:{provider.id}:{hash(value)}"
    st.text_area(
        t("Model names, one per line"),
        value,
        height=90,
        key=key,
        on_change=lambda: _keep(
            settings, provider.model_copy(update={"models": tuple(lines_of(st.session_state[key]))})
        ),
    )


def _test(settings: ModelSettings, provider: Provider) -> None:
    wish, result, key = f"testing:{provider.id}", f"tested:{provider.id}", f"test_model:{provider.id}"
    if len(provider.models) > 1:
        st.selectbox(t("Model to test"), provider.models, key=key)
    st.button(
        t("Test"),
        icon=":material/network_check:",
        key=f"test:{provider.id}",
        type="primary",
        on_click=lambda: st.session_state.update({wish: True}),
    )
    if st.session_state.get(wish):
        with st.spinner(t("Sending a few test messages…")):
            st.session_state[result] = _tested(provider, str(st.session_state.get(key, "")))
            # Only now: what interrupts the test has the next drawing begin it again.
            del st.session_state[wish]
            st.rerun()
    draw_abilities(settings, provider)
    found = st.session_state.get(result)
    if isinstance(found, list):
        _offer(settings, provider, found)
    elif found:
        show_problem(found)


def _tested(provider: Provider, model: str) -> list[str] | Problem:
    """The models it offers, once what one of them can do is known; else why it does not answer."""
    first = provider.model_copy(update={"models": tuple(dict.fromkeys(filter(None, (model, *provider.models))))})
    found = outcome_of(first)
    if isinstance(found, Problem):
        return found
    asked = next(iter(first.models or chatting(found)), "")
    return (measured(provider, asked) if asked in provider.models else None) or found


def outcome_of(provider: Provider) -> list[str] | Problem:
    """The models it offers, or why it does not answer."""
    try:
        return asyncio.run(test_provider(provider, workspace().secrets))
    except FlowloomError as error:
        return error.problem
    except ImportError:
        package = EXTRAS.get(provider.kind, "openai")
        return Problem.of("models.extra", "Install the package {name} first.", name=package)


def _offer(settings: ModelSettings, provider: Provider, found: list[str]) -> None:
    st.success(t("It works. {count} models available.", count=len(found)))
    new = [name for name in found if name not in provider.models]
    if not new:
        return
    chosen = st.multiselect(t("Add models"), new, key=f"offer:{provider.id}:{len(provider.models)}")
    if chosen:
        added = provider.model_copy(update={"models": (*provider.models, *chosen)})
        st.button(t("Add"), key=f"take:{provider.id}", on_click=lambda: _keep(settings, added))


def _remove(settings: ModelSettings, provider: Provider) -> None:
    """Take it away with its key; roles it played go to who stood in for it, else to practice, or to nobody."""
    if provider.secret and workspace().secrets.has(provider.secret):
        workspace().secrets.delete(provider.secret)
    kept = tuple(other for other in settings.providers if other.id != provider.id)
    left = settings.without(*settings.named(provider.id))
    workspace().models_changed(left.model_copy(update={"providers": kept}))
