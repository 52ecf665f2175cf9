"""Settings: models and keys, the services GPTs may use, what may leave, and the language."""

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

import streamlit as st

from flowloom.errors import FlowloomError
from flowloom.services.models.settings import PRACTICE, ModelSettings
from flowloom.ui.acting import me
from flowloom.ui.actions.connections import draw_connections
from flowloom.ui.gpt.tour import tour_button
from flowloom.ui.mcp.servers import draw_mcp_servers
from flowloom.ui.messages import show_problem
from flowloom.ui.people.deeds import draw_deeds
from flowloom.ui.people.inviting import draw_inviting
from flowloom.ui.people.keeping import draw_ownerless, draw_retention
from flowloom.ui.people.list import draw_people
from flowloom.ui.people.rules import draw_models, draw_rules
from flowloom.ui.people.usage import draw_usage
from flowloom.ui.session import language_choice, t
from flowloom.ui.settings.add_model import draw_add_model
from flowloom.ui.settings.backups import draw_backups
from flowloom.ui.settings.custom_instructions import draw_custom_instructions
from flowloom.ui.settings.data_permissions import draw_consents
from flowloom.ui.settings.databases import draw_databases
from flowloom.ui.settings.local_models import draw_local_models
from flowloom.ui.settings.local_network import draw_own_hosts
from flowloom.ui.settings.mail import draw_mail
from flowloom.ui.settings.media_models import draw_media_roles
from flowloom.ui.settings.memory import draw_facts
from flowloom.ui.settings.model_change import draw_model_change
from flowloom.ui.settings.pandas import draw_large_python
from flowloom.ui.settings.providers import draw_provider
from flowloom.ui.settings.roles import draw_roles
from flowloom.ui.settings.selling import draw_selling
from flowloom.ui.settings.spending import draw_spending
from flowloom.ui.settings.stores import draw_stores
from flowloom.ui.settings.telemetry import draw_traces
from flowloom.ui.settings.web_search import draw_web_search
from flowloom.ui.settings.workers import draw_workers
from flowloom.workspace import workspace

BUILT_IN = ""


class Section(NamedTuple):
    """One thing to set; `words` are what people may call it when they search."""

    name: str
    draw: Callable[[], None]
    words: str


def _sections() -> dict[str, tuple[Section, ...]]:
    """The pages, and what is on each."""
    return {
        "models": (
            Section("Models", _models, "OpenAI, Anthropic, Google, Mistral, Ollama, key, provider, add a model"),
            Section(
                "Default models",
                lambda: draw_roles(workspace().models.settings),
                "fast model, high-quality model, who answers, stand-in, fallback",
            ),
            Section(
                "Images and voice",
                lambda: draw_media_roles(workspace().models.settings),
                "picture, speech, transcribe, read aloud, moderation",
            ),
            Section(
                "Spending",
                lambda: draw_spending(workspace().models.settings),
                "cost, price, money, budget, limit, month, dollars",
            ),
            Section(
                "Change of models",
                lambda: draw_model_change(workspace().models.settings),
                "retired, replace, compare, switch, goes away",
            ),
            Section("Document search", _embedding, "embedding, meaning, knowledge"),
        ),
        "tools": (
            Section("Accounts", draw_connections, "connection, sign in, OAuth, key, password"),
            Section("MCP servers", draw_mcp_servers, "tools, programs"),
            Section("Databases", draw_databases, "SQLite, PostgreSQL, SQL"),
            Section("Email", draw_mail, "SMTP, send, account"),
            Section("Web search", draw_web_search, "Wikipedia, SearXNG, Tavily, Brave"),
            Section("Python with pandas", draw_large_python, "code, data, sandbox"),
        ),
        "privacy": (
            Section("Data permissions", draw_consents, "allow, host, send, pictures, take back"),
            Section("Local network", draw_own_hosts, "computer, address, host"),
            Section("About you", draw_facts, "memory, remember, facts, forget"),
            Section("Custom instructions", draw_custom_instructions, "about me, how to answer, style, tone"),
        ),
        "store": (
            Section("Selling", draw_selling, "price, store, earn, Stripe, invoice, share, currency, payout, IBAN"),
            Section("Other stores", draw_stores, "feed, subscribe, share, GPTs from elsewhere, key"),
        ),
        "general": (
            Section("Language", lambda: language_choice("settings_language"), "English, 中文, Français"),
            Section("First steps", lambda: tour_button("tour_again"), "tour, help, show me around"),
            Section("Backups", draw_backups, "restore, copy, database"),
            Section("Workers", draw_workers, "machines, queue, waiting, background"),
            Section("Traces", draw_traces, "OpenTelemetry, log, collector"),
        ),
    }


def _for_whoever_sits_here() -> dict[str, tuple[Section, ...]]:
    """What they may set: in a team, what counts for all is for admins, and the rest is everybody’s own."""
    account, pages = me(), _sections()
    if account is None:
        return pages
    named = {section.name: section for page in pages.values() for section in page}
    if account.is_admin:
        own = tuple(each for each in pages["privacy"] if each.name != "About you")
        return {"people": PEOPLE, "workspace": WORKSPACE, **pages, "privacy": own}
    return {
        "tools": (named["Accounts"],),
        "privacy": (named["Data permissions"], named["Custom instructions"]),
        "general": (named["Language"], named["First steps"]),
    }


