"""For whoever looks after the store: orders to settle, and what builders have to get."""

from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial

import streamlit as st

from flowloom.earning.payouts import Due, as_csv
from flowloom.earning.settings import hidden
from flowloom.earning.words import STATES, bought_in, number_of
from flowloom.errors import FlowloomError
from flowloom.locales import translate
from flowloom.money import written
from flowloom.store.books import HOST
from flowloom.store.orders import Order
from flowloom.store.payouts import Payout
from flowloom.ui.edits import attempt
from flowloom.ui.formatting import ago
from flowloom.ui.messages import plain, show_problem
from flowloom.ui.session import language, t
from flowloom.workspace import workspace

SHOWN = 50


def draw_sales() -> None:
    selling = workspace().selling
    earned = selling.books.balances(HOST)
    if earned:
        told = " · ".join(written(amount, currency, language()) for currency, amount in earned.items())
        st.markdown(plain(t("Your share so far: {amounts}", amounts=told)))
    _draw_orders(t("Waiting for payment"), selling.orders.in_state("open", SHOWN), t("Nobody owes you anything."))
    _draw_search()
    _draw_orders(t("Paid"), selling.orders.in_state("paid", SHOWN), t("Nothing was sold yet."))
    st.subheader(t("Payouts"), anchor=False)
    _draw_due(workspace().paying_out.due())
    _draw_open(workspace().paying_out.store.in_state("open"))


def _draw_orders(title: str, orders: list[Order], nothing: str) -> None:
    st.subheader(title, anchor=False)
    if not orders:
        st.caption(nothing)
    for order in orders:
        _draw_order(order)


def _draw_order(order: Order, key: str = "") -> None:
    """An order with what can be done about it; `key` tells apart where it stands."""
    with st.container(border=True, horizontal=True, vertical_alignment="center"):
        amount = written(order.amount, order.currency, language()) if order.amount else t("by a code")
        state = translate(STATES[order.state], language()) if key else ""
        facts = " · ".join(filter(None, (plain(order.name), ago(order.paid or order.at), state)))
        st.markdown(
            f"**{number_of(order)}** · {plain(bought_in(order, language()))} · {plain(amount)}  \n:gray[{facts}]",
            width="stretch",
        )
        _draw_buttons(order, f"{key}{order.id}")


def _draw_buttons(order: Order, key: str) -> None:
    selling = workspace().selling
    if order.state == "open":
        if order.provider == "invoice":
            _button(t("Mark as paid"), "check", f"paid:{key}", lambda: _noted(order, "order_paid", selling.pay))
        _button(t("Cancel"), "close", f"cancel:{key}", lambda: _noted(order, "order_cancelled", selling.cancel))
    elif order.amount and order.state == "paid":
        with st.popover(t("Refund")):
            st.markdown(t("The buyer gets the money back and can’t use the GPT any more."))
            if order.provider == "invoice":
                st.markdown(t("Transfer it back yourself."))
            again = lambda: _noted(order, "order_refunded", selling.refund)  # noqa: E731
            _button(t("Refund it"), "undo", f"refund:{key}", again)


def _draw_search() -> None:
    """An order that is older than those that are drawn."""
    number = st.text_input(
        t("Find an order by its number"), max_chars=12, placeholder="00042", key="order_number"
    ).strip()
    if not number:
        return
    found = workspace().selling.orders.by_number(int(number)) if number.isascii() and number.isdigit() else None
    if found is None:
        st.caption(t("There is no order with this number."))
    else:
        _draw_order(found, "found:")


def _noted(order: Order, what: str, act: Callable[[str], object]) -> None:
    act(order.id)
    workspace().team.note(what, number_of(order))


def _button(label: str, icon: str, key: str, act: Callable[[], object]) -> None:
    st.button(label, icon=f":material/{icon}:", key=key, on_click=lambda: attempt(act))


def _draw_due(due: list[Due]) -> None:
    if not due:
        st.caption(t("No builder has anything to get."))
        return
    nowhere = t("no bank account yet")
    st.dataframe(
        {
            t("Builder"): [each.shown for each in due],
            t("Amount"): [written(each.amount, each.currency, language()) for each in due],
            t("Account"): [hidden(each.payee.iban) if each.payee else nowhere for each in due],
        },
        hide_index=True,
    )
    if any(each.payee for each in due):
        st.button(
            t("Prepare payouts"),
            icon=":material/payments:",
            type="primary",
            key="payouts_prepare",
            on_click=lambda: attempt(_set_aside),
        )


def _set_aside() -> None:
    made = workspace().paying_out.set_aside()
    workspace().team.note("payouts_prepared", str(len(made)))


def _draw_open(payouts: list[Payout]) -> None:
    if not payouts:
        return
    st.markdown(t("Prepared payouts: give one of these files to your bank, then say how each ended."))
    with st.container(horizontal=True):
        _draw_sepa(payouts)
        st.download_button(
            t("Payouts as CSV"), as_csv(payouts), "payouts.csv", "text/csv",
            icon=":material/table:", key="payouts_csv",
        )  # fmt: skip
    for each in payouts:
        with st.container(border=True, horizontal=True, vertical_alignment="center"):
            amount = written(each.amount, each.currency, language())
            st.markdown(f"{plain(each.name)} · {plain(amount)} · {hidden(each.iban)}", width="stretch")
            _button(t("It was paid"), "check", f"sent:{each.id}", partial(workspace().paying_out.paid, each.id))
            _button(
                t("It came back"), "undo", f"back:{each.id}", partial(workspace().paying_out.came_back, each.id)
            )


def _draw_sepa(payouts: list[Payout]) -> None:
    from flowloom.earning.sepa import as_sepa, by_sepa

    some = by_sepa(payouts)
    if not some:
        return
    try:
        found = as_sepa(workspace().selling.settings, some, datetime.now(UTC).date())
    except FlowloomError as error:
        show_problem(error.problem)
        return
    st.download_button(
        t("SEPA file (pain.001)"), found, "payouts.xml", "application/xml",
        icon=":material/account_balance:", key="payouts_sepa",
    )  # fmt: skip
