"""What a builder earned: what there is to get, each sale in words, statements to keep, and codes to give away."""

import streamlit as st

from flowloom.earning.settings import hidden
from flowloom.earning.statements import Statement, as_csv, months_of, statement_of
from flowloom.errors import FlowloomError
from flowloom.gallery.catalogue import Entry
from flowloom.money import written
from flowloom.store.books import of_builder
from flowloom.ui.edits import attempt
from flowloom.ui.messages import plain, show_problem
from flowloom.ui.session import language, t
from flowloom.ui.store.mine import my_account
from flowloom.workspace import workspace

NEW_CODES = "new_codes"


def draw_earnings() -> None:
    home = workspace()
    balances = home.selling.books.balances(of_builder(my_account()))
    priced = [each for each in home.gallery.catalogue.of_builder(my_account()) if each.price]
    if not balances:
        st.markdown(
            t("Nothing earned yet. What is sold appears here with each sale.")
            if priced
            else t("Nothing earned yet. Give a GPT a price where you publish it in the store.")
        )
    for currency, amount in balances.items():
        _draw_balance(currency, amount)
    if my_account():
        _draw_account()
    months = months_of(home.selling.books, my_account())
    if months:
        _draw_statement(months)
    if priced:
        _draw_codes(priced)


def _draw_balance(currency: str, amount: int) -> None:
    st.metric(t("Balance in {currency}", currency=currency), written(amount, currency, language()))
    if amount < 0:
        st.caption(
            t("You were paid more than you earned: a sale was refunded. It is taken from what you earn next.")
        )


def _draw_account() -> None:
    """Where somebody of a team is paid; whoever runs the app alone has the money already."""
    found = workspace().paying_out.store.payee(my_account())
    label = t("Paid to {account}", account=hidden(found.iban)) if found else t("Where should you be paid?")
    with st.expander(label, icon=":material/account_balance:"), st.form("payee", border=False):
        name = st.text_input(t("Account holder"), found.name if found else "", max_chars=70, key="payee_name")
        iban = st.text_input(
            "IBAN", max_chars=50, placeholder=hidden(found.iban) if found else "", key="payee_iban"
        )
        bic = st.text_input(t("BIC, if your bank asks for it"), found.bic if found else "", key="payee_bic")
        if st.form_submit_button(t("Save"), icon=":material/save:"):
            kept = iban if iban.strip() or not found else found.iban
            attempt(lambda: workspace().paying_out.keep_payee(my_account(), name, kept, bic))
            st.rerun()


def _draw_statement(months: list[str]) -> None:
    home = workspace()
    month = st.selectbox(t("Month"), months, key="earnings_month") or months[0]
    statement = statement_of(home.selling.books, home.selling.orders, my_account(), month, language())
    st.dataframe(
        {
            t("Date"): [each.day for each in statement.rows],
            t("What"): [each.said for each in statement.rows],
            t("Amount"): [written(each.amount, each.currency, language()) for each in statement.rows],
            t("Balance"): [written(each.balance, each.currency, language()) for each in statement.rows],
        },
        hide_index=True,
        width="stretch",
    )
    with st.container(horizontal=True):
        st.download_button(
            t("Statement as CSV"), as_csv(statement), f"statement-{month}.csv", "text/csv",
            icon=":material/table:", key="statement_csv",
        )  # fmt: skip
        _draw_pdf(statement, month)


def _draw_pdf(statement: Statement, month: str) -> None:
    try:
        from flowloom.earning.statement_pdf import as_pdf

        found = as_pdf(statement, _title(), workspace().selling.settings.name, language())
    except FlowloomError as error:
        show_problem(error.problem)
        return
    st.download_button(
        t("Statement as PDF"), found, f"statement-{month}.pdf", "application/pdf",
        icon=":material/picture_as_pdf:", key="statement_pdf",
    )  # fmt: skip


def _title() -> str:
    """Whose statement it is."""
    found = workspace().gallery.builders.of(my_account())
    payee = workspace().paying_out.store.payee(my_account())
    return payee.name if payee else found.shown if found else workspace().selling.settings.name


def _draw_codes(priced: list[Entry]) -> None:
    names = {each.flow: each.name or each.slug for each in priced}
    prices = {each.flow: each.price for each in priced}
    with st.expander(t("Codes to give away"), icon=":material/redeem:"):
        st.caption(t("Whoever has a code uses the GPT without paying. Each code works once."))
        flow = (
            st.selectbox(t("GPT"), list(names), format_func=lambda id: names[id], key="codes_for") or priced[0].flow
        )
        price = prices[flow]
        count = st.number_input(t("How many"), 1, 200, 5, key="codes_count")
        talks = 1
        if price and price.kind == "talk":
            talks = st.number_input(t("Conversations for each code"), 1, 100, 1, key="codes_talks")
        if st.button(t("Make codes"), icon=":material/add:", key="codes_make") and price:
            _make(flow, int(count), int(talks))
        _draw_new()
        _draw_kept(flow)


def _make(flow: str, count: int, talks: int) -> None:
    home = workspace()
    price = next(each.price for each in home.gallery.catalogue.entries() if each.flow == flow)

    def make() -> None:
        if price:
            st.session_state[NEW_CODES] = home.codes.make(flow, price, count, talks)

    attempt(make)


def _draw_new() -> None:
    """Codes just made; they are forgotten with the next change on the page."""
    codes = st.session_state.pop(NEW_CODES, None)
    if codes:
        st.warning(t("Copy these codes now: they can’t be shown again."), icon=":material/content_copy:")
        st.code("\n".join(codes), language=None)


def _draw_kept(flow: str) -> None:
    kept = workspace().codes.of(flow)
    if not kept:
        return
    free = sum(each.used is None for each in kept)
    st.caption(plain(t("{used} codes used, {free} not yet.", used=len(kept) - free, free=free)))
    if free:
        st.button(
            t("Withdraw unused codes"),
            icon=":material/block:",
            key="codes_withdraw",
            on_click=lambda: attempt(lambda: workspace().codes.withdraw(flow)),
        )
