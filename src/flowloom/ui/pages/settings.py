"""Settings: models and keys, the services GPTs may use, what may leave, and the language."""

import asyncio
from collections.abc import Callable, Sequence

import streamlit as st

from flowloom.errors import FlowloomError
from flowloom.services.models.probe import find_ollama
from flowloom.services.models.settings import PRACTICE, ROLES, ModelSettings
from flowloom.ui.actions.connections import draw_connections
from flowloom.ui.consents import draw_consents
from flowloom.ui.databases import draw_databases
from flowloom.ui.fields import ROLE_LABELS
from flowloom.ui.large_python import draw_large_python
from flowloom.ui.mail import draw_mail
from flowloom.ui.mcp.servers import draw_mcp_servers
from flowloom.ui.media_models import draw_media_roles
from flowloom.ui.memory import draw_facts
from flowloom.ui.own_hosts import draw_own_hosts
from flowloom.ui.providers import draw_add_provider, draw_provider, ollama_provider
from flowloom.ui.recovery import draw_backups
from flowloom.ui.session import language_choice, t
from flowloom.ui.speech import show_problem
from flowloom.ui.telemetry import draw_traces
from flowloom.ui.tour import tour_button
from flowloom.ui.web_search import draw_web_search
from flowloom.workspace import workspace

ROLE_HELP = {
    "default": "Used wherever a block doesn’t choose another model.",
    "fast": "For quick steps, such as sorting messages.",
    "careful": "For hard questions.",
}
BY_WORDS = ""


def show() -> None:
    st.title(t("Settings"), anchor=False)
    services: dict[str, Callable[[], None]] = {
        "Models": _models,
        "Accounts": draw_connections,
        "MCP servers": draw_mcp_servers,
        "Databases": draw_databases,
        "Email": draw_mail,
        "Web search": draw_web_search,
        "About you": draw_facts,
    }
    choices: dict[str, Callable[[], None]] = {
        "Language": lambda: language_choice("settings_language"),
        "First steps": lambda: tour_button("tour_again"),
        "Default models": _roles,
        "Images and voice": lambda: draw_media_roles(workspace().models.settings),
        "Document search": _embedding,
        "Data permissions": draw_consents,
        "Python with pandas": draw_large_python,
        "Local network": draw_own_hosts,
        "Traces": draw_traces,
        "Backups": draw_backups,
    }
    _index([*services, *choices])
    left, right = st.columns([1.6, 1], gap="large")
    for column, sections in ((left, services), (right, choices)):
        with column:
            for name, draw in sections.items():
                st.subheader(t(name), anchor=_anchor(name))
                draw()


def _index(names: Sequence[str]) -> None:
    """A link to each section, as the page is long."""
    st.markdown(" · ".join(f"[{t(name)}](#{_anchor(name)})" for name in names))


def _anchor(name: str) -> str:
    return name.lower().replace(" ", "-")


def _models() -> None:
    try:
        _providers(workspace().models.settings)
    except FlowloomError as error:
        show_problem(error.problem)


def _providers(settings: ModelSettings) -> None:
    with st.container(border=True):
        st.markdown("**" + t("Practice model") + "** · " + t("built in, no key needed"))
        st.caption(
            t(
                "This isn’t a real AI: it follows simple rules so you can build and try GPTs before "
                "choosing a model."
            )
        )
    _found_ollama(settings)
    for provider in settings.providers:
        if provider.kind != "practice":
            draw_provider(settings, provider)
    draw_add_provider(settings)


@st.cache_data(ttl=20, show_spinner=False)
def _ollama_models() -> list[str]:
    return asyncio.run(find_ollama())


def _found_ollama(settings: ModelSettings) -> None:
    if settings.provider("ollama"):
        return
    models = _ollama_models()
    if not models:
        return
    with st.container(border=True, horizontal=True, vertical_alignment="center"):
        st.markdown(
            t("Ollama is running on this computer with {count} models.", count=len(models)), width="stretch"
        )
        st.button(
            t("Use it"),
            type="primary",
            key="use_ollama",
            on_click=lambda: workspace().models_changed(settings.with_provider(ollama_provider(models))),
        )


def _roles() -> None:
    settings = workspace().models.settings
    choices = list(dict.fromkeys([PRACTICE, *settings.choices()]))
    for role in ROLES:
        playing = settings.roles.get(role, PRACTICE)
        options = choices if playing in choices else [*choices, playing]
        key = f"role:{role}:{playing}"
        st.selectbox(
            t(ROLE_LABELS[role]),
            options,
            index=options.index(playing),
            format_func=lambda choice: t("Practice model") if choice == PRACTICE else choice,
            help=t(ROLE_HELP[role]),
            key=key,
            on_change=lambda role=role, key=key: _play(settings, role, st.session_state[key]),
        )


def _play(settings: ModelSettings, role: str, model: str) -> None:
    workspace().models_changed(settings.model_copy(update={"roles": {**settings.roles, role: model}}))


def _embedding() -> None:
    settings = workspace().models.settings
    current = settings.embedding or BY_WORDS
    options = list(dict.fromkeys([BY_WORDS, *_without_practice(settings), current]))
    key = f"embedding:{current}"
    st.selectbox(
        t("Embedding model"),
        options,
        index=options.index(current),
        format_func=lambda choice: choice or t("None: search by words"),
        accept_new_options=True,
        help=t("Finds passages by meaning. Enter provider/model, for example openai/text-embedding-3-small."),
        key=key,
        on_change=lambda: _embed(settings, st.session_state[key]),
    )
    if settings.embedding:
        st.caption(t("Documents you already added will be read again at the next question."))


def _without_practice(settings: ModelSettings) -> list[str]:
    return [choice for choice in settings.choices() if choice != PRACTICE]


def _embed(settings: ModelSettings, model: str | None) -> None:
    provider, slash, name = (model or "").partition("/")
    if model and not (slash and name and settings.provider(provider)):
        st.toast(t("Enter provider/model, using a provider you have added."), icon=":material/error:")
        return
    workspace().models_changed(settings.model_copy(update={"embedding": model or None}))
