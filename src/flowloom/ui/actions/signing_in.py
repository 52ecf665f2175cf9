"""Signing in at another service in the person's own browser."""

from urllib.parse import urlsplit

import streamlit as st

from flowloom.serve.oauth import CALLBACK
from flowloom.services.connections.settings import Connection
from flowloom.ui.session import t
from flowloom.workspace import workspace

LOOK_EVERY = 2.0
"""Seconds after which we look whether the browser has come back."""


def redirect_address() -> str:
    """Where the browser comes back to: this app, by the name it is open under."""
    here = urlsplit(st.context.url or "http://localhost:8501")
    return f"{here.scheme}://{here.netloc}{CALLBACK}"


def draw_sign_in(connection: Connection, key: str) -> None:
    """The way to sign in, or word that one is signed in."""
    name = f"{key}:sign_in:{connection.id}"
    waiting = bool(st.session_state.get(name))
    st.fragment(_draw, run_every=LOOK_EVERY if waiting else None)(connection, name, waiting)


def _draw(connection: Connection, name: str, looking: bool) -> None:
    ready, address = workspace().connections.is_ready(connection), st.session_state.get(name)
    if ready and address:
        st.session_state.pop(name)
        st.rerun()
    if address and not looking:
        st.rerun()  # only the whole page can have a part of it look again and again
    if ready:
        st.markdown(":green[:material/check_circle: " + t("You are signed in.") + "]")
    if address:
        st.link_button(t("Open the sign-in page"), address, icon=":material/open_in_new:", type="primary")
        st.caption(t("It opens in a new tab. Come back when you’re done."))
        return
    st.button(
        t("Sign in again") if ready else t("Sign in"),
        icon=":material/login:",
        key=f"{name}:begin",
        on_click=lambda: _begin(connection, name),
    )


def _begin(connection: Connection, name: str) -> None:
    connections = workspace().connections
    connections.sign_out(connection)
    st.session_state[name] = connections.begin_sign_in(connection, redirect_address())
