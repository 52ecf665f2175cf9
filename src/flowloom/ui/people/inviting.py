"""Inviting people: a link that lets one person in, with the role and groups chosen here."""

from datetime import datetime

import streamlit as st

from flowloom.errors import FlowloomError
from flowloom.people.joining import LASTS
from flowloom.serve.team.pages import ROLES
from flowloom.store.accounts import Account
from flowloom.ui.acting import me
from flowloom.ui.edits import attempt
from flowloom.ui.gpt.published_address import own_address
from flowloom.ui.messages import plain, show_problem
from flowloom.ui.session import t
from flowloom.workspace import workspace

LINK = "invitation"


def link_to(token: str) -> str:
    """The whole address of a link."""
    return own_address(token, "invitation")


def draw_inviting() -> None:
    by = me()
    if by is None:
        return
    show_link(LINK)
    with st.form("invite", border=True, clear_on_submit=True):
        whom, role = st.columns([1.4, 1])
        note = whom.text_input(t("For whom"), max_chars=80, placeholder=t("Optional, only admins see it"))
        chosen = role.selectbox(t("Role"), list(ROLES), index=1, format_func=lambda each: t(ROLES[each]))
        where, long = st.columns([1.4, 1])
        groups = where.multiselect(
            t("Groups"),
            workspace().team.accounts.groups(),
            accept_new_options=True,
            placeholder=t("No group"),
        )
        days = long.selectbox(t("Good for"), LASTS, index=1, format_func=_days)
        if st.form_submit_button(t("Create link"), icon=":material/add_link:", type="primary"):
            _invite(by, chosen, groups, note, days)
    _draw_waiting(by)


def _days(days: int) -> str:
    return t("1 day") if days == 1 else t("{count} days", count=days)


def _invite(by: Account, role: str, groups: list[str], note: str, days: int) -> None:
    try:
        token = workspace().team.joining.invite(by, role, groups, note, days)  # type: ignore[arg-type]
    except FlowloomError as error:
        show_problem(error.problem)
        return
    st.session_state[f"link:{LINK}"] = link_to(token)
    st.rerun()


def show_link(name: str) -> None:
    """A link that was just made; it is shown once."""
    key = f"link:{name}"
    if key not in st.session_state:
        return
    with st.container(border=True):
        st.code(st.session_state[key], language=None, wrap_lines=True)
        st.warning(
            t("It is shown only now and works once. Send it only to the person it is for."),
            icon=":material/visibility_off:",
        )
        st.button(t("I copied it"), key=f"{key}:copied", on_click=lambda: st.session_state.pop(key, None))


def _draw_waiting(by: Account) -> None:
    joining = workspace().team.joining
    for each in joining.open():
        with st.container(horizontal=True, vertical_alignment="center"):
            until = datetime.fromtimestamp(each.expires).strftime("%Y-%m-%d")
            name = f"**{plain(each.note)}** · " if each.note else ""
            groups = f" · {plain(', '.join(each.groups))}" if each.groups else ""
            told = t("invited by {name}, until {day}", name=plain(each.made_by), day=until)
            st.markdown(f"{name}{t(ROLES[each.role])}{groups}  \n:gray[{told}]", width="stretch")
            st.button(
                t("Take back"),
                icon=":material/link_off:",
                type="tertiary",
                key=f"take_back:{each.id}",
                on_click=lambda each=each: attempt(lambda: joining.take_back(by, each)),
            )
