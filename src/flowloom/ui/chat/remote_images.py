"""Below an answer: the pictures of other computers that it names, shown where the person said so."""

import asyncio

import streamlit as st

from flowloom.errors import FlowloomError
from flowloom.flow.model import Flow
from flowloom.kinds.consents import PICTURES_OF
from flowloom.services.network.remote_images import fetch_picture, host_of_picture
from flowloom.store.runs import ChatTurn
from flowloom.ui.chat.markdown import pictures_of
from flowloom.ui.messages import plain
from flowloom.ui.session import t
from flowloom.workspace import workspace

WIDTH = 640
MOST = 12
"""Pictures of one answer; what a text lists beyond them stays a link."""
KEPT = 3_600
"""Seconds for which a picture is not asked for again, however often the page is drawn."""


def draw_far_pictures(flow: Flow, turn: ChatTurn) -> None:
    """For each host either its pictures or the question whether to show them."""
    consents = workspace().consents
    for host, pictures in _by_host(turn.text).items():
        key = f"pictures:{flow.id}:{turn.run_id}:{turn.number}:{host}"
        if consents.find(flow.id, host) is False:  # nothing of this GPT may go there
            continue
        if consents.find(flow.id, PICTURES_OF + host) or st.session_state.get(f"{key}:shown"):
            _show(flow.id, host, pictures)
        else:
            _ask(flow.id, host, key)


def _by_host(text: str) -> dict[str, list[tuple[str, str]]]:
    found: dict[str, list[tuple[str, str]]] = {}
    if "![" not in text:
        return found
    for said, address in list(dict.fromkeys(pictures_of(text)))[:MOST]:
        try:
            found.setdefault(host_of_picture(address), []).append((said, address))
        except FlowloomError:  # it leads nowhere
            continue
    return found


def _ask(flow_id: str, host: str, key: str) -> None:
    learns = t(
        "Your computer will load them from {host}, which can see the addresses in the answer.",
        host=plain(host),
    )
    with st.container(horizontal=True):
        st.button(
            t("Show pictures from {host}", host=plain(host)),
            icon=":material/image:",
            help=learns,
            key=key,
            on_click=lambda: st.session_state.update({f"{key}:shown": True}),
        )
        st.button(
            t("Always for this GPT"),
            help=learns,
            type="tertiary",
            key=f"{key}:always",
            on_click=lambda: workspace().consents.keep(flow_id, PICTURES_OF + host, True),
        )


def _show(flow_id: str, host: str, pictures: list[tuple[str, str]]) -> None:
    for said, address in pictures:
        found = _fetched(flow_id, address)
        if found:
            caption = " · ".join(filter(None, (said, host)))
            st.image(found, width=WIDTH, caption=plain(caption), alt=caption)
        else:
            failed = t("A picture from {host} could not be shown.", host=plain(host))
            st.caption(f":material/broken_image: {failed}")


@st.cache_data(max_entries=100, ttl=KEPT, show_spinner=False)
def _fetched(flow_id: str, address: str) -> bytes | None:
    """The picture; None where there is none."""
    try:
        return asyncio.run(fetch_picture(workspace().own_hosts.http, address, 2 * WIDTH))
    except FlowloomError:
        return None
