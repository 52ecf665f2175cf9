"""What a GPT costs in the store: what people pay, and what its builder gets of that."""

from typing import Literal

import streamlit as st

from flowloom.errors import FlowloomError
from flowloom.money import Kind, Price, plainly, read_amount, sample, written
from flowloom.store.publications import Terms
from flowloom.ui.messages import plain, show_problem
from flowloom.ui.session import language, t
from flowloom.workspace import workspace

KINDS: dict[Kind | Literal["free"], str] = {
    "free": "Free",
    "once": "One price, to use for good",
    "month": "A price for each month",
    "talk": "A price for each conversation",
}
PAYS = {
    "once": "People pay {amount} once. You get {yours} of that.",
    "month": "People pay {amount} for a month, and again when they want another one. You get {yours} of that.",
    "talk": "People pay {amount} for each conversation. You get {yours} of that.",
}


def draw_price(terms: Terms, flow_id: str, key: str) -> Price | None:
    """The price the fields say; one that nothing can be published with where they say none."""
    currencies = workspace().selling.settings.currencies
    if not currencies and terms.price is None:
        st.caption(t("It is free. To ask for a price, prices have to be turned on in Settings under Selling."))
        return None
    before = terms.price
    kinds = list(KINDS)
    kind = st.selectbox(
        t("Price"),
        kinds,
        kinds.index(before.kind if before else "free"),
        format_func=lambda each: t(KINDS[each]),
        key=f"{key}_price",
    )
    return None if kind == "free" else _draw_amount(kind, before, currencies, flow_id, key)


def _draw_amount(kind: Kind, before: Price | None, currencies: tuple[str, ...], flow_id: str, key: str) -> Price:
    amount, currency = st.columns([2, 1])
    offered = list(dict.fromkeys([*currencies, *([before.currency] if before else [])]))
    chosen = currency.selectbox(
        t("Currency"), offered, offered.index(before.currency) if before else 0, key=f"{key}_currency"
    )
    said = amount.text_input(
        t("Amount"),
        plainly(before.amount, before.currency) if before else "",
        placeholder=sample(chosen),
        max_chars=30,
        key=f"{key}_amount",
    )
    try:
        price = Price(kind=kind, amount=read_amount(said, chosen), currency=chosen)
    except FlowloomError as error:
        if said.strip():
            show_problem(error.problem)
        return Price.model_construct(kind=kind, amount=0, currency=chosen)
    _tell(price, flow_id)
    return price


def _tell(price: Price, flow_id: str) -> None:
    home = workspace()
    _, yours = home.selling.parts_of(price, home.team.owners.of("gpt", flow_id))
    amount = written(price.amount, price.currency, language())
    st.caption(plain(t(PAYS[price.kind], amount=amount, yours=written(yours, price.currency, language()))))
