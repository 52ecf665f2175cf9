"""How the web is searched: a server of one's own, and keys of the providers that need one."""

import streamlit as st

from flowloom.errors import FlowloomError
from flowloom.services.web.search import NAMES
from flowloom.services.web.settings import SECRETS, WebSettings
from flowloom.ui.session import language, t
from flowloom.workspace import workspace

KEYED = ("tavily", "brave")


def draw_web_search() -> None:
    settings = workspace().web.settings
    key = f"searxng:{settings.searxng}"
    st.text_input(
        t("Address of your SearXNG server"),
        settings.searxng,
        placeholder="http://localhost:8080",
        help=t("For Search the web blocks that use SearXNG. Its JSON format must be turned on."),
        key=key,
        on_change=lambda: _keep(settings.model_copy(update={"searxng": st.session_state[key].strip()})),
    )
    for provider in KEYED:
        _draw_key(provider)
    st.caption(t("OpenAI uses your OpenAI key. Wikipedia doesn’t need a key."))


def _draw_key(provider: str) -> None:
    name = SECRETS[provider]
    kept = workspace().secrets.has(name)
    if kept:
        with st.container(horizontal=True, vertical_alignment="center"):
            said = t("{provider}: key saved, encrypted.", provider=NAMES[provider])
            st.markdown(f":green[:material/check_circle: {said}]", width="stretch")
            st.button(
                t("Delete key"),
                icon=":material/key_off:",
                type="tertiary",
                key=f"forget:{name}",
                on_click=lambda: workspace().secrets.delete(name),
            )
        return
    key = f"key:{name}"
    st.text_input(
        t("Key for {provider}", provider=NAMES[provider]),
        type="password",
        autocomplete="off",
        key=key,
        on_change=lambda: _keep_key(name, key),
    )


def _keep_key(name: str, key: str) -> None:
    value = st.session_state[key].strip()
    # The page must not hold on to what was typed.
    st.session_state[key] = ""
    try:
        if value:
            workspace().secrets.set(name, value)
    except FlowloomError as error:
        _tell(error)


def _keep(settings: WebSettings) -> None:
    try:
        workspace().web_changed(settings)
    except FlowloomError as error:
        _tell(error)


def _tell(error: FlowloomError) -> None:
    said = error.problem.describe(language())
    st.toast(f"{said.message} {said.hint}", icon=":material/error:")
