"""You: who is signed in here, and the way out; only in the app of a team."""

from html import escape

import streamlit as st

from flowloom.serve.team.chats_page import ADDRESS, TITLE
from flowloom.serve.team.pages import MAY, ROLES
from flowloom.ui.acting import me
from flowloom.ui.messages import plain
from flowloom.ui.session import t

LOOK = "display:inline-block;padding:.5rem 1rem;border:1px solid;border-radius:8px;color:inherit"


def show() -> None:
    account = me()
    if account is None:
        return
    st.title(plain(account.shown), anchor=False)
    with st.container(border=True):
        groups = f" · {plain(', '.join(account.groups))}" if account.groups else ""
        st.markdown(f"**{t(ROLES[account.role])}**{groups}  \n`{account.name}`")
        st.caption(t(MAY[account.role]))
        # Not a button of Streamlit, which would open another window.
        label = escape(t("Sign out, password and where you are signed in"))
        st.html(f'<a href="/account" style="{LOOK}">{label}</a>')
        st.html(f'<a href="{ADDRESS}" style="color:inherit">{escape(t(TITLE))}</a>')
