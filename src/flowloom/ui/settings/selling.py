"""How this store sells: currencies, what the host keeps, who sells, and how people pay."""

from collections.abc import Callable

import streamlit as st

from flowloom.earning.settings import MOST_SHARE, STRIPE, STRIPE_WEBHOOK, Way
from flowloom.errors import FlowloomError
from flowloom.money import CURRENCIES
from flowloom.ui.gpt.published_address import own_address
from flowloom.ui.messages import plain, show_problem
from flowloom.ui.session import t
from flowloom.workspace import workspace

WAYS: dict[Way, str] = {"invoice": "By invoice: you say when the money has come", "stripe": "By Stripe"}
PROBLEM = "selling_problem"


def draw_selling() -> None:
    settings = workspace().selling.settings
    st.caption(t("For GPTs in the store that cost something. Without a currency, all of them are free."))
    with st.form("selling", border=False):
        currencies = st.multiselect(t("Currencies"), CURRENCIES, settings.currencies, key="selling_currencies")
        share = st.number_input(
            t("What you keep of each sale, in percent"),
            0.0, MOST_SHARE / 100, settings.share / 100, 0.5, "%.2f",
            help=t("The builder gets the rest. Of your own GPTs, all is yours."),
            key="selling_share",
        )  # fmt: skip
        ways = list(WAYS)
        way = st.radio(
            t("How people pay"), ways, ways.index(settings.provider), format_func=lambda each: t(WAYS[each]),
            key="selling_way",
        )  # fmt: skip
        name = st.text_input(t("Name of the seller"), settings.name, max_chars=70, key="selling_name")
        address = st.text_area(t("Address on invoices"), settings.address, max_chars=500, key="selling_address")
        iban = st.text_input("IBAN", settings.iban, max_chars=50, key="selling_iban")
        bic = st.text_input("BIC", settings.bic, max_chars=20, key="selling_bic")
        if st.form_submit_button(t("Save"), icon=":material/save:"):
            changes = {
                "currencies": tuple(currencies), "share": round(share * 100), "provider": way,
                "name": " ".join(name.split()), "address": address.strip(), "iban": iban, "bic": bic,
            }  # fmt: skip
            _try(lambda: workspace().selling.keep_settings(settings.model_copy(update=changes)))
            st.rerun()
    if problem := st.session_state.pop(PROBLEM, None):
        show_problem(problem)
    if settings.provider == "stripe":
        _draw_stripe()


def _draw_stripe() -> None:
    _draw_key(STRIPE, t("Secret key of Stripe"))
    _draw_key(STRIPE_WEBHOOK, t("Signing secret of the webhook"))
    address = own_address("stripe", "hooks/payments")
    st.caption(t("At Stripe, add a webhook for checkout.session.completed and charge.refunded at this address:"))
    st.code(address, language=None)


def _draw_key(name: str, label: str) -> None:
    secrets, key = workspace().secrets, f"selling_key:{name}"
    if secrets.has(name):
        with st.container(horizontal=True, vertical_alignment="center"):
            said = t("{name} saved, encrypted.", name=label)
            st.markdown(f":green[:material/check_circle: {plain(said)}]", width="stretch")
            st.button(
                t("Delete key"), icon=":material/key_off:", type="tertiary", key=f"forget:{name}",
                on_click=lambda: secrets.delete(name),
            )  # fmt: skip
        return
    st.text_input(label, type="password", autocomplete="off", key=key, on_change=lambda: _keep_key(name, key))


def _keep_key(name: str, key: str) -> None:
    value = st.session_state[key].strip()
    # The page must not hold on to what was typed.
    st.session_state[key] = ""
    if value:
        _try(lambda: workspace().secrets.set(name, value))


def _try(work: Callable[[], None]) -> None:
    try:
        work()
    except FlowloomError as error:
        st.session_state[PROBLEM] = error.problem
