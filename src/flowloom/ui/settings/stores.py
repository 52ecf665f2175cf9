"""Other stores beside one's own: added by their address, believed by their key; and what one offers oneself."""

import asyncio
from collections.abc import Coroutine
from typing import Any

import streamlit as st

from flowloom.errors import FlowloomError
from flowloom.exchange.signing import Signed
from flowloom.gallery.subscriptions import feed_of
from flowloom.store.feeds import Subscribed
from flowloom.store_feed import StoreFeed
from flowloom.ui.edits import attempt
from flowloom.ui.formatting import ago, count_of
from flowloom.ui.gpt.published_address import own_address
from flowloom.ui.messages import plain, show_problem
from flowloom.ui.session import t
from flowloom.workspace import workspace

FIELD, PROBLEM = "other_store", "other_store_problem"


def draw_stores() -> None:
    st.caption(
        t("What other stores let people copy stands in yours under “From other stores”. They are asked hourly.")
    )
    for each in workspace().subscriptions.all():
        _draw_one(each)
    if problem := st.session_state.get(PROBLEM):
        show_problem(problem)
    st.text_input(t("Add a store"), placeholder="https://school.example.org/store", key=FIELD, on_change=_add)
    _draw_own()


def _draw_one(each: Subscribed) -> None:
    subscriptions, feed = workspace().subscriptions, feed_of(each)
    with st.container(border=True):
        with st.container(horizontal=True, vertical_alignment="center"):
            told = f"{count_of('GPT', len(feed.gpts))} · {t('asked {when}', when=ago(each.looked))}"
            st.markdown(f"**{plain(feed.name)}**  \n`{each.address}`  \n:gray[{told}]", width="stretch")
            st.button(
                t("Ask now"),
                icon=":material/refresh:",
                type="tertiary",
                key=f"store_ask:{each.id}",
                on_click=lambda: _do(subscriptions.refresh(each.id)),
            )
            st.button(
                t("Remove"),
                icon=":material/delete:",
                type="tertiary",
                key=f"store_remove:{each.id}",
                on_click=lambda: attempt(lambda: subscriptions.remove(each.id)),
            )
        if each.problem:
            show_problem(each.problem)
        if each.new_key:
            before, now = Signed(each.key).fingerprint, Signed(each.new_key).fingerprint
            st.markdown(t("Key before: {before}. Key now: {now}.", before=f"`{before}`", now=f"`{now}`"))
            st.button(
                t("Accept the new key"),
                key=f"store_accept:{each.id}",
                on_click=lambda: _do(subscriptions.accept(each.id)),
            )


def _do(work: Coroutine[Any, Any, object]) -> None:
    attempt(lambda: asyncio.run(work))


def _add() -> None:
    st.session_state.pop(PROBLEM, None)
    given = st.session_state[FIELD].strip()
    if not given:
        return
    try:
        asyncio.run(workspace().subscriptions.add(given))
        st.session_state[FIELD] = ""
    except FlowloomError as error:
        st.session_state[PROBLEM] = error.problem


def _draw_own() -> None:
    """What this store offers, and what it calls itself."""
    offering = StoreFeed(workspace())
    with st.expander(t("What your store offers"), icon=":material/rss_feed:"):
        st.markdown(
            t(
                "Others can add your store by this address. They get the GPTs in it that their builders let people "
                "copy, and nothing else."
            )
        )
        st.code(f"{own_address('', '').rstrip('/')}/store/feed.json", language=None)
        key = f"store_name:{offering.name}"
        st.text_input(
            t("Name of your store"),
            offering.name,
            max_chars=120,
            key=key,
            on_change=lambda: attempt(lambda: offering.rename(st.session_state[key])),
        )
        if own := workspace().own_key():
            st.caption(t("Key of your store: {key}", key=f"`{Signed(own).fingerprint}`"))
        st.caption(
            t("Without a server of your own: `flowloom store export FOLDER` writes it all for any web host.")
        )
