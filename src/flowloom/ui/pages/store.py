"""Store: the way into it, what is mine there, who I am there, and what waits for whoever looks after it."""

import streamlit as st

from flowloom.ui.acting import is_admin
from flowloom.ui.gpt.published_address import own_address
from flowloom.ui.session import language, t
from flowloom.ui.store.earnings import draw_earnings
from flowloom.ui.store.insights import draw_insights
from flowloom.ui.store.mine import draw_mine, waiting_title
from flowloom.ui.store.profile import draw_builders, draw_profile
from flowloom.ui.store.queue import draw_queue
from flowloom.ui.store.sales import draw_sales


def title() -> str:
    return waiting_title()


def show() -> None:
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.title(t("Store"), anchor=False, width="stretch")
        st.link_button(
            t("Open the store"),
            f"{own_address('', '').rstrip('/')}/store?lang={language()}",
            icon=":material/storefront:",
            type="primary",
        )
    names = [t("My GPTs in the store"), t("Earnings"), t("My profile"), t("Insights")]
    if is_admin():
        # Without counts: a tab that changes its name while one is on it would be left. The menu has the number.
        names += [t("To decide"), t("Sales"), t("Builders")]
    mine, earnings, profile, insights, *others = st.tabs(names, key="store_tabs", on_change="rerun")
    with mine:
        draw_mine()
    with earnings:
        draw_earnings()
    with profile:
        draw_profile()
    with insights:
        draw_insights()
    if others:
        with others[0]:
            draw_queue()
        with others[1]:
            draw_sales()
        with others[2]:
            draw_builders()