PEOPLE = (
    Section("Invite people", draw_inviting, "invitation, link, new account"),
    Section("People", draw_people, "accounts, roles, groups, password, deactivate"),
    Section("Log", draw_deeds, "audit, who did what, sign-ins"),
)
WORKSPACE = (
    Section("Rules", draw_rules, "who may, build, publish, share, import, hosts, groups, permissions"),
    Section("Models by group", draw_models, "who may use which model"),
    Section("GPTs without an owner", draw_ownerless, "left, hand over, give"),
    Section("How long chats are kept", draw_retention, "retention, delete, days"),
    Section("Use by group", draw_usage, "usage, cost, spend, month"),
)
PAGES = {
    "models": ("Models", ":material/smart_toy:"),
    "tools": ("Tools", ":material/build:"),
    "privacy": ("Privacy", ":material/shield:"),
    "store": ("Store", ":material/storefront:"),
    "general": ("General", ":material/settings:"),
}
OF_A_TEAM = {"people": ("People", ":material/group:"), "workspace": ("Workspace", ":material/domain:")}
STYLE = """<style>
.stMainBlockContainer {max-width: 900px;}
@media (max-width: 640px) {
  [class*="st-key-settings_page"] span:has(> [data-testid="stIconMaterial"]) {display: none;}
}
</style>"""
PAGE = "part"
"""The name of the page in the address, so that one can lead there."""


def show() -> None:
    st.html(STYLE)
    st.title(t("Settings"), anchor=False)
    wanted = st.text_input(
        t("Search settings"),
        placeholder=t("Search all settings"),
        icon=":material/search:",
        label_visibility="collapsed",
        key="settings_search",
    ).strip()
    pages = _for_whoever_sits_here()
    page = _choose_page(list(pages))
    found = _found(wanted, pages) if wanted else pages[page]
    if not found:
        st.caption(t("Nothing found."))
    for section in found:
        st.subheader(t(section.name), anchor=False)
        section.draw()


def _choose_page(shown: list[str]) -> str:
    """The page that is chosen: as the address says where that is new, else as the buttons say."""
    asked, state = st.query_params.get(PAGE, ""), st.session_state
    if asked in shown and (asked != state.get("settings_asked") or "settings_page" not in state):
        state["settings_page"] = state["settings_asked"] = asked
    if state.get("settings_page") not in shown:
        state["settings_page"] = shown[0]
    page = st.segmented_control(
        t("Settings"),
        shown,
        required=True,
        format_func=_label,
        label_visibility="collapsed",
        key="settings_page",
        on_change=_open_page,
    )
    return page or shown[0]


def _label(name: str) -> str:
    label, icon = (PAGES | OF_A_TEAM)[name]
    return f"{icon} {t(label)}"


def _open_page() -> None:
    state = st.session_state
    st.query_params[PAGE] = state["settings_asked"] = state["settings_page"]
    state["settings_search"] = ""


def _found(wanted: str, pages: Mapping[str, Sequence[Section]]) -> list[Section]:
    """The sections whose name or words hold each word searched for, in the language of the visit or in English."""
    sections = [section for page in pages.values() for section in page]
    words = wanted.casefold().split()
    return [section for section in sections if all(word in _searched(section) for word in words)]


def _searched(section: Section) -> str:
    said = (section.name, t(section.name), section.words, t(section.words))
    return " ".join(said).casefold()


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
    draw_add_model(settings)
    draw_local_models(settings)
    for provider in settings.providers:
        if provider.kind not in ("practice", "local"):
            draw_provider(settings, provider)


def _embedding() -> None:
    settings = workspace().models.settings
    current = settings.embedding or BUILT_IN
    options = list(dict.fromkeys([BUILT_IN, *_without_practice(settings), current]))
    key = f"embedding:{current}"
    st.selectbox(
        t("Embedding model"),
        options,
        index=options.index(current),
        format_func=lambda choice: choice or t("Built in (on this computer)"),
        accept_new_options=True,
        help=t(
            "Finds passages by meaning. The built-in model knows 16 languages and needs no key. To use another, "
            "enter provider/model, for example openai/text-embedding-3-small."
        ),
        key=key,
        on_change=lambda: _embed(settings, st.session_state[key]),
    )
    st.caption(t("After a change, your documents are prepared again in the background. You can search meanwhile."))


def _without_practice(settings: ModelSettings) -> list[str]:
    return [choice for choice in settings.choices() if choice != PRACTICE]


def _embed(settings: ModelSettings, model: str | None) -> None:
    provider, slash, name = (model or "").partition("/")
    if model and not (slash and name and settings.provider(provider)):
        st.toast(t("Enter provider/model, using a provider you have added."), icon=":material/error:")
        return
    workspace().models_changed(settings.model_copy(update={"embedding": model or None}))
