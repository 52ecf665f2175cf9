"""Everybody in the team, as admins see them: what each may do, their groups, and whether they may come in."""

import streamlit as st

from flowloom.serve.team.pages import MAY, ROLES
from flowloom.store.accounts import Account
from flowloom.ui.acting import me
from flowloom.ui.edits import attempt
from flowloom.ui.formatting import ago
from flowloom.ui.messages import plain
from flowloom.ui.people.inviting import link_to, show_link
from flowloom.ui.session import t
from flowloom.workspace import workspace

SEARCHED_FROM = 8
"""So many people are searched rather than scrolled through."""


def draw_people() -> None:
    by = me()
    if by is None:
        return
    people = workspace().team.accounts.all()
    wanted = _search() if len(people) >= SEARCHED_FROM else ""
    for account in people:
        if wanted in f"{account.shown} {account.name} {' '.join(account.groups)}".casefold():
            _draw_one(by, account, people)
    _draw_groups(by)


def _search() -> str:
    said: str = st.text_input(
        t("Search people"),
        placeholder=t("Search people"),
        icon=":material/search:",
        label_visibility="collapsed",
        key="people_search",
    )
    return said.strip().casefold()


def _draw_one(by: Account, account: Account, people: list[Account]) -> None:
    with st.container(border=True):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(_told(account), width="stretch")
            if account.id == by.id:
                st.badge(t("You"))
            if account.closed is not None:
                st.badge(t("Deactivated"), color="gray")
            with st.popover(t(ROLES[account.role]), icon=":material/manage_accounts:", key=f"person:{account.id}"):
                _draw_change(by, account, people)
        show_link(f"reset:{account.id}")


def _told(account: Account) -> str:
    seen = t("signed in {when}", when=ago(account.seen)) if account.seen else t("never signed in")
    groups = f" · {plain(', '.join(account.groups))}" if account.groups else ""
    return f"**{plain(account.shown)}** `{account.name}`  \n:gray[{seen}{groups}]"


def _draw_change(by: Account, account: Account, people: list[Account]) -> None:
    team, id = workspace().team, account.id
    role, groups = f"role:{id}:{account.role}", f"groups:{id}:{account.groups}"
    st.selectbox(
        t("Role"),
        list(ROLES),
        index=list(ROLES).index(account.role),
        format_func=lambda each: t(ROLES[each]),
        help="  \n".join(f"**{t(ROLES[each])}**: {t(MAY[each])}" for each in ROLES),
        key=role,
        on_change=lambda: attempt(lambda: team.set_role(by, account, st.session_state[role])),
    )
    st.multiselect(
        t("Groups"),
        sorted({*team.accounts.groups(), *account.groups}),
        list(account.groups),
        accept_new_options=True,
        placeholder=t("No group"),
        help=t("They decide which documents somebody may read."),
        key=groups,
        on_change=lambda: attempt(lambda: team.set_groups(by, account, st.session_state[groups])),
    )
    if account.closed is not None:
        _button(t("Activate"), "person_add", f"open:{id}", lambda: team.open(by, account))
        _draw_handing_over(by, account, people)
        _draw_deleting(by, account, people)
        return
    _button(t("Link for a new password"), "lock_reset", f"reset:{id}", lambda: _keep_link(by, account))
    _button(t("Sign out everywhere"), "logout", f"out:{id}", lambda: team.sign_out(by, account))
    if account.id != by.id:
        _button(t("Deactivate"), "person_off", f"close:{id}", lambda: team.close(by, account))


def _button(label: str, icon: str, key: str, action: object) -> None:
    st.button(
        label,
        icon=f":material/{icon}:",
        key=f"person_{key}",
        width="stretch",
        on_click=lambda: attempt(action),  # type: ignore[arg-type]
    )


def _keep_link(by: Account, account: Account) -> None:
    token = workspace().team.joining.reset_link(by, account)
    st.session_state[f"link:reset:{account.id}"] = link_to(token)


def _draw_handing_over(by: Account, account: Account, people: list[Account]) -> None:
    """To whom the GPTs go of somebody who is no longer here."""
    heirs = {each.id: each for each in people if each.builds and each.closed is None and each.id != account.id}
    key = f"heir:{account.id}"
    st.selectbox(
        t("Give their GPTs to"),
        list(heirs),
        index=None,
        format_func=lambda id: heirs[id].shown,
        placeholder=t("Choose a person"),
        key=key,
        on_change=lambda: _hand_over(by, account, heirs.get(st.session_state[key])),
    )


def _draw_deleting(by: Account, account: Account, people: list[Account]) -> None:
    """The way out for good; what becomes of their GPTs and chats is said and chosen first."""
    heirs = {each.id: each for each in people if each.builds and each.closed is None and each.id != account.id}
    with st.form(f"delete:{account.id}", border=True):
        st.markdown(f"**{t('Delete this account')}**")
        heir = st.selectbox(
            t("Their GPTs go to"),
            list(heirs),
            index=None,
            format_func=lambda id: heirs[id].shown,
            placeholder=t("Nobody yet"),
            help=t("Without a person they wait under Workspace until you give them to somebody."),
        )
        kept = st.checkbox(
            t("Keep their chats as long as others are kept"),
            help=t("Otherwise they are deleted now. Nobody can read them either way."),
        )
        st.caption(
            t("Their accounts at other services, ratings and profile are deleted. The log keeps their name.")
        )
        if st.form_submit_button(t("Delete for good"), icon=":material/delete_forever:"):
            attempt(lambda: workspace().team.delete(by, account, heirs.get(heir or ""), kept))
            st.rerun()


def _hand_over(by: Account, account: Account, to: Account | None) -> None:
    if to is not None:
        attempt(lambda: workspace().team.hand_over(by, account, to))
        st.toast(t("Their GPTs now belong to {name}.", name=plain(to.shown)), icon=":material/check:")


def _draw_groups(by: Account) -> None:
    team = workspace().team
    groups = team.accounts.groups()
    if not groups:
        return
    with st.expander(t("Groups ({count})", count=len(groups)), icon=":material/groups:"):
        for name in groups:
            with st.container(horizontal=True, vertical_alignment="center"):
                st.markdown(plain(name), width="stretch")
                st.button(
                    t("Delete"),
                    icon=":material/delete:",
                    type="tertiary",
                    key=f"group_delete:{name}",
                    on_click=lambda name=name: attempt(lambda: team.delete_group(by, name)),
                )
