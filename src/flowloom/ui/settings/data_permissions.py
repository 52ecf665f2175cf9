"""Who gets data: what was allowed or forbidden once for all, by GPT and host, and the way to take it back."""

import streamlit as st

from flowloom.kinds.consents import ANY_PAGE, PICTURES_OF
from flowloom.store.consents import Consent
from flowloom.ui.formatting import ago
from flowloom.ui.messages import names_of_gpts, plain
from flowloom.ui.session import t
from flowloom.workspace import workspace


def draw_consents() -> None:
    decided = workspace().consents.all()
    st.caption(
        t("What you always allow or never allow. Remove one to be asked again.")
        if decided
        else t(
            "Before a GPT sends something to another computer for the first time, the chat shows you what and asks."
        )
    )
    names = names_of_gpts()
    for consent in decided:
        if consent.flow in names:
            _draw_one(consent, names[consent.flow])


def _draw_one(consent: Consent, name: str) -> None:
    icon = ":green[:material/check_circle:]" if consent.allowed else ":red[:material/block:]"
    host = _named(consent.host)
    said = t("always allowed") if consent.allowed else t("never allowed")
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(f"{icon} {plain(name)} → **{plain(host)}** :gray[{said}, {ago(consent.at)}]", width="stretch")
        st.button(
            t("Remove"),
            icon=":material/undo:",
            type="tertiary",
            key=f"consent:{consent.flow}:{consent.host}",
            on_click=lambda: workspace().consents.take_back(consent.flow, consent.host),
        )


def _named(host: str) -> str:
    if host.startswith(PICTURES_OF):
        return t("pictures from {host}", host=host.removeprefix(PICTURES_OF))
    return t("any web page") if host == ANY_PAGE else host
