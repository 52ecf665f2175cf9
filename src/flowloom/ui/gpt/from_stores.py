"""A GPT of another store on its way in: fetched once, checked, and laid where dropped files lie."""

import asyncio
import shutil
from tempfile import TemporaryFile

import streamlit as st

from flowloom.errors import FlowloomError
from flowloom.gallery.subscriptions import Subscriptions
from flowloom.ui.drop_zone import forget_files, window_of
from flowloom.ui.messages import plain, show_problem
from flowloom.ui.session import t
from flowloom.workspace import workspace

WANTED, REFUSED, FROM, IMPORTING = "get", "get_refused", "get_from", "import"


def take_wanted() -> bool:
    """Whether the address asks for a GPT of another store, as `get=STORE/NAME`: it is fetched, once."""
    asked = st.query_params.get(WANTED, "")
    if not asked:
        return False
    del st.query_params[WANTED]
    forget_files(IMPORTING)
    for key in (REFUSED, FROM):
        st.session_state.pop(key, None)
    try:
        workspace().team.console.require("bring_in")
        with st.spinner(t("Fetching the GPT…")):
            st.session_state[FROM] = (window_of(IMPORTING), _fetch(workspace().subscriptions, asked))
    except FlowloomError as error:
        st.session_state[REFUSED] = (window_of(IMPORTING), error.problem)
    return True


def _fetch(subscriptions: Subscriptions, asked: str) -> str:
    """Lay its capsule into the window of imports; the address it came from."""
    feed, _, slug = asked.partition("/")
    found, item = subscriptions.find(feed, slug)
    with TemporaryFile() as held:
        asyncio.run(subscriptions.fetch(feed, slug, held))
        with workspace().uploads.coming(window_of(IMPORTING), f"{item.slug}.capsule") as file:
            shutil.copyfileobj(held, file)
    return found.address


def show_wanted() -> None:
    """Above the window of imports: where what lies there came from, or why nothing came."""
    window, problem = st.session_state.get(REFUSED, (None, None))
    if problem and window == st.session_state.get(f"{IMPORTING}_window"):
        show_problem(problem)
    window, address = st.session_state.get(FROM, (None, None))
    if address and window == st.session_state.get(f"{IMPORTING}_window"):
        st.caption(t("From another store: {address}", address=plain(address)))
