"""Models that run on this computer: choosing a file, trying it, using it everywhere, taking it away."""

from pathlib import Path

import streamlit as st

from flowloom.errors import FlowloomError, Problem
from flowloom.services.models.local.servers import is_installed
from flowloom.services.models.local.trial import Trial, model_files, provider_with, try_out, without
from flowloom.services.models.settings import LOCAL, ModelSettings, Provider
from flowloom.ui.formatting import number, size_of
from flowloom.ui.messages import plain, show_problem
from flowloom.ui.session import t
from flowloom.ui.settings.model_downloads import draw_downloads
from flowloom.workspace import workspace

TRIED, FAILED, FOUND = "local_tried", "local_failed", "local_found"


def draw_local_models(settings: ModelSettings) -> None:
    """The models of this computer, and a field for one more."""
    provider = settings.provider(LOCAL)
    with st.container(border=True, key="local_models"):
        st.markdown(f"**{t('On this computer')}**")
        if not is_installed():
            st.caption(
                t(
                    "A model can also run on this computer, without a key and without a server. To switch this on, "
                    "install Flowloom with its extra “local” (34 MB)."
                )
            )
            return
        st.caption(
            t("A model file (GGUF) answers here, without a key and without a server. Nothing leaves this computer.")
        )
        for name in provider.models if provider else ():
            _draw_model(settings, provider, name)
        _draw_choice(settings)
        come = draw_downloads()
        if come:
            _add(settings, come)


def _draw_choice(settings: ModelSettings) -> None:
    with st.form("local_model", border=False):
        st.text_input(t("Model file or folder"), placeholder="~/models/model.gguf", key="local_place")
        if st.form_submit_button(t("Add model file"), type="primary", icon=":material/network_check:"):
            _look(settings, st.session_state["local_place"].strip().strip("\"'"))
    found: list[Path] = st.session_state.get(FOUND, [])
    if found:
        st.selectbox(t("Model file"), found, format_func=lambda file: file.name, key="local_file")
        st.button(
            t("Add model file"),
            key="local_add",
            on_click=lambda: st.session_state.update({"local_wanted": st.session_state["local_file"]}),
        )
    wanted = st.session_state.pop("local_wanted", None)
    if wanted:
        _add(settings, wanted)
    failed: Problem | None = st.session_state.get(FAILED)
    if failed:
        show_problem(failed)


def _look(settings: ModelSettings, place: str) -> None:
    for name in (FAILED, FOUND):
        st.session_state.pop(name, None)
    if not place:
        st.session_state[FAILED] = Problem.of("model.file", "Enter where the model file is.")
        return
    try:
        found = model_files(Path(place).expanduser().resolve())
    except FlowloomError as error:
        st.session_state[FAILED] = error.problem
        return
    if len(found) == 1:
        _add(settings, found[0])
    else:
        st.session_state[FOUND] = found


def _add(settings: ModelSettings, file: Path) -> None:
    """Keep it if it loads and answers."""
    st.session_state.pop(FAILED, None)
    try:
        with st.spinner(t("Loading the model and asking it something…")):
            trial = try_out(file)
    except FlowloomError as error:
        st.session_state[FAILED] = error.problem
        return
    provider = provider_with(settings.provider(LOCAL), file)
    workspace().models_changed(settings.with_provider(provider))
    st.session_state.setdefault(TRIED, {})[str(file)] = trial
    st.session_state.pop(FOUND, None)
    st.rerun()


def _draw_model(settings: ModelSettings, provider: Provider | None, name: str) -> None:
    if provider is None:
        return
    trial: Trial | None = st.session_state.get(TRIED, {}).get(provider.paths.get(name, ""))
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(f":material/memory: {plain(name)}  \n:gray[{_facts(provider, name, trial)}]", width="stretch")
        st.button(
            t("Use it everywhere"),
            key=f"use_local:{name}",
            type="primary" if trial else "secondary",
            on_click=lambda: _use(settings, name),
        )
        st.button(
            t("Remove"),
            icon=":material/delete:",
            type="tertiary",
            key=f"remove_local:{name}",
            on_click=lambda: _remove(settings, provider, name),
        )


def _facts(provider: Provider, name: str, trial: Trial | None) -> str:
    path = Path(provider.paths.get(name, ""))
    if trial is None:
        try:
            return size_of(path.stat().st_size)
        except OSError:
            return t("The file isn’t there any more: {path}", path=plain(str(path)))
    return " · ".join(
        (
            size_of(trial.model.size),
            t("about {count} words a second", count=number(max(1, round(trial.speed)))),
            t("{size} of memory", size=size_of(trial.memory)),
            t("calls tools") if trial.tools else t("doesn’t call tools"),
        )
    )


def _use(settings: ModelSettings, name: str) -> None:
    workspace().models_changed(settings.played_by(f"{LOCAL}/{name}"))
    st.toast(t("{model} answers in all GPTs now.", model=plain(name)), icon=":material/check_circle:")


def _remove(settings: ModelSettings, provider: Provider, name: str) -> None:
    """The file stays where it is; roles it played go to who stood in for it, or back to the practice model."""
    left = without(provider, name)
    providers = tuple(other for other in settings.providers if other.id != LOCAL)
    if left.models:
        providers = (*providers, left)
    kept = settings.without(f"{LOCAL}/{name}").model_copy(update={"providers": providers})
    workspace().models_changed(kept)
