"""The rules of a workspace, as admins set them: who may build, share, bring in, and which models and hosts."""

from collections.abc import Callable

import streamlit as st

from flowloom.people.permissions import EVERYBODY, Action, Permissions, Who
from flowloom.services.models.settings import PRACTICE_PROVIDER
from flowloom.store.accounts import Account
from flowloom.ui.acting import me
from flowloom.ui.edits import attempt
from flowloom.ui.formatting import lines_of
from flowloom.ui.messages import plain
from flowloom.ui.session import t
from flowloom.workspace import workspace

ADMINS = "\0admins"
"""Stands among groups for nobody else; no group can be called so."""
RULES: dict[Action, tuple[str, str]] = {
    "build": ("Who builds GPTs", "Of those whose role is Builder."),
    "publish": ("Who shares in the workspace", "With people, groups or everyone here."),
    "publish_outside": ("Who shares outside", "With anyone who has the address, in the store, and with programs."),
    "bring_in": ("Who brings in GPTs", "From files, other builders and other stores."),
    "connect": ("Whose GPTs reach any host", "For all others, only the hosts below."),
}


def draw_rules() -> None:
    by = me()
    if by is None:
        return
    st.caption(
        t("Without a group, a rule is for everyone. Admins may always. GPTs follow the rules of their owner.")
    )
    now = workspace().team.console.permissions
    for action, (label, help) in RULES.items():
        _draw_who(label, help, getattr(now, action), f"rule:{action}", _setter(by, now, action))
    _draw_hosts(by, now)
    st.toggle(
        t("Anyone may visit the store"),
        now.store_is_open,
        help=t("Off: only people with an account here see it, and chat with the GPTs in it."),
        key=f"rule:store:{now.store_is_open}",
        on_change=lambda: attempt(lambda: _open_store(by, now)),
    )


def _open_store(by: Account, now: Permissions) -> None:
    workspace().team.console.change(by, now.model_copy(update={"store_is_open": not now.store_is_open}))


def draw_models() -> None:
    """Which models are for whom."""
    by, settings = me(), workspace().models.settings
    if by is None:
        return
    now = workspace().team.console.permissions
    providers = [each for each in settings.providers if each.id != PRACTICE_PROVIDER.id]
    if not providers:
        st.caption(t("No model is set up yet."))
    for provider in providers:
        every = t("All models of {provider}", provider=provider.label)
        _draw_model(by, now, provider.id, every)
        for model in provider.models:
            _draw_model(by, now, f"{provider.id}/{model}", model)


def _draw_model(by: Account, now: Permissions, name: str, label: str) -> None:
    def keep(who: Who) -> None:
        others = {each: rule for each, rule in now.models.items() if each != name}
        models = others if who == EVERYBODY else {**others, name: who}
        workspace().team.console.change(by, now.model_copy(update={"models": models}))

    _draw_who(plain(label), "", now.models.get(name, EVERYBODY), f"model:{name}", keep)


def _setter(by: Account, now: Permissions, action: Action) -> Callable[[Who], None]:
    return lambda who: workspace().team.console.change(by, now.model_copy(update={action: who}))


def _draw_who(label: str, help: str, who: Who, name: str, keep: Callable[[Who], None]) -> None:
    chosen = [] if who.groups is None else list(who.groups) or [ADMINS]
    known = {*workspace().team.accounts.groups(), *(who.groups or ())}
    key = f"{name}:{chosen}"
    st.multiselect(
        t(label) if help else label,
        [ADMINS, *sorted(known)],
        chosen,
        format_func=lambda each: t("Only admins") if each == ADMINS else each,
        placeholder=t("Everyone"),
        help=t(help) if help else None,
        key=key,
        on_change=lambda: attempt(lambda: keep(who_of(st.session_state[key], before=chosen))),
    )


def who_of(chosen: list[str], before: list[str]) -> Who:
    """What was chosen: “only admins” goes where a group is added to it, and groups where it is."""
    if not chosen:
        return EVERYBODY
    if ADMINS in chosen and (ADMINS not in before or len(chosen) == 1):
        return Who(groups=())
    return Who(groups=tuple(each for each in chosen if each != ADMINS))


def _draw_hosts(by: Account, now: Permissions) -> None:
    key = f"rule:hosts:{now.hosts}"
    st.text_area(
        t("Hosts that every GPT may reach"),
        "\n".join(now.hosts),
        placeholder="api.example.org\n*.example.com",
        help=t("One per line. For email it is what follows the @; for MCP servers that are programs, their name."),
        key=key,
        on_change=lambda: attempt(lambda: _keep_hosts(by, now, st.session_state[key])),
    )


def _keep_hosts(by: Account, now: Permissions, said: str) -> None:
    hosts = tuple(dict.fromkeys(line.lower()[:253] for line in lines_of(said)))[:500]
    workspace().team.console.change(by, now.model_copy(update={"hosts": hosts}))
