"""What a workspace keeps, and for how long; and GPTs that nobody looks after."""

import streamlit as st

from flowloom.nodes.knowledge.shared import shared_in
from flowloom.people.console import Ownerless
from flowloom.people.permissions import LONGEST_KEPT
from flowloom.store.accounts import Account
from flowloom.ui.acting import me, my_gpts
from flowloom.ui.edits import attempt
from flowloom.ui.messages import name_of, plain
from flowloom.ui.session import t
from flowloom.workspace import workspace

SHOWN = 50


def _names() -> dict[str, str]:
    """The names of the GPTs that an admin knows of: their own, and those that are shared."""
    mine = {entry.id: name_of(entry.name) for entry in my_gpts()}
    live = workspace().publications.live()
    return {
        each.flow.id: name_of(each.flow.name) for each in live if each.publication.terms.audience != "me"
    } | mine


def draw_retention() -> None:
    by = me()
    if by is None:
        return
    console = workspace().team.console
    usual = console.permissions.keep_days
    st.caption(t(told(usual), days=usual))
    _draw_days(t("Days that conversations are kept"), usual, "keep:all", lambda days: _keep_usual(by, days))
    own, names = console.retention.all(), _names()
    chosen = st.selectbox(
        t("Otherwise for one GPT"),
        sorted(names, key=lambda id: names[id].casefold()),
        index=None,
        format_func=lambda id: names[id],
        placeholder=t("Choose a GPT"),
        key="keep_gpt",
    )
    if chosen:
        _draw_days(
            t("Days that conversations with “{name}” are kept", name=plain(names[chosen])),
            own.get(chosen),
            f"keep:{chosen}",
            lambda days: console.keep(by, chosen, days, names[chosen]),
        )
    for flow, days in own.items():
        name = names.get(flow, t("A GPT that isn’t shared"))
        st.markdown(t("“{name}”: deleted {days} days after the last message", name=plain(name), days=days))


def told(days: int | None) -> str:
    """The sentence that says how long, for every page."""
    if days is None:
        return "Conversations and runs are kept until somebody deletes them."
    return "Conversations and runs are deleted {days} days after the last message. Backups keep them 7 days longer."


def draw_own_retention(flow_id: str, name: str) -> None:
    """For the owner of a GPT: how long what was said to it is kept, where they want it shorter."""
    by = me()
    if by is None:
        return
    console = workspace().team.console
    st.caption(t(told(console.days_of(flow_id)), days=console.days_of(flow_id)))
    _draw_days(
        t("Days that conversations are kept"),
        console.retention.all().get(flow_id),
        f"keep:{flow_id}",
        lambda days: console.keep(by, flow_id, days, name),
    )


def _draw_days(label: str, days: int | None, name: str, keep: object) -> None:
    key = f"{name}:{days}"
    st.session_state.setdefault(key, days)
    st.number_input(
        label,
        min_value=1,
        max_value=LONGEST_KEPT,
        value=None,
        step=1,
        placeholder=t("Without end"),
        key=key,
        on_change=lambda: attempt(lambda: keep(st.session_state[key])),  # type: ignore[operator]
    )


def _keep_usual(by: Account, days: int | None) -> None:
    console = workspace().team.console
    console.change(by, console.permissions.model_copy(update={"keep_days": days}))


def draw_ownerless() -> None:
    by = me()
    if by is None:
        return
    team, found = workspace().team, workspace().belongings.ownerless()
    if not found:
        st.caption(t("Every GPT has an owner."))
        return
    st.caption(t("Nobody looks after these GPTs. What was said to them before stays private."))
    heirs = [each for each in team.accounts.all() if each.builds and each.closed is None]
    for each, name in found[:SHOWN]:
        with st.container(border=True, horizontal=True, vertical_alignment="center"):
            before = t("was {name}’s", name=plain(each.before)) if each.before else t("nobody’s")
            st.markdown(f"**{plain(name_of(name))}**  \n:gray[{before}]", width="stretch")
            _draw_heir(by, each, name_of(name), heirs)
    if len(found) > SHOWN:
        st.caption(t("And {count} more.", count=len(found) - SHOWN))


def _draw_heir(by: Account, each: Ownerless, name: str, heirs: list[Account]) -> None:
    people, key = {one.id: one for one in heirs}, f"ownerless:{each.flow}"
    st.selectbox(
        t("Give it to"),
        list(people),
        index=None,
        format_func=lambda id: people[id].shown,
        placeholder=t("Choose a person"),
        label_visibility="collapsed",
        key=key,
        width=220,
        on_change=lambda: attempt(lambda: _give(by, each.flow, people.get(st.session_state[key]), name)),
    )


def _give(by: Account, flow_id: str, to: Account | None, name: str) -> None:
    home = workspace()
    if to is not None:
        home.team.give(by, flow_id, to, name, shared_in(home.flows.load(flow_id)))
